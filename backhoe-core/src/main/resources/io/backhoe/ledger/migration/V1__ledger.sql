-- The ledger: what Backhoe knows of its plans and runs. It lives beside the data that it changes, so that a position and
-- the rows it stands for commit together.

CREATE TABLE backhoe.plan (
    hash       text PRIMARY KEY,
    name       text NOT NULL,
    document   text NOT NULL,
    created_at timestamptz NOT NULL DEFAULT now()
);

CREATE TABLE backhoe.run (
    run_id       bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    name         text NOT NULL,
    plan_hash    text NOT NULL REFERENCES backhoe.plan,
    table_name   text NOT NULL,
    columns      text NOT NULL,
    scope_start  timestamp NOT NULL,
    scope_end    timestamp NOT NULL,
    timezone     text NOT NULL,
    state        text NOT NULL,
    reason       text,
    exit_code    integer,
    phase        text NOT NULL DEFAULT 'run' CHECK (phase IN ('run', 'undo')),
    epoch        integer NOT NULL DEFAULT 0,
    requested_by text NOT NULL,
    executor     text,
    heartbeat_at timestamptz,
    created_at   timestamptz NOT NULL DEFAULT now(),
    started_at   timestamptz,
    ended_at     timestamptz
) WITH (fillfactor = 50);
CREATE INDEX run_name ON backhoe.run (name);

CREATE TABLE backhoe.chunk (
    run_id         bigint NOT NULL REFERENCES backhoe.run,
    chunk          integer NOT NULL,
    chunk_id       text NOT NULL,
    shown_start    timestamp NOT NULL,
    shown_end      timestamp NOT NULL,
    range_start    text NOT NULL,
    range_end      text NOT NULL,
    estimated_rows bigint NOT NULL,
    state          text NOT NULL DEFAULT 'pending',
    reason         text,
    error          text,
    sqlstate       text,
    attempts       integer NOT NULL DEFAULT 0,
    undo_asked     boolean NOT NULL DEFAULT false,
    started_at     timestamptz,
    ended_at       timestamptz,
    PRIMARY KEY (run_id, chunk),
    UNIQUE (run_id, chunk_id)
) WITH (fillfactor = 70);

-- position: the last key that is done, as a JSON array of texts; null before the first batch. upto: the last key that is
-- meant; null is the end of the chunk. seq counts the transactions that moved the segment.
CREATE TABLE backhoe.segment (
    run_id      bigint NOT NULL,
    phase       text NOT NULL,
    chunk       integer NOT NULL,
    segment     integer NOT NULL,
    epoch       integer NOT NULL,
    seq         bigint NOT NULL DEFAULT 0,
    position    text,
    upto        text,
    done        boolean NOT NULL DEFAULT false,
    examined    bigint NOT NULL DEFAULT 0,
    changed     bigint NOT NULL DEFAULT 0,
    PRIMARY KEY (run_id, phase, chunk, segment),
    FOREIGN KEY (run_id, chunk) REFERENCES backhoe.chunk
) WITH (fillfactor = 50);

CREATE TABLE backhoe.attempt (
    attempt_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    run_id     bigint NOT NULL,
    chunk      integer NOT NULL,
    segment    integer NOT NULL,
    at         timestamptz NOT NULL DEFAULT now(),
    batch_rows integer NOT NULL,
    sqlstate   text NOT NULL,
    message    text NOT NULL,
    detail     text
);
CREATE INDEX attempt_run ON backhoe.attempt (run_id, chunk);

-- A row that could not be changed. It lies after after_key up to row_key, alone at the time.
CREATE TABLE backhoe.quarantine (
    quarantine_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    run_id        bigint NOT NULL,
    chunk         integer NOT NULL,
    after_key     text,
    row_key       text NOT NULL,
    at            timestamptz NOT NULL DEFAULT now(),
    sqlstate      text NOT NULL,
    message       text NOT NULL,
    detail        text,
    released_at   timestamptz
);
CREATE INDEX quarantine_run ON backhoe.quarantine (run_id, chunk);

CREATE TABLE backhoe.event (
    event_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    run_id   bigint NOT NULL,
    at       timestamptz NOT NULL DEFAULT now(),
    kind     text NOT NULL,
    chunk    integer,
    message  text NOT NULL
);
CREATE INDEX event_run ON backhoe.event (run_id, event_id);

CREATE TABLE backhoe.request (
    request_id   bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    run_id       bigint NOT NULL,
    verb         text NOT NULL,
    requested_by text NOT NULL,
    at           timestamptz NOT NULL DEFAULT now(),
    handled_at   timestamptz,
    outcome      text
);
CREATE INDEX request_open ON backhoe.request (run_id) WHERE handled_at IS NULL;
