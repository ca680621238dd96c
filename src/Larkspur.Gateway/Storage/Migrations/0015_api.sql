-- Keys of the REST API.

CREATE TABLE api_key (
  id         {identity},
  name       TEXT   NOT NULL,
  prefix     TEXT   NOT NULL,                 -- its first characters, by which people tell it
  hash       TEXT   NOT NULL,                 -- SHA-256 of the whole key, hexadecimal; the key itself is kept nowhere
  old_hash   TEXT,                            -- the key before the last rotation,
  old_until  BIGINT,                          -- until when it is taken besides
  scopes     TEXT   NOT NULL,                 -- separated by blanks
  per_minute BIGINT NOT NULL,
  created_at BIGINT NOT NULL,
  created_by TEXT   NOT NULL,
  rotated_at BIGINT,
  expires_at BIGINT,
  used_at    BIGINT,                          -- to about ten minutes
  revoked_at BIGINT,
  revoked_by TEXT
);

CREATE UNIQUE INDEX api_key_hash ON api_key (hash);
CREATE UNIQUE INDEX api_key_old_hash ON api_key (old_hash);
CREATE UNIQUE INDEX api_key_name ON api_key (name) WHERE revoked_at IS NULL;
