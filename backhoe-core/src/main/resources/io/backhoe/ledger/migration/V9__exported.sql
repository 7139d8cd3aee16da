-- Where the before-images of a run are besides this database; null where they are nowhere else.
ALTER TABLE backhoe.run ADD COLUMN backup text;

-- What is there: an object for each batch, entered in the batch's transaction. What has no entry here is nobody's.
CREATE TABLE backhoe.exported (
    run_id bigint NOT NULL REFERENCES backhoe.run,
    object text NOT NULL,
    chunk  integer NOT NULL,
    rows   bigint NOT NULL,
    bytes  bigint NOT NULL,
    sha256 text NOT NULL,
    PRIMARY KEY (run_id, object)
);
