-- The key ring of ASP.NET's Data Protection, shared by all processes on the database.
CREATE TABLE data_protection_key (
  number     {identity},
  name       TEXT   NOT NULL UNIQUE,
  element    TEXT   NOT NULL,                                 -- XML; under a master key sealed with it (AES-GCM, base64)
  master     TEXT,                                            -- fingerprint of that master key; null: plain
  created_at BIGINT NOT NULL
);

-- Whoever adds a key takes this row first, so that processes that start together on an empty database agree on one.
CREATE TABLE data_protection_ring (
  id      INTEGER NOT NULL PRIMARY KEY,
  changes BIGINT  NOT NULL
);

INSERT INTO data_protection_ring (id, changes) VALUES (1, 0);
