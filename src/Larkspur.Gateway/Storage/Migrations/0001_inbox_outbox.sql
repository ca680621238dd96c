-- Times are Unix milliseconds. Text keys are the platform's own.

CREATE TABLE inbox (
  id            {identity}, -- also the order of arrival; never reused, because memory and logs refer to it
  platform      TEXT    NOT NULL,
  app           TEXT    NOT NULL,
  event_id      TEXT    NOT NULL,
  event_type    TEXT    NOT NULL,
  kind          INTEGER NOT NULL,               -- 0 event, 1 callback that expects an answer, 2 legacy card callback
  ordering_key  TEXT    NOT NULL,
  chat_id       TEXT,
  message_id    TEXT,
  person_id     TEXT,
  tenant_key    TEXT,
  trace_parent  TEXT,
  payload       {blob}    NOT NULL,               -- the event itself; the envelope with its verification token is not kept
  status        INTEGER NOT NULL DEFAULT 0,     -- 0 open, 1 finished
  outcome       TEXT,
  reason        TEXT,
  reference     TEXT    NOT NULL,
  attempts      INTEGER NOT NULL DEFAULT 0,
  effects       INTEGER NOT NULL DEFAULT 0,     -- how often a handler's effect was committed: 0 or 1
  duplicates    INTEGER NOT NULL DEFAULT 0,
  received_at   BIGINT  NOT NULL,
  finished_at   BIGINT
);

CREATE INDEX inbox_open ON inbox (id) WHERE status = 0;

-- What was seen before. Kept apart, under short keys: ids are random, so every look-up and every insert hits a page of its own, and the price
-- of an event stays flat as long as these pages fit the page cache (25 bytes a row, 25 MB a million; the ids as text would take 62).
CREATE TABLE inbox_seen (
  seen     {blob}    NOT NULL PRIMARY KEY,        -- 12 bytes of SHA-256 of the event id or message id, 4 of platform and app
  inbox_id BIGINT  NOT NULL
) {without_rowid};

CREATE TABLE outbox (
  id              {identity},
  platform        TEXT    NOT NULL,
  app             TEXT    NOT NULL,
  lane            TEXT    NOT NULL,             -- sent in order within a lane: the receiving chat, or the message that is changed
  operation       TEXT    NOT NULL,             -- create, reply, patch
  target_type     TEXT    NOT NULL,             -- chat_id, open_id, message_id
  target          TEXT    NOT NULL,
  message_type    TEXT    NOT NULL,
  content         TEXT    NOT NULL,
  idempotency_key TEXT    NOT NULL,
  inbox_id        BIGINT  NOT NULL,
  reference       TEXT    NOT NULL,
  trace_parent    TEXT,
  status          INTEGER NOT NULL DEFAULT 0,   -- 0 open, 1 sent, 2 dead, 3 held: a request carries it; open once that process has died
  attempts        INTEGER NOT NULL DEFAULT 0,
  not_before      BIGINT  NOT NULL,
  first_tried_at  BIGINT,
  created_at      BIGINT  NOT NULL,
  finished_at     BIGINT,
  message_id      TEXT,
  log_id          TEXT,
  reason          TEXT
);

CREATE INDEX outbox_open ON outbox (id) WHERE status = 0;
CREATE INDEX outbox_open_lane ON outbox (app, lane) WHERE status = 0;
CREATE INDEX outbox_dead ON outbox (id) WHERE status = 2;
CREATE INDEX outbox_held ON outbox (app, lane) WHERE status = 3;
CREATE UNIQUE INDEX outbox_key ON outbox (idempotency_key, app, platform);

CREATE TABLE bot_person (
  app         TEXT NOT NULL,
  person_id   TEXT NOT NULL,
  language    TEXT,
  welcomed_at BIGINT,
  PRIMARY KEY (app, person_id)
) {without_rowid};

CREATE TABLE demo_request (
  id              TEXT    NOT NULL PRIMARY KEY,
  app             TEXT    NOT NULL,
  requester       TEXT    NOT NULL,
  requester_name  TEXT,
  language        TEXT    NOT NULL,
  created_at      BIGINT  NOT NULL,
  decision        TEXT,                         -- approved, rejected
  decided_by      TEXT,
  decided_name    TEXT,
  decided_at      BIGINT,
  decided_clock   TEXT,                         -- the time as the deciding person's client shows it
  finance_by      TEXT,
  finance_name    TEXT,
  finance_clock   TEXT
) {without_rowid};

-- Written by the readiness check.
CREATE TABLE heartbeat (
  id    INTEGER PRIMARY KEY,
  beats BIGINT  NOT NULL
);
