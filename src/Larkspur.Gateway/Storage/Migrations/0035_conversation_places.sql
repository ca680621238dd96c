-- Where a conversation goes on: empty in private, on whichever platform; else the group, or the thread in it. What there is goes on in private.
ALTER TABLE assistant_conversation ADD COLUMN place TEXT NOT NULL DEFAULT '';
DROP INDEX assistant_conversation_open;
CREATE UNIQUE INDEX assistant_conversation_open ON assistant_conversation (person, route, place) WHERE ended_at IS NULL;

-- The place of the question itself. Null: asked before places were told apart; where it was asked is not known, so it counts as its chat.
ALTER TABLE assistant_turn ADD COLUMN place TEXT;

-- What people chose by /switch, in each place.
ALTER TABLE assistant_choice RENAME TO assistant_choice_of_all;
CREATE TABLE assistant_choice (
  person TEXT NOT NULL,
  place  TEXT NOT NULL,
  route  TEXT NOT NULL,
  PRIMARY KEY (person, place)
) {without_rowid};
INSERT INTO assistant_choice (person, place, route) SELECT person, '', route FROM assistant_choice_of_all;
DROP TABLE assistant_choice_of_all;
