-- Whose an API key is, and where it may be used. Everything that a key makes belongs to its system.
ALTER TABLE api_key ADD COLUMN system TEXT NOT NULL DEFAULT ''; -- the business system; keys of one system share what they make
ALTER TABLE api_key ADD COLUMN apps TEXT;                       -- names of apps that it may speak for, JSON; null: all
ALTER TABLE api_key ADD COLUMN issuers TEXT;                    -- issuers for whose subjects it may open web-chat sessions, JSON; null: none
ALTER TABLE api_key ADD COLUMN addresses TEXT;                  -- networks that it may be used from, JSON; null: all
UPDATE api_key SET system = name;
