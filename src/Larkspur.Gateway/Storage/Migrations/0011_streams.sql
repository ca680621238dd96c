-- Cards that are written while somebody reads.
CREATE TABLE card_stream (
  id          TEXT    NOT NULL PRIMARY KEY,      -- made from app and key: work that is done again finds its card
  app         TEXT    NOT NULL,
  lane        TEXT    NOT NULL,
  part        INTEGER NOT NULL,
  target_type TEXT    NOT NULL,
  target      TEXT    NOT NULL,
  in_thread   INTEGER NOT NULL,
  inbox_id    BIGINT  NOT NULL,                  -- the event whose work writes it; 0: no event's
  fed_by      INTEGER NOT NULL,                  -- 0 this gateway's own work, 1 a business system
  node        TEXT    NOT NULL,                  -- the process that sends its frames
  face        TEXT    NOT NULL,                  -- title, loading text…, JSON
  reference   TEXT    NOT NULL,
  state       INTEGER NOT NULL DEFAULT 0,        -- 0 open, 1 ended: its last frames are in the outbox
  ending      TEXT,                              -- finished, failed, interrupted, idle
  text        TEXT    NOT NULL DEFAULT '',
  created_at  BIGINT  NOT NULL,
  fed_at      BIGINT  NOT NULL,
  ended_at    BIGINT
);

CREATE INDEX card_stream_open ON card_stream (fed_at) WHERE state = 0;
CREATE INDEX card_stream_ended ON card_stream (ended_at) WHERE state = 1;

-- Its cards: a long text has several.
CREATE TABLE card_stream_page (
  stream_id  TEXT    NOT NULL,
  page       INTEGER NOT NULL,
  mode       INTEGER NOT NULL,                   -- 0 nothing sent, 1 card entity, 2 message that is changed
  card_id    TEXT,
  message_id TEXT,
  reserved   BIGINT  NOT NULL DEFAULT 0,         -- numbers of operations up to this one may have been used
  PRIMARY KEY (stream_id, page)
) {without_rowid};
