-- Dead letters that are old enough to be forgotten are found at once, however many wait that are not.
-- only: sqlite
CREATE INDEX inbox_dead_at ON inbox (finished_at) WHERE status = 2;
CREATE INDEX outbox_dead_at ON outbox (finished_at) WHERE status = 2;
-- both
-- only: postgresql
-- Large tables are not read through before the gateway starts: it makes these while it works, without blocking (job "upkeep").
DO $$
BEGIN
  IF pg_relation_size('inbox') + pg_relation_size('outbox') < 100000000 THEN
    CREATE INDEX inbox_dead_at ON inbox (finished_at) WHERE status = 2;
    CREATE INDEX outbox_dead_at ON outbox (finished_at) WHERE status = 2;
  END IF;
END $$;
-- both

-- A destination that is being taken away: its backlog ends a batch at a time, and its row goes with the last.
ALTER TABLE webhook ADD COLUMN removed_at BIGINT;
ALTER TABLE webhook ADD COLUMN removed_by TEXT;
