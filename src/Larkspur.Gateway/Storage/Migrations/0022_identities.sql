-- One id per person over all platforms: their accounts there, what was merged, and who may use what.

CREATE TABLE person (
  seq         {identity},
  id          TEXT   NOT NULL,                -- pe_ and 32 hex digits
  disabled_at BIGINT,
  created_at  BIGINT NOT NULL
);

CREATE UNIQUE INDEX person_id ON person (id);

-- An account on a platform: all ids that the platform tells of one sender.
CREATE TABLE person_account (
  id         {identity},
  person     TEXT    NOT NULL,
  platform   TEXT    NOT NULL,
  app        TEXT    NOT NULL,
  name       TEXT,
  email      TEXT,                            -- of the platform's directory, never the person's own claim; lower case
  conflict   TEXT,                            -- ids that belong to other people, as it was last reported; JSON
  apart      INTEGER NOT NULL DEFAULT 0,      -- 1: it was unlinked by somebody, and is not linked by its e-mail again
  created_at BIGINT  NOT NULL,
  seen_at    BIGINT  NOT NULL                 -- to about a day
);

CREATE INDEX person_account_person ON person_account (person);
CREATE INDEX person_account_email ON person_account (email);

CREATE TABLE person_identity (
  platform TEXT    NOT NULL,
  scope    TEXT    NOT NULL,                  -- where the value is unique: app, corp, issuer
  kind     TEXT    NOT NULL,
  compared TEXT    NOT NULL,                  -- the value as it is compared
  value    TEXT    NOT NULL,                  -- as the platform writes it
  account  BIGINT  NOT NULL,
  place    INTEGER NOT NULL,                  -- the first of an account is its main one
  PRIMARY KEY (platform, scope, kind, compared)
) {without_rowid};

CREATE INDEX person_identity_account ON person_identity (account);

-- Ids of people who became others: what was written under them is found by them for ever.
CREATE TABLE person_alias (
  id        TEXT   NOT NULL PRIMARY KEY,
  person    TEXT   NOT NULL,                  -- who it is now; never itself an alias
  merged_at BIGINT NOT NULL
) {without_rowid};

CREATE INDEX person_alias_person ON person_alias (person);

CREATE TABLE person_link (
  person     TEXT   NOT NULL PRIMARY KEY,
  hash       TEXT   NOT NULL,                 -- of the one-time code
  expires_at BIGINT NOT NULL
) {without_rowid};

CREATE UNIQUE INDEX person_link_hash ON person_link (hash);

CREATE TABLE person_link_try (
  person TEXT    NOT NULL PRIMARY KEY,
  tries  INTEGER NOT NULL,                    -- wrong codes since then
  since  BIGINT  NOT NULL
) {without_rowid};

CREATE TABLE permission_rule (
  name       TEXT   NOT NULL PRIMARY KEY,
  definition TEXT   NOT NULL,                 -- JSON, as PUT takes it
  version    BIGINT NOT NULL,                 -- of the whole set: each change has a higher one
  changed_at BIGINT NOT NULL,
  changed_by TEXT   NOT NULL
) {without_rowid};

CREATE TABLE permission_role (
  name       TEXT   NOT NULL PRIMARY KEY,
  people     TEXT   NOT NULL,                 -- ids of people, JSON
  version    BIGINT NOT NULL,
  changed_at BIGINT NOT NULL,
  changed_by TEXT   NOT NULL
) {without_rowid};

INSERT INTO revision (name, version) VALUES ('people', 0);
INSERT INTO revision (name, version) VALUES ('permissions', 0);
