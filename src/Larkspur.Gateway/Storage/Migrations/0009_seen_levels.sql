-- only: sqlite
-- The newest keys of what was seen are in memory and come into inbox_seen many at a time. It has all keys of the rows up to this one; those after it
-- are read back from inbox at the start.
CREATE TABLE inbox_merged (
  through BIGINT NOT NULL
);

INSERT INTO inbox_merged SELECT COALESCE(MAX(id), 0) FROM inbox;

ALTER TABLE inbox ADD COLUMN by_message INTEGER NOT NULL DEFAULT 0; -- 1: the row has the key of its message too
-- both
