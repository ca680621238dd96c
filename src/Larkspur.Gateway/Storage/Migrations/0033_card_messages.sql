-- Which messages show a card. A click counts on one of these alone, whatever value another card's button has.
CREATE TABLE card_delivery (
  card       TEXT   NOT NULL,                     -- the card's id, or the turn whose buttons it has
  outbox_id  BIGINT NOT NULL,                     -- the row that sends it, or gives a message its face
  message_id TEXT,                                -- the platform's; null: it has not answered yet
  created_at BIGINT NOT NULL,
  PRIMARY KEY (card, outbox_id)
) {without_rowid};

CREATE INDEX card_delivery_outbox ON card_delivery (outbox_id);
CREATE INDEX card_delivery_message ON card_delivery (message_id) WHERE message_id IS NOT NULL;
CREATE INDEX card_delivery_age ON card_delivery (created_at);

-- Cards that were sent before: their ids stand in what was sent.
-- only: sqlite
INSERT INTO card_delivery (card, outbox_id, message_id, created_at)
SELECT c.id, o.id, CASE WHEN o.status = 1 THEN COALESCE(o.message_id, CASE WHEN o.operation = 'patch' THEN o.target END) END, o.created_at
FROM outbox o JOIN card_message c ON c.id = substr(o.content, instr(o.content, '"card":"cm') + 8, 26) AND c.app = o.app
WHERE o.message_type = 'interactive' AND o.operation IN ('create', 'reply', 'patch') AND instr(o.content, '"card":"cm') > 0;
-- only: postgresql
INSERT INTO card_delivery (card, outbox_id, message_id, created_at)
SELECT c.id, o.id, CASE WHEN o.status = 1 THEN COALESCE(o.message_id, CASE WHEN o.operation = 'patch' THEN o.target END) END, o.created_at
FROM outbox o JOIN card_message c ON c.id = substr(o.content, strpos(o.content, '"card":"cm') + 8, 26) AND c.app = o.app
WHERE o.message_type = 'interactive' AND o.operation IN ('create', 'reply', 'patch') AND strpos(o.content, '"card":"cm') > 0;
-- both

-- Random keys that all processes share, each made at its first use.
CREATE TABLE shared_secret (
  name       TEXT   NOT NULL PRIMARY KEY,
  value      TEXT   NOT NULL,                     -- encrypted under the key ring
  created_at BIGINT NOT NULL
) {without_rowid};
