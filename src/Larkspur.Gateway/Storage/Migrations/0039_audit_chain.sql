-- The audit log is a chain: each line has a seal over itself and the seal before it, made with a key that the database does not tell.

ALTER TABLE audit ADD COLUMN seal TEXT;       -- null: written while the key could not be opened, or before the chain began

-- One row: where the chain begins and ends. Its tip is sealed too, so that cutting the end shows. The row is a lock as well: lines are written one after another.
CREATE TABLE audit_chain (
  id        INTEGER NOT NULL PRIMARY KEY,
  chain_key TEXT,                             -- encrypted by the key ring; null: the chain has not begun
  ready     INTEGER NOT NULL,                 -- 1: what was there before is sealed
  handed    BIGINT  NOT NULL,                 -- the highest id that was given to a line
  pruned    BIGINT  NOT NULL,                 -- lines up to this id are forgotten
  anchor    TEXT    NOT NULL,                 -- the seal of the last of those
  last      BIGINT  NOT NULL,                 -- the last line of the chain
  head      TEXT    NOT NULL,                 -- its seal
  tip       TEXT    NOT NULL                  -- the seal over ready, pruned, anchor, last and head
);

INSERT INTO audit_chain (id, chain_key, ready, handed, pruned, anchor, last, head, tip) VALUES (1, NULL, 0, 0, 0, '', 0, '', '');
