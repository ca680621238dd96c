-- What every process keeps in memory has a number here that rises with each change; the row is also the lock under which changes are made, one after another.
CREATE TABLE revision (
  name    TEXT   NOT NULL PRIMARY KEY,
  version BIGINT NOT NULL
) {without_rowid};

INSERT INTO revision (name, version) SELECT 'settings', COALESCE(MAX(version), 0) FROM setting;
INSERT INTO revision (name, version) VALUES ('webhooks', 0);

-- Business systems that administrators added at run time; those of the configuration are not here.
CREATE TABLE webhook (
  name            TEXT    NOT NULL PRIMARY KEY,
  url             TEXT    NOT NULL,           -- encrypted: its path may be a secret
  secret          TEXT    NOT NULL,           -- encrypted
  previous_secret TEXT,                       -- encrypted; signs as well until previous_until
  previous_until  BIGINT,
  events          TEXT    NOT NULL,           -- a JSON list of event types
  timeout_ms      BIGINT  NOT NULL,
  gone_at         BIGINT,                     -- it answered 410: it gets nothing until somebody switches it on again
  changed_at      BIGINT  NOT NULL,
  changed_by      TEXT    NOT NULL
) {without_rowid};

-- What was delivered to one destination, the newest first.
CREATE INDEX outbox_callbacks ON outbox (target, id) WHERE platform = 'callback';
