-- What administrators set at run time, and who did what.

CREATE TABLE setting (
  name       TEXT   NOT NULL PRIMARY KEY,
  value      TEXT   NOT NULL,                 -- secrets are encrypted by the key ring
  version    BIGINT NOT NULL,                 -- of the whole set: each change has a higher one
  changed_at BIGINT NOT NULL,
  changed_by TEXT   NOT NULL
) {without_rowid};

CREATE TABLE audit (
  id      {identity},
  at      BIGINT NOT NULL,
  who     TEXT   NOT NULL,                    -- console:anna, key:mica, system
  what    TEXT   NOT NULL,                    -- setting.changed, account.locked…
  subject TEXT,                               -- what it was done to
  detail  TEXT,                               -- JSON; never a secret
  address TEXT                                -- where it was asked from
);

CREATE INDEX audit_at ON audit (at);
CREATE INDEX audit_subject ON audit (subject, id);
