-- Codes that have linked somebody, until they would have ended: who typed one and did not hear of it asks again, and is linked already.
CREATE TABLE person_link_used (
  hash       TEXT   NOT NULL PRIMARY KEY,
  person     TEXT   NOT NULL,                 -- who both were then
  account    TEXT   NOT NULL,                 -- the id under which it was typed
  expires_at BIGINT NOT NULL
) {without_rowid};
