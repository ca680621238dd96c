-- Reads that came before their message was known, reminders by an urgent push, settling a matter step by step, and who an Idempotency-Key belongs to.

CREATE TABLE notification_early_read (
  app        TEXT   NOT NULL,
  message_id TEXT   NOT NULL,
  reader     TEXT   NOT NULL,                   -- the reader's ids, JSON
  read_at    BIGINT NOT NULL,
  kept_at    BIGINT NOT NULL,
  PRIMARY KEY (app, message_id)
) {without_rowid};

CREATE INDEX notification_early_read_age ON notification_early_read (kept_at);

-- A matter that is being settled: a row is there from the request until its last notification is done.
CREATE TABLE notification_settling (
  id         {identity},
  matter     TEXT   NOT NULL,
  event      TEXT,
  settled    TEXT   NOT NULL,                   -- what the cards say, JSON
  who        TEXT   NOT NULL,
  address    TEXT,
  after_id   BIGINT NOT NULL,                   -- notifications up to this one are done
  up_to      BIGINT NOT NULL,                   -- the newest one when it was asked for
  created_at BIGINT NOT NULL
);

-- The outbox row of the last reminder, and whether that was an urgent push.
ALTER TABLE notification_delivery ADD COLUMN remind_id BIGINT;
ALTER TABLE notification_delivery ADD COLUMN remind_urgent INTEGER NOT NULL DEFAULT 0;

-- What is left of a key's calls, shared by all processes: 60000 to a call, filled up by requests_per_minute to a millisecond.
ALTER TABLE api_key ADD COLUMN budget BIGINT;
ALTER TABLE api_key ADD COLUMN budget_at BIGINT;

-- Requests from before keys belonged to their callers.
ALTER TABLE approval_request ADD COLUMN unowned INTEGER NOT NULL DEFAULT 0;
UPDATE approval_request SET unowned = 1;

-- Up to which outbox row idempotency keys belong to nobody.
CREATE TABLE outbox_unowned (
  up_to BIGINT NOT NULL
);
INSERT INTO outbox_unowned (up_to) SELECT COALESCE(MAX(id), 0) FROM outbox;
