-- Dead letters of the inbox with their story; what the watchdog has reported; whom an outage was told to.
ALTER TABLE inbox ADD COLUMN created_at BIGINT;               -- when the platform made the event, where it says so
ALTER TABLE inbox ADD COLUMN life INTEGER NOT NULL DEFAULT 0; -- how often it was replayed: each life has idempotency keys of its own
ALTER TABLE inbox ADD COLUMN replayed_at BIGINT;
ALTER TABLE inbox ADD COLUMN overdue_at BIGINT;               -- when the watchdog reported it
ALTER TABLE outbox ADD COLUMN overdue_at BIGINT;

-- status 2 of the inbox: dead. status 4 of the outbox: discarded.
UPDATE inbox SET status = 2 WHERE status = 1 AND outcome IN ('failed', 'failed_told');

CREATE INDEX inbox_dead ON inbox (id) WHERE status = 2;
CREATE INDEX outbox_inbox ON outbox (inbox_id);               -- grows at its right end

CREATE TABLE row_story (
  id      {identity},
  box     TEXT   NOT NULL,                                    -- inbox, outbox
  row_id  BIGINT NOT NULL,
  at      BIGINT NOT NULL,
  what    TEXT   NOT NULL,                                    -- failed, dead, replayed, discarded
  life    INTEGER NOT NULL,
  attempt INTEGER,
  who     TEXT   NOT NULL,                                    -- the process that tried it; api
  error   TEXT,                                               -- the exception's type
  message TEXT,
  stack   TEXT
);

CREATE INDEX row_story_row ON row_story (row_id, box, id);

-- The one sentence per chat and outage: what was written before it was told needs no second one.
CREATE TABLE stale_notice (
  app     TEXT   NOT NULL,
  chat_id TEXT   NOT NULL,
  told_at BIGINT NOT NULL,
  PRIMARY KEY (app, chat_id)
) {without_rowid};
