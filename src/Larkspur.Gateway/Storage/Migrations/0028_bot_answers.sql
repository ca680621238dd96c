-- Answers of WeCom's AI bots that are written where the bot has no connection: the process that has it shows them meanwhile.
ALTER TABLE wecom_reply ADD COLUMN closes_at BIGINT;   -- from here on the stream is closed with what there is; null: nobody knows
ALTER TABLE wecom_reply ADD COLUMN relay TEXT;         -- where the stream is and how to speak there, JSON; null: its writer shows it

CREATE INDEX wecom_reply_relay ON wecom_reply (app) WHERE relay IS NOT NULL AND state = 0;

-- Questions that may come next, offered below an answer: JSON, in the order of their buttons.
ALTER TABLE assistant_turn ADD COLUMN suggestions TEXT;
