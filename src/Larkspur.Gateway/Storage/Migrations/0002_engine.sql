-- Work is divided by the hash of the ordering key into 64 partitions; a process works on those whose lease it holds.
ALTER TABLE inbox ADD COLUMN part INTEGER NOT NULL DEFAULT 0;
ALTER TABLE inbox ADD COLUMN waiting_node TEXT;               -- the process whose request waits for the answer to this click
ALTER TABLE inbox ADD COLUMN answer TEXT;                     -- that answer, when another process has made it
ALTER TABLE inbox ADD COLUMN not_before BIGINT NOT NULL DEFAULT 0; -- when a failed event is tried again

ALTER TABLE outbox ADD COLUMN part INTEGER NOT NULL DEFAULT 0;
ALTER TABLE outbox ADD COLUMN rank INTEGER NOT NULL DEFAULT 0; -- 0 what somebody waits for, 1 frames in between, 2 what can wait
ALTER TABLE outbox ADD COLUMN held_by TEXT;                   -- the process whose request carries what this row says

-- only: postgresql
-- Before an event is handled: is there an earlier one of its key that another process has recorded?
CREATE INDEX inbox_open_key ON inbox (ordering_key, app, id) WHERE status = 0;
-- both

CREATE TABLE lease (
  part       INTEGER NOT NULL PRIMARY KEY,
  token      BIGINT  NOT NULL DEFAULT 0,                      -- grows whenever the partition changes hands; writes name the one they were begun under
  node       TEXT,
  expires_at BIGINT  NOT NULL DEFAULT 0                       -- by the database's clock
) {without_rowid};

INSERT INTO lease (part)
WITH RECURSIVE n(i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i < 63) SELECT i FROM n;

-- Processes on this database.
CREATE TABLE node (
  id         TEXT    NOT NULL PRIMARY KEY,
  host       TEXT    NOT NULL,
  version    TEXT    NOT NULL,
  knows      INTEGER NOT NULL,                                -- the newest schema that its program knows
  started_at BIGINT  NOT NULL,
  expires_at BIGINT  NOT NULL
) {without_rowid};
