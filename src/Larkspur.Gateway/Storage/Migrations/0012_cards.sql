-- Cards that were sent as a CardMessage: what they say, and what people did on them.

CREATE TABLE card_message (
  id             TEXT   NOT NULL PRIMARY KEY,
  app            TEXT   NOT NULL,
  platform       TEXT   NOT NULL,
  caller_key     TEXT   NOT NULL,                 -- the business system's own name for the message
  model          TEXT   NOT NULL,                 -- the CardMessage as it was asked for, JSON
  created_at     BIGINT NOT NULL,
  settled_action TEXT,                            -- the action that decided it; its actions are gone since
  settled_at     BIGINT
) {without_rowid};

CREATE INDEX card_message_age ON card_message (created_at);

CREATE TABLE card_action (
  id          {identity},
  card        TEXT   NOT NULL,
  app         TEXT   NOT NULL,
  event_id    TEXT   NOT NULL,
  action      TEXT   NOT NULL,
  outcome     TEXT   NOT NULL,                    -- done, repeated (somebody was first), refused (not allowed), incomplete
  person_id   TEXT   NOT NULL,
  person_name TEXT,
  clock       TEXT   NOT NULL,                    -- the time as the person's client shows it
  message_id  TEXT,
  form        TEXT,                               -- what was entered, JSON
  reference   TEXT   NOT NULL,
  at          BIGINT NOT NULL
);

CREATE INDEX card_action_card ON card_action (card, id);
CREATE UNIQUE INDEX card_action_event ON card_action (event_id, app);
