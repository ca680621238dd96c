-- Sessions of the web chat: a business system begins one for a person, whose browser holds its token.
CREATE TABLE web_session (
  id         {identity},
  session    TEXT   NOT NULL,                -- ws_ and 32 hex digits; no secret
  hash       TEXT   NOT NULL,                -- SHA-256 of the token, which is kept nowhere
  person     TEXT   NOT NULL,                -- whose it is now
  issuer     TEXT,                           -- whose subject it was begun for; null: for the person itself
  subject    TEXT,
  name       TEXT,
  email      TEXT,                           -- verified by the system that began it
  language   TEXT,                           -- zh_cn, en_us; null: the browser's
  origins    TEXT   NOT NULL,                -- sites whose pages may embed it, JSON
  created_at BIGINT NOT NULL,
  created_by TEXT   NOT NULL,
  expires_at BIGINT NOT NULL,
  revoked_at BIGINT,
  revoked_by TEXT
);

CREATE UNIQUE INDEX web_session_session ON web_session (session);
CREATE UNIQUE INDEX web_session_hash ON web_session (hash);
CREATE INDEX web_session_person ON web_session (person, id);
CREATE INDEX web_session_expires ON web_session (expires_at);

-- The web chat of a person. Changes of it are numbered one after another under its row's lock: who has seen one has seen all before it.
CREATE TABLE web_chat (
  person TEXT   NOT NULL PRIMARY KEY,
  seq    BIGINT NOT NULL
) {without_rowid};

CREATE TABLE web_message (
  id        {identity},
  person    TEXT    NOT NULL,
  seq       BIGINT  NOT NULL,                -- its place in the chat: the change that began it
  changed   BIGINT  NOT NULL,                -- the newest change of it
  kind      INTEGER NOT NULL,                -- 0 question, 1 words, 2 answer
  key       TEXT    NOT NULL,                -- what it is for: once each
  session   TEXT,                            -- that a question was asked in
  turn      TEXT,                            -- that an answer is of
  state     INTEGER NOT NULL,                -- 0: the answer is being written; 1: it is as it stays
  text      TEXT    NOT NULL,
  face      TEXT    NOT NULL,                -- what stands around the text, JSON
  reference TEXT    NOT NULL,
  at        BIGINT  NOT NULL
);

CREATE UNIQUE INDEX web_message_key ON web_message (key);
CREATE INDEX web_message_changed ON web_message (person, changed);
CREATE INDEX web_message_seq ON web_message (person, seq);
CREATE INDEX web_message_open ON web_message (person) WHERE state = 0;
CREATE INDEX web_message_at ON web_message (at) WHERE state = 1;
