-- Documents that were made of answers: one for each key, whatever happens between its making and its last block.

CREATE TABLE saved_document (
  id          TEXT    NOT NULL PRIMARY KEY,     -- of app and key
  app         TEXT    NOT NULL,
  digest      TEXT    NOT NULL,                 -- of title, text and owner
  document_id TEXT    NOT NULL,
  title       TEXT    NOT NULL,
  written     INTEGER NOT NULL DEFAULT 0,       -- calls with blocks that the platform has taken
  address     TEXT,                             -- null: not finished
  created_at  BIGINT  NOT NULL
) {without_rowid};

CREATE INDEX saved_document_age ON saved_document (created_at);
