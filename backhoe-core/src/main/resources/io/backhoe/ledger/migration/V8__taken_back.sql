-- When what a chunk had changed was taken back.
ALTER TABLE backhoe.chunk ADD COLUMN undone_at timestamptz;
