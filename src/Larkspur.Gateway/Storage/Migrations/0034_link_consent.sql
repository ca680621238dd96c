-- Two accounts become one person when the one whose code was typed says so, and everybody concerned is told; for a day it can be undone.

-- The platform does not say that they are a member of the company whose app they write to.
ALTER TABLE person_account ADD COLUMN is_external INTEGER NOT NULL DEFAULT 0;

-- Codes from before name no account that could be asked. They were good for ten minutes.
DELETE FROM person_link;
ALTER TABLE person_link ADD COLUMN account BIGINT NOT NULL DEFAULT 0;   -- that made it
ALTER TABLE person_link ADD COLUMN contact TEXT NOT NULL DEFAULT '';    -- where it is asked, JSON

-- Somebody typed a code, and the account that made it is asked.
CREATE TABLE person_link_request (
  id            TEXT   NOT NULL PRIMARY KEY,  -- lr_ and 32 hex digits; only the asked chat knows it
  account       BIGINT NOT NULL,              -- that made the code: it alone may confirm
  contact       TEXT   NOT NULL,              -- where it is asked, JSON
  other         BIGINT NOT NULL,              -- that typed the code
  other_contact TEXT   NOT NULL,
  hash          TEXT   NOT NULL,              -- of the code: typed again, it is found asked already
  created_at    BIGINT NOT NULL,
  expires_at    BIGINT NOT NULL,
  ended_at      BIGINT,
  outcome       TEXT                          -- confirmed, refused, expired; null: open
) {without_rowid};

CREATE UNIQUE INDEX person_link_request_open ON person_link_request (account) WHERE ended_at IS NULL;
CREATE INDEX person_link_request_hash ON person_link_request (hash);

-- Requests say what these said.
DROP TABLE person_link_used;

-- Two people who became one, with what is needed to make two of them again.
CREATE TABLE person_join (
  id                 TEXT   NOT NULL PRIMARY KEY,  -- jo_ and 32 hex digits
  person             TEXT   NOT NULL,              -- who remained
  former             TEXT   NOT NULL,              -- who became part of them
  former_seq         BIGINT NOT NULL,
  former_created_at  BIGINT NOT NULL,
  former_disabled_at BIGINT,
  person_disabled_at BIGINT,                       -- of who remained, before
  how                TEXT   NOT NULL,              -- code, verified_email, administrator
  joined_by          TEXT   NOT NULL,
  joined_at          BIGINT NOT NULL,
  undo_until         BIGINT NOT NULL,
  undone_at          BIGINT,
  undone_by          TEXT
) {without_rowid};

CREATE INDEX person_join_person ON person_join (person);
CREATE INDEX person_join_former ON person_join (former);

-- What was the former person's, room by room.
CREATE TABLE person_join_row (
  join_id TEXT   NOT NULL,
  kind    TEXT   NOT NULL,                         -- account, alias, turn, web_session…
  row_id  BIGINT NOT NULL,                         -- 0: it has a name
  name    TEXT   NOT NULL DEFAULT '',
  value   TEXT,
  PRIMARY KEY (join_id, kind, row_id, name)
) {without_rowid};

-- The person whom a session was begun for by id; null: for an issuer's subject.
ALTER TABLE web_session ADD COLUMN named TEXT;
UPDATE web_session SET named = person WHERE subject IS NULL;
