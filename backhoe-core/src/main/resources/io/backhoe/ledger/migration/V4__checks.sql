-- What checks have found, append-only: before a run (pre), at its end (post), and whenever somebody asked (verify).
CREATE TABLE backhoe.check_result (
    check_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    run_id   bigint NOT NULL REFERENCES backhoe.run,
    at       timestamptz NOT NULL DEFAULT clock_timestamp(),
    phase    text NOT NULL CHECK (phase IN ('pre', 'post', 'verify')),
    name     text NOT NULL,
    verdict  text NOT NULL CHECK (verdict IN ('holds', 'fails', 'could_not_tell')),
    remark   text CHECK (remark IN ('warning', 'not_applicable')),
    evidence text NOT NULL,
    query    text
);
CREATE INDEX check_result_run ON backhoe.check_result (run_id, check_id);

-- What each chunk looked like before the run. metrics: a JSON object, column to what was counted; null where only rows were.
CREATE TABLE backhoe.baseline (
    run_id  bigint NOT NULL REFERENCES backhoe.run,
    chunk   integer NOT NULL,
    at      timestamptz NOT NULL DEFAULT clock_timestamp(),
    rows    bigint NOT NULL,
    metrics text,
    PRIMARY KEY (run_id, chunk)
);
