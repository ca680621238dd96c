-- Callbacks to business systems: platform 'callback', target = the destination's name. Messages and each destination's callbacks are read apart.

CREATE INDEX outbox_open_messages ON outbox (id) WHERE status = 0 AND platform <> 'callback';
CREATE INDEX outbox_open_callbacks ON outbox (target, id) WHERE status = 0 AND platform = 'callback';
