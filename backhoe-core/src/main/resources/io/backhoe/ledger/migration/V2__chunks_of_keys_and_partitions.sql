-- A chunk may be a stretch of keys or a partition, with or without dates, and a scope may have no dates at all.

ALTER TABLE backhoe.run ALTER COLUMN scope_start DROP NOT NULL;
ALTER TABLE backhoe.run ALTER COLUMN scope_end DROP NOT NULL;

-- after_key and upto_key as position and upto of a segment.
ALTER TABLE backhoe.chunk
    ALTER COLUMN shown_start DROP NOT NULL,
    ALTER COLUMN shown_end DROP NOT NULL,
    ALTER COLUMN range_start DROP NOT NULL,
    ALTER COLUMN range_end DROP NOT NULL,
    ADD COLUMN after_key text,
    ADD COLUMN upto_key text,
    ADD COLUMN partition text;
