-- Messages that were asked for over REST.
ALTER TABLE outbox ADD COLUMN in_thread INTEGER NOT NULL DEFAULT 0; -- a reply opens or continues a thread
ALTER TABLE outbox ADD COLUMN fallback INTEGER NOT NULL DEFAULT 1;  -- a refused card's facts go as text
