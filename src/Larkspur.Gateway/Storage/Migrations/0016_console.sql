-- People who may use the console.

CREATE TABLE account (
  name          TEXT    NOT NULL PRIMARY KEY,  -- in lower case
  display_name  TEXT    NOT NULL,
  password      TEXT    NOT NULL,              -- hashed
  role          TEXT    NOT NULL,              -- auditor, operator, admin
  language      TEXT,                          -- zh, en; null: the browser's
  theme         TEXT,                          -- light, dark; null: the browser's
  failures      INTEGER NOT NULL,              -- log-ins refused in a row
  locked_until  BIGINT,
  stamp         TEXT    NOT NULL,              -- another one ends all sessions
  created_at    BIGINT  NOT NULL,
  last_log_in   BIGINT,
  disabled      INTEGER NOT NULL
) {without_rowid};

CREATE TABLE console_session (
  id         TEXT   NOT NULL PRIMARY KEY,      -- hash of what the browser holds
  account    TEXT   NOT NULL,
  stamp      TEXT   NOT NULL,                  -- the account's when it began
  created_at BIGINT NOT NULL,
  seen_at    BIGINT NOT NULL,
  address    TEXT
) {without_rowid};

CREATE INDEX console_session_account ON console_session (account);

-- Whoever knows one of these may make the first account. Gone with it.
CREATE TABLE console_setup_code (
  hash    TEXT   NOT NULL PRIMARY KEY,
  made_at BIGINT NOT NULL
) {without_rowid};

-- Small things that the console remembers for everybody, like how far the first-run wizard came.
CREATE TABLE console_note (
  name  TEXT NOT NULL PRIMARY KEY,
  value TEXT NOT NULL
) {without_rowid};
