-- Whose things are: the system of the key that made them. Empty: the key of LARKSPUR_API_KEY, the console or the gateway itself made it, or it is from before things had owners.
ALTER TABLE outbox ADD COLUMN owner TEXT NOT NULL DEFAULT '';
ALTER TABLE notification ADD COLUMN owner TEXT NOT NULL DEFAULT '';
ALTER TABLE notification_type ADD COLUMN owner TEXT NOT NULL DEFAULT '';
ALTER TABLE payment ADD COLUMN owner TEXT NOT NULL DEFAULT '';
ALTER TABLE card_stream ADD COLUMN owner TEXT NOT NULL DEFAULT '';
ALTER TABLE card_message ADD COLUMN owner TEXT NOT NULL DEFAULT '';
ALTER TABLE webhook ADD COLUMN owner TEXT NOT NULL DEFAULT '';
ALTER TABLE webhook ADD COLUMN apps TEXT;               -- names of the apps whose events it gets, JSON; null: all
ALTER TABLE notification_settling ADD COLUMN owner TEXT; -- only this system's notifications; null: all
ALTER TABLE notification_settling ADD COLUMN apps TEXT;  -- only those of these apps, JSON; null: all

-- Whose a message is, by the platform's id. Answers of the gateway's own have no owner and are not in it.
CREATE INDEX outbox_owned ON outbox (message_id) WHERE owner <> '';
CREATE INDEX notification_owner ON notification (owner, id) WHERE owner <> '';
CREATE INDEX payment_owner ON payment (owner, created_at) WHERE owner <> '';

-- What systems made on a platform, where the gateway keeps no row of its own for it.
CREATE TABLE owned_object (
  app        TEXT   NOT NULL,
  kind       TEXT   NOT NULL,                   -- chat, file, instance, definition, subscription, external_definition, external_instance
  id         TEXT   NOT NULL,
  owner      TEXT   NOT NULL,
  created_at BIGINT NOT NULL,
  PRIMARY KEY (app, kind, id)
) {without_rowid};

CREATE INDEX owned_object_age ON owned_object (created_at);

-- What is known of who asked for it is taken for its owner.
UPDATE notification SET owner = COALESCE((SELECT MAX(k.system) FROM api_key k WHERE 'key:' || k.name = notification.requested_by), '');
UPDATE payment SET owner = COALESCE((SELECT MAX(k.system) FROM api_key k WHERE 'key:' || k.name = payment.requested_by), '');
UPDATE webhook SET owner = COALESCE((SELECT MAX(k.system) FROM api_key k WHERE 'key:' || k.name = webhook.changed_by), '');
UPDATE notification_type SET owner = COALESCE((SELECT MAX(k.system) FROM api_key k WHERE 'key:' || k.name = notification_type.changed_by), '');
