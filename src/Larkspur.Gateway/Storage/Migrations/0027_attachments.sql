-- Pictures and files that came with a question: by which keys its channel reads them, JSON. Never their bytes; addresses that are good for whoever knows them are sealed.
ALTER TABLE assistant_turn ADD COLUMN attachments TEXT;

-- Files that people upload in the web chat, until the message they came with is forgotten.
CREATE TABLE web_file (
  id           {identity},
  file         TEXT   NOT NULL,                -- wf_ and 32 hex digits
  person       TEXT   NOT NULL,
  name         TEXT   NOT NULL,
  content_type TEXT   NOT NULL,                -- as its bytes show, not as it was called
  size         BIGINT NOT NULL,
  bytes        {blob} NOT NULL,
  message      TEXT,                           -- key of the message that it came with; null: none yet
  at           BIGINT NOT NULL
);

CREATE UNIQUE INDEX web_file_file ON web_file (file);
CREATE INDEX web_file_person ON web_file (person, id);
CREATE INDEX web_file_message ON web_file (message);
CREATE INDEX web_file_at ON web_file (at);
