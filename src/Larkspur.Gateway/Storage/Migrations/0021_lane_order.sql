-- Before a message leaves, an earlier open one of its lane is looked for: with the id in the index that costs nothing, however many wait in the lane.
DROP INDEX outbox_open_lane;
CREATE INDEX outbox_open_lane ON outbox (app, lane, id) WHERE status = 0;

-- Requests to settle a matter are numbered in the order of their commits.
INSERT INTO revision (name, version) VALUES ('settling', 0);
