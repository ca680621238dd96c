-- Chats whose history is compared with what arrived, and how far it has been.
CREATE TABLE gap_chat (
  app         TEXT    NOT NULL,
  chat_id     TEXT    NOT NULL,
  kind        TEXT    NOT NULL,                               -- p2p, group
  heard_at    BIGINT  NOT NULL,                               -- when the newest message that arrived was written; 0: none yet
  compared_to BIGINT  NOT NULL,                               -- everything written before this was compared
  closed      INTEGER NOT NULL DEFAULT 0,                     -- 1: the bot may not read it; another message opens it again
  PRIMARY KEY (app, chat_id)
) {without_rowid};

-- One row: up to which inbox row chats were looked for, and when.
CREATE TABLE gap_scan (
  inbox_id   BIGINT NOT NULL,
  scanned_at BIGINT NOT NULL                                  -- 0: never
);

INSERT INTO gap_scan VALUES (0, 0);
