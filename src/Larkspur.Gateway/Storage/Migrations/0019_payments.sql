-- Payments that are approved on the platform: each is a saga with its own record.

CREATE TABLE payment (
  id             TEXT   NOT NULL PRIMARY KEY,
  app            TEXT   NOT NULL,
  request_key    TEXT   NOT NULL,               -- the caller's Idempotency-Key
  request_hash   TEXT   NOT NULL,               -- of the body under it: another body is refused
  number         TEXT   NOT NULL,               -- the business system's own number
  title          TEXT,
  amount         TEXT   NOT NULL,               -- decimal
  currency       TEXT   NOT NULL,
  payee          TEXT,
  submitter      TEXT   NOT NULL,               -- JSON: open_id, user_id, name
  callback       TEXT,                          -- the destination that is told; NULL: all that listen
  approval_code  TEXT   NOT NULL,
  uuid           TEXT   NOT NULL,               -- of the instance, and the key of the creating call
  instance_code  TEXT,                          -- NULL until the platform's answer, or an event, told it
  state          TEXT   NOT NULL,               -- submitting, pending, approved, rejected, canceled, deleted, reverted, failed
  version        BIGINT NOT NULL,               -- higher once a decision is undone
  state_at       BIGINT NOT NULL,               -- the platform's time of the state
  reason         TEXT,                          -- why it failed
  requested_by   TEXT   NOT NULL,
  reference      TEXT   NOT NULL,
  created_at     BIGINT NOT NULL,
  changed_at     BIGINT NOT NULL,
  check_at       BIGINT,                        -- when the platform is asked next; NULL: never again
  touched        BIGINT NOT NULL DEFAULT 0      -- counts the transactions that had it
) {without_rowid};

CREATE UNIQUE INDEX payment_request ON payment (request_key, app);
CREATE UNIQUE INDEX payment_uuid ON payment (uuid);
CREATE INDEX payment_instance ON payment (instance_code);
CREATE INDEX payment_number ON payment (number);
CREATE INDEX payment_age ON payment (created_at);
CREATE INDEX payment_check ON payment (check_at);

CREATE TABLE payment_line (
  id       {identity},
  payment  TEXT   NOT NULL,
  line_key TEXT   NOT NULL,                     -- what happened, by a name of its own: noted once
  at       BIGINT NOT NULL,
  what     TEXT   NOT NULL,
  version  BIGINT NOT NULL,
  source   TEXT   NOT NULL,                     -- request, create, event, reconciliation, operator
  open_id  TEXT,
  user_id  TEXT,
  detail   TEXT
);

CREATE UNIQUE INDEX payment_line_once ON payment_line (payment, line_key);

CREATE TABLE payment_callback (
  id          {identity},
  payment     TEXT   NOT NULL,
  version     BIGINT NOT NULL,
  type        TEXT   NOT NULL,                  -- payment.decided, payment.failed
  destination TEXT   NOT NULL,
  outbox_id   BIGINT NOT NULL,
  webhook_id  TEXT   NOT NULL
);

CREATE UNIQUE INDEX payment_callback_once ON payment_callback (payment, version, type, destination);

-- What is known of an approval code: whether its events come, and when its form changed.
CREATE TABLE approval_code (
  app           TEXT   NOT NULL,
  code          TEXT   NOT NULL,
  subscription  TEXT   NOT NULL DEFAULT 'none', -- none, wanted, active, refused, removed
  reason        TEXT,
  attempts      BIGINT NOT NULL DEFAULT 0,
  changed_at    BIGINT,
  next_at       BIGINT,
  definition_at BIGINT,                         -- when the platform last told of another definition
  scanned_to    BIGINT,                         -- up to when its instances were compared with the payments
  PRIMARY KEY (app, code)
) {without_rowid};

-- Approval instances that were asked for directly: a repeat under one Idempotency-Key is the same one.
CREATE TABLE approval_request (
  app           TEXT   NOT NULL,
  request_key   TEXT   NOT NULL,
  request_hash  TEXT   NOT NULL,
  created_at    BIGINT NOT NULL,
  instance_code TEXT,
  PRIMARY KEY (app, request_key)
) {without_rowid};

CREATE INDEX approval_request_age ON approval_request (created_at);
