-- What a rollback does with rows that somebody has changed since, and how many it has written over.
ALTER TABLE backhoe.run ADD COLUMN on_conflict text;
ALTER TABLE backhoe.segment ADD COLUMN overwritten bigint NOT NULL DEFAULT 0;

-- When the before-images were dropped.
ALTER TABLE backhoe.run ADD COLUMN purged_at timestamptz;

-- What tells whether two runs meet: the table under any name, and the column that the scope is a range of.
ALTER TABLE backhoe.run
    ADD COLUMN table_oid oid,
    ADD COLUMN scope_column text;

-- The fingerprint of the table that somebody has accepted in place of the planned one, a JSON array of lines.
ALTER TABLE backhoe.run ADD COLUMN accepted text;

-- Who, from where and why; what was and what became. hash is SHA-256 over the hash before it and the event.
ALTER TABLE backhoe.request ADD COLUMN why text;
ALTER TABLE backhoe.event
    ADD COLUMN who text,
    ADD COLUMN origin text,
    ADD COLUMN why text,
    ADD COLUMN was text,
    ADD COLUMN became text,
    ADD COLUMN seq bigint,
    ADD COLUMN hash text;

-- The end of a run's chain, and how many events it had before there was one.
ALTER TABLE backhoe.run
    ADD COLUMN events bigint NOT NULL DEFAULT 0,
    ADD COLUMN event_head text,
    ADD COLUMN events_before bigint NOT NULL DEFAULT 0;
UPDATE backhoe.run r SET events_before = (SELECT count(*) FROM backhoe.event e WHERE e.run_id = r.run_id);

CREATE FUNCTION backhoe.refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'backhoe.event is append-only' USING ERRCODE = 'insufficient_privilege';
END
$$;
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON backhoe.event
    FOR EACH STATEMENT EXECUTE FUNCTION backhoe.refuse_change();
