-- Callbacks to business systems: platform 'callback', target = the destination's name. Messages and each destination's callbacks are read apart.

CREATE INDEX outbox_open_callbacks ON outbox (target, rank, id) WHERE status = 0 AND platform = 'callback';
