-- The second factor of an account of the console: TOTP, RFC 6238.
ALTER TABLE account ADD COLUMN totp TEXT;                                -- the secret, sealed; null: none
ALTER TABLE account ADD COLUMN totp_step BIGINT NOT NULL DEFAULT 0;      -- the last step whose code was taken: it and those before are used up
ALTER TABLE account ADD COLUMN factor_at BIGINT;                         -- when it was set up; null: none
ALTER TABLE account ADD COLUMN factor_failures INTEGER NOT NULL DEFAULT 0; -- wrong codes in a row; counted apart from wrong passwords, for only who knows the password can give one
ALTER TABLE account ADD COLUMN factor_locked_until BIGINT;

ALTER TABLE console_session ADD COLUMN confirmed_at BIGINT;              -- when its person last proved to be it
ALTER TABLE console_session ADD COLUMN failures INTEGER NOT NULL DEFAULT 0; -- wrong passwords in a row within the session
ALTER TABLE console_session ADD COLUMN code_failures INTEGER NOT NULL DEFAULT 0; -- wrong codes in a row within the session
ALTER TABLE console_session ADD COLUMN browser TEXT;                     -- User-Agent of the log-in

CREATE TABLE console_recovery_code (
  account TEXT NOT NULL,
  hash    TEXT NOT NULL,
  PRIMARY KEY (account, hash)
) {without_rowid};

-- Log-ins whose password was right and whose second step is not done. None of them opens anything.
CREATE TABLE console_log_in (
  id         TEXT   NOT NULL PRIMARY KEY,    -- hash of what the browser holds
  account    TEXT   NOT NULL,
  stamp      TEXT   NOT NULL,                -- the account's when it began
  created_at BIGINT NOT NULL,
  secret     TEXT,                           -- sealed: of a second factor that is being set up; null: a code is asked for
  codes      TEXT                            -- sealed: recovery codes that were made just now and are to be shown
) {without_rowid};

CREATE INDEX console_log_in_account ON console_log_in (account);
