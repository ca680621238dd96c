-- Answers of WeCom's AI bots: a stream that the platform shows, and the messages that follow it.
CREATE TABLE wecom_reply (
  app        TEXT    NOT NULL,
  stream_id  TEXT    NOT NULL,                   -- made from the turn, or from the message that is answered by callback
  turn       TEXT    NOT NULL,                   -- or the key of what was said
  state      INTEGER NOT NULL DEFAULT 0,         -- 0 being written, 1 whole, 2 the stream's end was shown, 3 all was sent
  text       TEXT    NOT NULL DEFAULT '',        -- so far, or all of it
  shown      TEXT,                               -- the stream was closed before its end, with this much of the text; null: it was not
  card       TEXT,                               -- below the end, JSON
  pages      INTEGER NOT NULL DEFAULT 0,         -- messages sent after the stream
  created_at BIGINT  NOT NULL,
  changed_at BIGINT  NOT NULL,
  PRIMARY KEY (app, stream_id)
) {without_rowid};

CREATE INDEX wecom_reply_changed ON wecom_reply (changed_at);
CREATE INDEX wecom_reply_turn ON wecom_reply (app, turn);
