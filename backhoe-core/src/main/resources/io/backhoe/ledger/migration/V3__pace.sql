-- What people have tuned; it holds until somebody tunes again, also for whoever goes on with the run.
ALTER TABLE backhoe.run
    ADD COLUMN workers integer,
    ADD COLUMN batch_ms integer;
ALTER TABLE backhoe.request
    ADD COLUMN workers integer,
    ADD COLUMN batch_ms integer;

-- How fast a run is and what keeps it from being faster, as its executor said last; null where it cannot tell yet.
CREATE TABLE backhoe.pace (
    run_id          bigint PRIMARY KEY REFERENCES backhoe.run,
    at              timestamptz NOT NULL,
    workers         integer NOT NULL,
    busy            integer NOT NULL,
    batch_target_ms integer NOT NULL,
    batch_ms        integer,
    batch_rows      integer,
    rows_per_second double precision,
    left_low_ms     bigint,
    left_high_ms    bigint,
    limit_signal    text NOT NULL,
    limit_value     text NOT NULL,
    limit_limit     text NOT NULL
) WITH (fillfactor = 50);

-- What workers could not use for work, and why.
CREATE TABLE backhoe.lost_time (
    run_id bigint NOT NULL REFERENCES backhoe.run,
    reason text NOT NULL,
    times  bigint NOT NULL,
    ms     bigint NOT NULL,
    PRIMARY KEY (run_id, reason)
) WITH (fillfactor = 50);
