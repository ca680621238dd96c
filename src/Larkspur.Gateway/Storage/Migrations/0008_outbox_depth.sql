-- Open messages are read class by class: what somebody waits for is found at once behind any number of notices.
CREATE INDEX outbox_open_rank ON outbox (rank, id) WHERE status = 0 AND platform <> 'callback';

-- Of the changes of one message only the newest counts: is there a newer one, waiting or sent? (status 5: superseded, never sent)
CREATE INDEX outbox_changes ON outbox (app, lane, id) WHERE operation = 'patch' AND status IN (0, 1);
