-- Whose a web-chat session is: the system of the key that began it. Empty: the key of LARKSPUR_API_KEY began it.
ALTER TABLE web_session ADD COLUMN owner TEXT NOT NULL DEFAULT '';
UPDATE web_session SET owner = COALESCE((SELECT MAX(k.system) FROM api_key k WHERE 'key:' || k.name = web_session.created_by), '');
CREATE INDEX web_session_owner ON web_session (owner, id);
