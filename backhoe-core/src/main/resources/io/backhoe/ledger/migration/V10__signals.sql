-- What the signals of a run said last, for people; in the order of their places.
CREATE TABLE backhoe.signal (
    run_id bigint NOT NULL REFERENCES backhoe.run,
    signal text NOT NULL,
    place  integer NOT NULL,
    at     timestamptz NOT NULL,
    value  text NOT NULL,
    "limit" text NOT NULL,
    cure   text NOT NULL,
    PRIMARY KEY (run_id, signal)
) WITH (fillfactor = 50);

-- What table, indexes and before-images took when the run began: its budget of the disk is counted from there.
ALTER TABLE backhoe.run ADD COLUMN bytes_at_first bigint;
