-- Calls to the platforms. Days and months are those of the tenant's calendar, as numbers: 20261121, 202611. Processes add to rows; none sets them.

CREATE TABLE quota_day (
  app      TEXT    NOT NULL,
  day      INTEGER NOT NULL,
  endpoint TEXT    NOT NULL,
  calls    BIGINT  NOT NULL,                                  -- requests that reached the platform or may have
  refused  BIGINT  NOT NULL,                                  -- of them, those it refused
  counted  BIGINT  NOT NULL,                                  -- of them, those it counts against the month
  PRIMARY KEY (app, day, endpoint)
) {without_rowid};

CREATE TABLE quota_month (
  app      TEXT    NOT NULL,
  month    INTEGER NOT NULL,
  endpoint TEXT    NOT NULL,
  calls    BIGINT  NOT NULL,
  refused  BIGINT  NOT NULL,
  counted  BIGINT  NOT NULL,
  PRIMARY KEY (app, month, endpoint)
) {without_rowid};

CREATE TABLE quota_state (
  app        TEXT    NOT NULL PRIMARY KEY,
  month      INTEGER NOT NULL,                                -- what follows is about this month only
  refused_at BIGINT,                                          -- when the platform said that the month is used up; null: over
  refusals   INTEGER NOT NULL,                                -- how often it has said so anew
  lifted     INTEGER NOT NULL                                 -- 1: an administrator has lifted our own cap
) {without_rowid};

-- Who inserts the row tells the administrator.
CREATE TABLE quota_alarm (
  app       TEXT    NOT NULL,
  month     INTEGER NOT NULL,
  occasion  TEXT    NOT NULL,                                 -- 80 (percent), refused-1, day-20261121-im.v1.message.create-100
  raised_at BIGINT  NOT NULL,
  PRIMARY KEY (app, month, occasion)
) {without_rowid};
