-- Conversations of people with the assistant: one per person and route at a time, on whichever platforms.
CREATE TABLE assistant_conversation (
  id         {identity},
  person     TEXT   NOT NULL,
  route      TEXT   NOT NULL,
  backend    TEXT,                                -- whose conversation remote_id is
  remote_id  TEXT,                                -- the backend's own id; null: none yet, or it remembers nothing
  asked_as   TEXT   NOT NULL,                     -- the user that the backend knows: the person's id when it began, whoever they became since
  started_at BIGINT NOT NULL,
  used_at    BIGINT NOT NULL,
  ended_at   BIGINT
);

CREATE UNIQUE INDEX assistant_conversation_open ON assistant_conversation (person, route) WHERE ended_at IS NULL;
CREATE INDEX assistant_conversation_used ON assistant_conversation (used_at);

-- Questions and what became of them.
CREATE TABLE assistant_turn (
  id           {identity},
  turn         TEXT    NOT NULL,                  -- tu_…, made from the message: asked once however often it is delivered
  conversation BIGINT  NOT NULL,
  part         INTEGER NOT NULL,                  -- of the conversation: its questions are answered one after another
  person       TEXT    NOT NULL,
  route        TEXT    NOT NULL,
  platform     TEXT    NOT NULL,
  app          TEXT    NOT NULL,
  chat_id      TEXT    NOT NULL,
  reply        TEXT    NOT NULL,                  -- where the answer goes, JSON
  sender       TEXT    NOT NULL,                  -- who asked, by the platform's ids, JSON
  language     TEXT    NOT NULL,
  reference    TEXT    NOT NULL,
  question     TEXT    NOT NULL,
  state        INTEGER NOT NULL DEFAULT 0,        -- 0 open, 1 ended
  begun_at     BIGINT,                            -- the backend was asked: not asked again by itself
  begun_by     TEXT,                              -- the process that asked it
  stop_at      BIGINT,                            -- the person does not want it any more
  backend      TEXT,                              -- who answered
  task_id      TEXT,
  asked_as     TEXT,                              -- the user that the backend knows
  message_id   TEXT,                              -- the backend's, for verdicts
  answer       TEXT,
  ending       TEXT,                              -- finished, stopped, interrupted, failed
  reason       TEXT,                              -- why not finished: a word
  tokens       BIGINT,
  verdict      INTEGER,                           -- 1 helpful, 0 not; null: none
  verdict_due  INTEGER NOT NULL DEFAULT 0,        -- 1: the backend has not been told
  save_at      BIGINT,                            -- since when it is to be kept as a document; 0: it was
  asked_at     BIGINT  NOT NULL,
  ended_at     BIGINT
);

CREATE UNIQUE INDEX assistant_turn_turn ON assistant_turn (turn);
CREATE INDEX assistant_turn_open ON assistant_turn (id) WHERE state = 0;
CREATE INDEX assistant_turn_conversation ON assistant_turn (conversation, id);
CREATE INDEX assistant_turn_person ON assistant_turn (person, id);
CREATE INDEX assistant_turn_verdict ON assistant_turn (id) WHERE verdict_due = 1;
CREATE INDEX assistant_turn_save ON assistant_turn (id) WHERE save_at > 0;
CREATE INDEX assistant_turn_ended ON assistant_turn (ended_at) WHERE state = 1;

-- What people chose by /switch.
CREATE TABLE assistant_choice (
  person TEXT NOT NULL PRIMARY KEY,
  route  TEXT NOT NULL
);

-- The card of an answer belongs to its turn: it is closed by it, and by nobody else while the turn is open.
ALTER TABLE card_stream ADD COLUMN turn_id BIGINT NOT NULL DEFAULT 0;
