-- Business notifications: their types, what was asked for, and what became of each recipient's card.

CREATE TABLE notification_type (
  name       TEXT   NOT NULL PRIMARY KEY,
  definition TEXT   NOT NULL,                 -- JSON, as PUT takes it
  changed_at BIGINT NOT NULL,
  changed_by TEXT   NOT NULL
) {without_rowid};

CREATE TABLE notification (
  id           {identity},
  public_id    TEXT    NOT NULL,              -- nt…; stands on the cards, too
  app          TEXT    NOT NULL,
  event        TEXT    NOT NULL,
  matter       TEXT,                          -- the business object: PR-2026-0001
  caller_key   TEXT    NOT NULL,              -- Idempotency-Key
  body_hash    TEXT    NOT NULL,
  requested_by TEXT    NOT NULL,
  state        TEXT    NOT NULL,              -- open, decided, settled, recalled, switched_off
  test         INTEGER NOT NULL,
  quiet        TEXT    NOT NULL,              -- urgent, normal, digest
  model        TEXT    NOT NULL,              -- the filled CardMessage, JSON; empty when switched off
  decides      INTEGER NOT NULL,              -- 1: the card asks for a decision
  approvers    TEXT    NOT NULL,              -- ids of those who may decide, JSON
  callback     TEXT,                          -- the destination that hears the decision; null: all that want it
  applicant    TEXT,                          -- who hears the decision in the chat, JSON
  face         INTEGER NOT NULL,              -- which face the cards should show: rises with each change
  decision     TEXT,                          -- approved, rejected
  comment      TEXT,
  decided_by   TEXT,                          -- JSON
  decided_at   BIGINT,
  settled      TEXT,                          -- what the cards say since somebody settled them, JSON
  reminders    INTEGER NOT NULL DEFAULT 0,
  remind_key   TEXT,
  reminded_at  BIGINT,
  created_at   BIGINT  NOT NULL
);

CREATE UNIQUE INDEX notification_public ON notification (public_id);
CREATE UNIQUE INDEX notification_key ON notification (caller_key, app);
CREATE INDEX notification_matter ON notification (matter, id);
CREATE INDEX notification_age ON notification (created_at);

CREATE TABLE notification_delivery (
  id           {identity},
  notification BIGINT  NOT NULL,
  position     INTEGER NOT NULL,
  app          TEXT    NOT NULL,
  recipient    TEXT    NOT NULL,              -- as it was named, JSON
  target_type  TEXT    NOT NULL,              -- open_id, user_id, union_id, chat_id; empty: unknown
  target       TEXT    NOT NULL,
  person       TEXT,                          -- who it is, JSON
  state        TEXT    NOT NULL,              -- waiting, queued (its outbox row says more), sent, degraded, failed, discarded, unknown_recipient
  digest       INTEGER NOT NULL DEFAULT 0,    -- 1: it goes, or went, as a line of a digest
  due_at       BIGINT,                        -- when a waiting one leaves
  outbox_id    BIGINT,
  recall_id    BIGINT,                        -- the outbox row that takes it back
  message_id   TEXT,
  reason       TEXT,
  sent_at      BIGINT,
  read_at      BIGINT,
  face         INTEGER NOT NULL,              -- the face it shows, or will show when what is queued has left
  behind       INTEGER NOT NULL DEFAULT 0     -- 1: it was on its way when the face changed
);

CREATE UNIQUE INDEX notification_delivery_of ON notification_delivery (notification, position);
CREATE INDEX notification_delivery_due ON notification_delivery (due_at) WHERE state = 'waiting';
CREATE INDEX notification_delivery_queued ON notification_delivery (id) WHERE state = 'queued';
CREATE INDEX notification_delivery_behind ON notification_delivery (notification) WHERE behind = 1;
CREATE INDEX notification_delivery_unread ON notification_delivery (app, target) WHERE read_at IS NULL;

CREATE TABLE notification_click (
  id           {identity},
  notification BIGINT NOT NULL,
  app          TEXT   NOT NULL,
  event_id     TEXT   NOT NULL,
  action       TEXT   NOT NULL,
  outcome      TEXT   NOT NULL,               -- done, asked (for the reason), repeated, refused, incomplete, switched_off
  person_id    TEXT   NOT NULL,
  person_name  TEXT,
  message_id   TEXT,
  reference    TEXT   NOT NULL,
  at           BIGINT NOT NULL
);

CREATE UNIQUE INDEX notification_click_event ON notification_click (event_id, app);
CREATE INDEX notification_click_of ON notification_click (notification, id);
