-- The message that a question points at: its words and its files' keys, JSON. Null: none.
ALTER TABLE assistant_turn ADD COLUMN quoted TEXT;

-- Which text a card of ours shows, by its message.
CREATE INDEX card_stream_page_message ON card_stream_page (message_id) WHERE message_id IS NOT NULL;
