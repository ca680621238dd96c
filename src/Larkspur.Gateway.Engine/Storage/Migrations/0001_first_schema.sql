-- The first schema of Larkspur, for both databases: a section for each part of the gateway that owns tables.
--
-- Times (at, …_at, …_until, not_before) are Unix milliseconds; a duration names its unit. Flags are 0 or 1. JSON stands in TEXT.
-- Ids of platforms (chat_id, message_id, open_id…) are kept as the platform writes them.
-- owner is the business system that made a row; empty: the gateway itself, the console or the key of LARKSPUR_API_KEY made it.
-- Words are explained in docs/glossary.md.

-- ---------------------------------------------------------------------------------------------------------------------------------
-- Storage: what all processes on one database share
-- ---------------------------------------------------------------------------------------------------------------------------------

-- Written by the readiness check, to see that writing works.
CREATE TABLE heartbeat (
  id    INTEGER PRIMARY KEY,
  beats BIGINT  NOT NULL
);

-- Processes of the gateway that work on this database.
CREATE TABLE node (
  id            TEXT    NOT NULL PRIMARY KEY,
  host          TEXT    NOT NULL,
  version       TEXT    NOT NULL, -- of its program
  newest_schema INTEGER NOT NULL, -- the newest schema that its program knows
  started_at    BIGINT  NOT NULL,
  expires_at    BIGINT  NOT NULL  -- dead since then, unless it says before that it lives
) {without_rowid};

-- Which process works on which of the 64 partitions.
CREATE TABLE lease (
  partition  INTEGER NOT NULL PRIMARY KEY,
  token      BIGINT  NOT NULL DEFAULT 0, -- the fence: grows whenever the partition changes hands; writes name theirs
  node       TEXT,                       -- null: free
  expires_at BIGINT  NOT NULL DEFAULT 0  -- by the database's clock
) {without_rowid};

INSERT INTO lease (partition)
WITH RECURSIVE n(i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i < 63) SELECT i FROM n;

-- What every process keeps in memory has a number here that rises with each change. The row is also the lock under which changes are made,
-- one after another.
CREATE TABLE revision (
  name    TEXT   NOT NULL PRIMARY KEY,
  version BIGINT NOT NULL
) {without_rowid};

INSERT INTO revision (name, version) VALUES
  ('settings', 0), ('webhooks', 0), ('failing_webhooks', 0),
  ('resolving', 0), ('people', 0), ('permissions', 0), ('key_ring', 0), ('commands', 0),
  ('card_templates', 0), ('robots', 0), ('identity_providers', 0), ('oidc_keys', 0),
  ('user_authorizations', 0);

-- The key ring of ASP.NET's Data Protection.
CREATE TABLE data_protection_key (
  number     {identity},
  name       TEXT    NOT NULL UNIQUE,
  element    TEXT    NOT NULL,           -- XML, sealed with the master key (AES-GCM, base64)
  master     TEXT,                       -- fingerprint of that master key; null: the XML is readable
  was_plain  INTEGER NOT NULL DEFAULT 0, -- 1: it was readable once; what it encrypted is encrypted anew with another key, and it goes
  created_at BIGINT  NOT NULL
);

-- One row. Whoever adds a key takes it first, so that processes that start together on an empty database agree on one key.
CREATE TABLE data_protection_ring (
  id      INTEGER NOT NULL PRIMARY KEY,
  changes BIGINT  NOT NULL,
  master  TEXT -- fingerprint of the master key that a process made by itself; no other makes one
);

INSERT INTO data_protection_ring (id, changes) VALUES (1, 0);

-- Random keys that all processes share, each made at its first use.
CREATE TABLE shared_secret (
  name       TEXT   NOT NULL PRIMARY KEY,
  value      TEXT   NOT NULL, -- encrypted by the key ring
  created_at BIGINT NOT NULL
) {without_rowid};

-- ---------------------------------------------------------------------------------------------------------------------------------
-- Inbox: events, recorded before they are acknowledged
-- ---------------------------------------------------------------------------------------------------------------------------------

CREATE TABLE inbox (
  id           {identity},                 -- also the order of arrival; never reused, because memory and logs refer to it
  platform     TEXT    NOT NULL,
  app          TEXT    NOT NULL,
  event_id     TEXT    NOT NULL,
  event_type   TEXT    NOT NULL,
  kind         INTEGER NOT NULL,           -- 0 event, 1 callback that expects an answer, 2 legacy card callback
  ordering_key TEXT    NOT NULL,           -- events of one key are handled one after another
  chat_id      TEXT,
  message_id   TEXT,
  person_id    TEXT,
  tenant_key   TEXT,
  trace_parent TEXT,                       -- W3C Trace Context of the delivery
  payload      {blob}  NOT NULL,           -- the event itself; the envelope with its verification token is not kept
  status       INTEGER NOT NULL DEFAULT 0, -- 0 open, 1 finished, 2 dead letter
  outcome      TEXT,
  reason       TEXT,
  reference    TEXT    NOT NULL,           -- what people may quote
  attempts     INTEGER NOT NULL DEFAULT 0,
  effects      INTEGER NOT NULL DEFAULT 0, -- how often a handler's effect was committed: 0 or 1
  duplicates   INTEGER NOT NULL DEFAULT 0, -- further deliveries of it
  received_at  BIGINT  NOT NULL,
  finished_at  BIGINT,
  partition    INTEGER NOT NULL DEFAULT 0, -- by the hash of the ordering key
  waiting_node TEXT,                       -- the process whose request waits for the answer to this callback
  answer       TEXT,                       -- that answer, when another process has made it
  not_before   BIGINT  NOT NULL DEFAULT 0, -- when a failed event is tried again
  created_at   BIGINT,                     -- when the platform made the event, where it says so
  replay_count INTEGER NOT NULL DEFAULT 0, -- how often it was replayed; each replay has idempotency keys of its own
  replayed_at  BIGINT,
-- only: sqlite
  by_message   INTEGER NOT NULL DEFAULT 0, -- 1: inbox_seen has the key of its message too
-- both
  overdue_at   BIGINT                      -- when the watchdog reported it
);

CREATE INDEX inbox_open ON inbox (id) WHERE status = 0;
CREATE INDEX inbox_dead ON inbox (id) WHERE status = 2;
CREATE INDEX inbox_dead_at ON inbox (finished_at) WHERE status = 2; -- dead letters that are old enough to be forgotten
-- only: postgresql
-- Before an event is handled: is there an earlier one of its key that another process has recorded?
CREATE INDEX inbox_open_key ON inbox (ordering_key, app, id) WHERE status = 0;
-- both

-- What was seen before. Kept apart, under short keys: ids are random, so every look-up and every insert hits a page of its own, and the
-- price of an event stays flat as long as these pages fit the page cache (25 bytes a row, 25 MB a million; the ids as text would take 62).
CREATE TABLE inbox_seen (
  seen     {blob} NOT NULL PRIMARY KEY, -- 12 bytes of SHA-256 of the event id or message id, 4 of platform and app
  inbox_id BIGINT NOT NULL
) {without_rowid};

-- only: sqlite
-- One row. The newest keys are in memory and come into inbox_seen many at a time. It has all keys of the rows up to this one; those after
-- it are read back from inbox at the start.
CREATE TABLE inbox_merged (
  through BIGINT NOT NULL -- an id of inbox
);

INSERT INTO inbox_merged (through) VALUES (0);
-- both

-- When a platform last reached an app: what the check-up says of the way to us. To about a minute. Owned by Ingress.
CREATE TABLE platform_contact (
  platform TEXT   NOT NULL,
  app      TEXT   NOT NULL,
  event_at BIGINT,          -- the last event; null: none yet
  check_at BIGINT,          -- the last check of the address by the platform, not by the gateway itself
  PRIMARY KEY (platform, app)
) {without_rowid};

-- Chats whose history on the platform is compared with what arrived, and how far it has been.
CREATE TABLE gap_chat (
  app         TEXT    NOT NULL,
  chat_id     TEXT    NOT NULL,
  kind        TEXT    NOT NULL,           -- p2p, group
  heard_at    BIGINT  NOT NULL,           -- when the newest message that arrived was written; 0: none yet
  compared_to BIGINT  NOT NULL,           -- everything written before this was compared
  closed      INTEGER NOT NULL DEFAULT 0, -- 1: the bot may not read it; another message opens it again
  PRIMARY KEY (app, chat_id)
) {without_rowid};

-- One row: up to which inbox row chats were looked for, and when.
CREATE TABLE gap_scan (
  inbox_id   BIGINT NOT NULL,
  scanned_at BIGINT NOT NULL -- 0: never
);

INSERT INTO gap_scan (inbox_id, scanned_at) VALUES (0, 0);

-- Chats that were told, once an outage, that messages were left unanswered. What was written before told_at needs no second reply.
CREATE TABLE stale_reply (
  app     TEXT   NOT NULL,
  chat_id TEXT   NOT NULL,
  told_at BIGINT NOT NULL,
  PRIMARY KEY (app, chat_id)
) {without_rowid};

-- ---------------------------------------------------------------------------------------------------------------------------------
-- Outbox: messages, queued in the transaction that causes them
-- ---------------------------------------------------------------------------------------------------------------------------------

CREATE TABLE outbox (
  id              {identity},
  platform        TEXT    NOT NULL,           -- 'webhook': what is posted to one, 'robot': what a group robot says; its name is the target
  app             TEXT    NOT NULL,
  lane            TEXT    NOT NULL,           -- sent in order within a lane: the receiving chat, or the message that is changed
  operation       TEXT    NOT NULL,           -- create, reply, patch…
  target_type     TEXT    NOT NULL,           -- chat_id, open_id, message_id…
  target          TEXT    NOT NULL,
  message_type    TEXT    NOT NULL,
  content         TEXT    NOT NULL,
  idempotency_key TEXT    NOT NULL,
  inbox_id        BIGINT  NOT NULL,           -- the event that caused it; 0: no event
  reference       TEXT    NOT NULL,
  trace_parent    TEXT,
  status          INTEGER NOT NULL DEFAULT 0, -- 0 open, 1 sent, 2 dead letter, 3 held, 4 discarded, 5 superseded
  attempts        INTEGER NOT NULL DEFAULT 0,
  not_before      BIGINT  NOT NULL,           -- when it may be sent, or is tried again
  first_tried_at  BIGINT,
  created_at      BIGINT  NOT NULL,           -- since when it is to be sent: now, when it is sent again
  made_at         BIGINT,                     -- when it was made, if it was sent again since
  finished_at     BIGINT,
  message_id      TEXT,                       -- the platform's, once it is sent
  log_id          TEXT,                       -- the platform's name of the call
  reason          TEXT,
  partition       INTEGER NOT NULL DEFAULT 0, -- by the hash of the lane
  rank            INTEGER NOT NULL DEFAULT 0, -- 0 answer: what somebody waits for; 1 frame; 2 bulk: what can wait
  held_by         TEXT,                       -- the process whose request carries what a held row says; open once it has died
  overdue_at      BIGINT,                     -- when the watchdog reported it
  in_thread       INTEGER NOT NULL DEFAULT 0, -- 1: a reply opens or continues a thread
  fallback        INTEGER NOT NULL DEFAULT 1, -- 1: a refused card's facts go as text
  owner           TEXT    NOT NULL DEFAULT ''
);

CREATE UNIQUE INDEX outbox_key ON outbox (idempotency_key, app, platform);
CREATE INDEX outbox_open ON outbox (id) WHERE status = 0;
-- Before a message leaves, an earlier open one of its lane is looked for: with the id in the index that costs nothing, however many wait.
CREATE INDEX outbox_open_lane ON outbox (app, lane, id) WHERE status = 0;
-- What somebody waits for is found at once behind any number of notifications; and messages apart from webhooks.
CREATE INDEX outbox_open_rank ON outbox (rank, id) WHERE status = 0 AND platform <> 'webhook';
CREATE INDEX outbox_open_webhooks ON outbox (target, rank, id) WHERE status = 0 AND platform = 'webhook';
CREATE INDEX outbox_held ON outbox (app, lane) WHERE status = 3;
CREATE INDEX outbox_dead ON outbox (id) WHERE status = 2;
CREATE INDEX outbox_dead_at ON outbox (finished_at) WHERE status = 2; -- dead letters that are old enough to be forgotten
-- Of the changes of one message only the newest counts: is there a newer one, waiting or sent?
CREATE INDEX outbox_changes ON outbox (app, lane, id) WHERE operation = 'patch' AND status IN (0, 1);
CREATE INDEX outbox_inbox ON outbox (inbox_id); -- grows at its right end
CREATE INDEX outbox_webhooks ON outbox (target, id) WHERE platform = 'webhook'; -- what was posted to one webhook, the newest first
CREATE INDEX outbox_owned ON outbox (message_id) WHERE owner <> ''; -- whose a message is; answers of the gateway's own are not in it

-- One row: up to which outbox row idempotency keys belong to nobody.
CREATE TABLE outbox_unowned (
  up_to BIGINT NOT NULL -- an id of outbox
);

INSERT INTO outbox_unowned (up_to) VALUES (0);

-- ---------------------------------------------------------------------------------------------------------------------------------
-- Operations: the history of single rows
-- ---------------------------------------------------------------------------------------------------------------------------------

CREATE TABLE row_history (
  id           {identity},
  box          TEXT    NOT NULL, -- inbox, outbox
  row_id       BIGINT  NOT NULL,
  at           BIGINT  NOT NULL,
  what         TEXT    NOT NULL, -- failed, dead, replayed, discarded
  replay_count INTEGER NOT NULL, -- after how many replays
  attempt      INTEGER,          -- since the last replay; null: an operator did it
  who          TEXT    NOT NULL, -- the process that tried it; api
  error        TEXT,             -- the exception's type
  message      TEXT,
  stack        TEXT
);

CREATE INDEX row_history_row ON row_history (row_id, box, id);

-- ---------------------------------------------------------------------------------------------------------------------------------
-- Settings and audit: what administrators set at run time, and who did what
-- ---------------------------------------------------------------------------------------------------------------------------------

CREATE TABLE setting (
  name       TEXT   NOT NULL PRIMARY KEY,
  value      TEXT   NOT NULL, -- secrets are encrypted by the key ring
  version    BIGINT NOT NULL, -- of the whole set: each change has a higher one
  changed_at BIGINT NOT NULL,
  changed_by TEXT   NOT NULL
) {without_rowid};

-- The same settings for whoever edits them in the database: every value in force, and what is written over one is taken within seconds.
CREATE TABLE system_parameters (
  name       TEXT   NOT NULL PRIMARY KEY,
  value      TEXT,                      -- to be edited; empty: back to the default. Secrets are shown as ********
  source     TEXT   NOT NULL DEFAULT '', -- default, environment (cannot be changed), stored
  problem    TEXT,                      -- why the last edit was not taken
  changed_at BIGINT,
  changed_by TEXT,
  written    TEXT,                      -- the gateway's: what it wrote into value; another value is an edit
  version    BIGINT NOT NULL DEFAULT -1 -- the gateway's: of the settings that it wrote
) {without_rowid};

CREATE TABLE audit (
  id      {identity},
  at      BIGINT NOT NULL,
  who     TEXT   NOT NULL, -- console:anna, key:mica, system
  what    TEXT   NOT NULL, -- setting.changed, account.locked…
  subject TEXT,            -- what it was done to
  detail  TEXT,            -- JSON; never a secret
  address TEXT,            -- where it was asked from
  seal    TEXT             -- over the line and the seal before it; null: written before the chain began, or without its key
);

CREATE INDEX audit_at ON audit (at);
CREATE INDEX audit_subject ON audit (subject, id);

-- One row: where the chain of seals begins and ends. Its tip is sealed too, so that cutting the end shows. The row is a lock as well: lines
-- are written one after another.
CREATE TABLE audit_chain (
  id        INTEGER NOT NULL PRIMARY KEY,
  chain_key TEXT,             -- encrypted by the key ring; null: the chain has not begun
  ready     INTEGER NOT NULL, -- 1: what was there before is sealed
  handed    BIGINT  NOT NULL, -- the highest id that was given to a line
  pruned    BIGINT  NOT NULL, -- lines up to this id are forgotten
  anchor    TEXT    NOT NULL, -- the seal of the last of those
  last      BIGINT  NOT NULL, -- the last line of the chain
  head      TEXT    NOT NULL, -- its seal
  tip       TEXT    NOT NULL  -- the seal over ready, pruned, anchor, last and head
);

INSERT INTO audit_chain (id, chain_key, ready, handed, pruned, anchor, last, head, tip) VALUES (1, NULL, 0, 0, 0, '', 0, '', '');

-- ---------------------------------------------------------------------------------------------------------------------------------
-- Quota: calls to the platforms
-- Days and months are those of the tenant's calendar, as numbers: 20261121, 202611. Processes add to rows; none sets them.
-- ---------------------------------------------------------------------------------------------------------------------------------

CREATE TABLE quota_day (
  app      TEXT    NOT NULL,
  day      INTEGER NOT NULL,
  endpoint TEXT    NOT NULL,
  calls    BIGINT  NOT NULL, -- requests that reached the platform or may have
  refused  BIGINT  NOT NULL, -- of them, those it refused
  counted  BIGINT  NOT NULL, -- of them, those it counts against the month
  PRIMARY KEY (app, day, endpoint)
) {without_rowid};

CREATE TABLE quota_month (
  app      TEXT    NOT NULL,
  month    INTEGER NOT NULL,
  endpoint TEXT    NOT NULL,
  calls    BIGINT  NOT NULL, -- this and the next two as in quota_day
  refused  BIGINT  NOT NULL,
  counted  BIGINT  NOT NULL,
  PRIMARY KEY (app, month, endpoint)
) {without_rowid};

CREATE TABLE quota_state (
  app        TEXT    NOT NULL PRIMARY KEY,
  month      INTEGER NOT NULL, -- what follows is about this month only
  refused_at BIGINT,           -- when the platform said that the month is used up; null: over
  refusals   INTEGER NOT NULL, -- how often it has said so anew
  lifted     INTEGER NOT NULL  -- 1: an administrator has lifted our own cap
) {without_rowid};

-- Who inserts the row tells the administrator.
CREATE TABLE quota_alarm (
  app       TEXT    NOT NULL,
  month     INTEGER NOT NULL,
  occasion  TEXT    NOT NULL, -- 80 (percent), refused-1, day-20261121-im.v1.message.create-100
  raised_at BIGINT  NOT NULL,
  PRIMARY KEY (app, month, occasion)
) {without_rowid};

-- ---------------------------------------------------------------------------------------------------------------------------------
-- API: keys of business systems, and what these made
-- ---------------------------------------------------------------------------------------------------------------------------------

CREATE TABLE api_key (
  id         {identity},
  name       TEXT   NOT NULL,
  prefix     TEXT   NOT NULL,            -- its first characters, by which people tell it
  hash       TEXT   NOT NULL,            -- SHA-256 of the whole key, hexadecimal; the key itself is kept nowhere
  old_hash   TEXT,                       -- of the key before the last rotation
  old_until  BIGINT,                     -- until when that one is taken besides
  scopes     TEXT   NOT NULL,            -- separated by blanks
  per_minute BIGINT NOT NULL,            -- calls
  budget     BIGINT,                     -- what is left of its calls: 60000 is one call, and per_minute comes each millisecond
  budget_at  BIGINT,                     -- when that was
  system     TEXT   NOT NULL DEFAULT '', -- the business system; keys of one system share what they make
  apps       TEXT,                       -- names of apps that it may speak for, JSON; null: all
  issuers    TEXT,                       -- issuers for whose subjects it may open web-chat sessions, JSON; null: none
  addresses  TEXT,                       -- networks that it may be used from, JSON; null: all
  holder     TEXT,                       -- the person whose it is; null: nobody's, its system's alone
  left_at    BIGINT,                     -- since then its holder may not work: it opens nothing until it is handed over
  created_at BIGINT NOT NULL,
  created_by TEXT   NOT NULL,
  rotated_at BIGINT,
  expires_at BIGINT,
  used_at    BIGINT,                     -- to about ten minutes
  revoked_at BIGINT,
  revoked_by TEXT
);

CREATE UNIQUE INDEX api_key_hash ON api_key (hash);
CREATE INDEX api_key_holder ON api_key (holder) WHERE holder IS NOT NULL;
CREATE UNIQUE INDEX api_key_old_hash ON api_key (old_hash);
CREATE UNIQUE INDEX api_key_name ON api_key (name) WHERE revoked_at IS NULL;

-- What systems made on a platform, where the gateway keeps no row of its own for it.
CREATE TABLE owned_object (
  app        TEXT   NOT NULL,
  kind       TEXT   NOT NULL, -- chat, file, instance, definition, subscription, external_definition, external_instance
  id         TEXT   NOT NULL,
  owner      TEXT   NOT NULL, -- the business system
  created_at BIGINT NOT NULL,
  PRIMARY KEY (app, kind, id)
) {without_rowid};

CREATE INDEX owned_object_age ON owned_object (created_at);

-- ---------------------------------------------------------------------------------------------------------------------------------
-- Webhooks: where business systems are told of events
-- ---------------------------------------------------------------------------------------------------------------------------------

-- Those that were added at run time; those of the configuration are not here.
CREATE TABLE webhook (
  name            TEXT   NOT NULL PRIMARY KEY,
  url             TEXT   NOT NULL, -- encrypted: its path may be a secret
  secret          TEXT   NOT NULL, -- encrypted
  previous_secret TEXT,            -- encrypted; signs as well until previous_until
  previous_until  BIGINT,
  events          TEXT   NOT NULL, -- a JSON list of event types
  apps            TEXT,            -- names of the apps whose events it gets, JSON; null: all
  timeout_ms      BIGINT NOT NULL,
  gone_at         BIGINT,          -- it answered 410: it gets nothing until somebody switches it on again
  removed_at      BIGINT,          -- it is being taken away: its backlog ends a batch at a time, and this row goes with the last
  removed_by      TEXT,
  owner           TEXT   NOT NULL DEFAULT '',
  changed_at      BIGINT NOT NULL,
  changed_by      TEXT   NOT NULL
) {without_rowid};

-- Each attempt to deliver, with the beginning of what the receiver answered.
CREATE TABLE webhook_attempt (
  webhook_id TEXT    NOT NULL, -- the header of that name: the idempotency key of its row in outbox
  at         BIGINT  NOT NULL, -- when it began
  number     INTEGER NOT NULL, -- since the message was made, or sent again
  webhook    TEXT    NOT NULL, -- its name
  took_ms    BIGINT  NOT NULL,
  status     INTEGER,          -- of HTTP; null: there was no answer
  reason     TEXT,             -- why it failed; null: the receiver took it
  media_type TEXT,             -- the answer's content type
  answer     TEXT,             -- the first 1,024 characters of a text, without known secrets
  PRIMARY KEY (webhook_id, at, number)
) {without_rowid};

CREATE INDEX webhook_attempt_age ON webhook_attempt (at);
CREATE INDEX webhook_attempt_of ON webhook_attempt (webhook, at); -- for how long has every attempt failed?

-- Which webhooks, those of the configuration too, are off because every attempt failed, and since when attempts of the others count.
CREATE TABLE webhook_failing (
  webhook    TEXT   NOT NULL PRIMARY KEY, -- its name
  off_at     BIGINT,                      -- since when it is off; null: it is on again
  since      BIGINT NOT NULL,             -- the first attempt of those that failed
  attempts   BIGINT NOT NULL,             -- how many failed
  reason     TEXT   NOT NULL,             -- of the last one
  enabled_at BIGINT                       -- what failed before counts no more
) {without_rowid};

-- ---------------------------------------------------------------------------------------------------------------------------------
-- Robots: group robots of the platforms, each of which writes into one group
-- ---------------------------------------------------------------------------------------------------------------------------------

CREATE TABLE robot (
  id              TEXT    NOT NULL PRIMARY KEY, -- names it in lanes of the outbox: another robot of the same name is another one
  name            TEXT    NOT NULL UNIQUE,
  platform        TEXT    NOT NULL,
  address         TEXT    NOT NULL,             -- encrypted: whoever knows it can write to the group
  secret          TEXT,                         -- encrypted; signs what is said; null: it signs nothing
  description     TEXT    NOT NULL DEFAULT '',
  enabled         INTEGER NOT NULL DEFAULT 1,   -- 0: what is to be said waits
  app             TEXT    NOT NULL,             -- under which app's name its rows stand: a key that is bound to others does not see it
  owner           TEXT    NOT NULL DEFAULT '',
  created_at      BIGINT  NOT NULL,
  changed_at      BIGINT  NOT NULL,
  changed_by      TEXT    NOT NULL,
  succeeded_at    BIGINT,                       -- the last message that the platform took
  failed_at       BIGINT,                       -- the last message that was given up
  failure         TEXT,                         -- why: a word
  failures        INTEGER NOT NULL DEFAULT 0    -- messages that were given up since the last that the platform took
) {without_rowid};

CREATE INDEX robot_owner ON robot (owner);

-- ---------------------------------------------------------------------------------------------------------------------------------
-- Console: accounts of those who may use it
-- ---------------------------------------------------------------------------------------------------------------------------------

CREATE TABLE console_account (
  name                TEXT    NOT NULL PRIMARY KEY, -- in lower case
  display_name        TEXT    NOT NULL,
  password            TEXT    NOT NULL,             -- hashed
  role                TEXT    NOT NULL,             -- auditor, operator, admin
  language            TEXT,                         -- zh, en; null: the browser's
  theme               TEXT,                         -- light, dark; null: the browser's
  failures            INTEGER NOT NULL,             -- log-ins refused in a row
  locked_until        BIGINT,
  totp                TEXT,                         -- secret of the second factor (TOTP, RFC 6238), sealed; null: none
  totp_step           BIGINT  NOT NULL DEFAULT 0,   -- the last step whose code was taken: it and those before are used up
  factor_at           BIGINT,                       -- when the second factor was set up; null: none
  factor_failures     INTEGER NOT NULL DEFAULT 0,   -- wrong codes in a row; only who knows the password can give one
  factor_locked_until BIGINT,
  stamp               TEXT    NOT NULL,             -- another one ends all sessions
  created_at          BIGINT  NOT NULL,
  last_log_in         BIGINT,                       -- Unix milliseconds
  disabled            INTEGER NOT NULL,
  person              TEXT,                         -- whose it is; null: nobody said
  by_rule             INTEGER NOT NULL DEFAULT 0,   -- 1: made when its person signed in; a rule gives it its role, and it has no password
  left_at             BIGINT                        -- since then that person may not work; it is disabled, or the last administrator's
) {without_rowid};

CREATE INDEX console_account_person ON console_account (person) WHERE person IS NOT NULL;

CREATE TABLE console_recovery_code (
  account TEXT NOT NULL,
  hash    TEXT NOT NULL,
  PRIMARY KEY (account, hash)
) {without_rowid};

CREATE TABLE console_session (
  id            TEXT    NOT NULL PRIMARY KEY, -- hash of what the browser holds
  account       TEXT    NOT NULL,
  stamp         TEXT    NOT NULL,             -- the account's when it began
  created_at    BIGINT  NOT NULL,
  seen_at       BIGINT  NOT NULL,
  confirmed_at  BIGINT,                       -- when its person last proved to be it
  failures      INTEGER NOT NULL DEFAULT 0,   -- wrong passwords in a row within the session
  code_failures INTEGER NOT NULL DEFAULT 0,   -- wrong codes in a row within the session
  address       TEXT,
  browser       TEXT,                         -- User-Agent of the log-in
  sign_in       TEXT                          -- the sign-in session that it began by, by its sid; null: a password
) {without_rowid};

CREATE INDEX console_session_account ON console_session (account);
CREATE INDEX console_session_sign_in ON console_session (sign_in) WHERE sign_in IS NOT NULL;

-- Who gets which role when they sign in with an account of the company.
CREATE TABLE console_role_rule (
  id         {identity},
  kind       TEXT   NOT NULL,            -- department, group, person
  place      TEXT   NOT NULL DEFAULT '', -- a department's platform/app, a group's provider
  value      TEXT   NOT NULL,            -- the department's id, the group's name, the person's id
  label      TEXT   NOT NULL,            -- as it was called when the rule was made
  role       TEXT   NOT NULL,
  created_at BIGINT NOT NULL,
  created_by TEXT   NOT NULL
);

CREATE UNIQUE INDEX console_role_rule_value ON console_role_rule (kind, place, value);

-- Log-ins whose password was right and whose second step is not done. None of them opens anything.
CREATE TABLE console_log_in (
  id         TEXT   NOT NULL PRIMARY KEY, -- hash of what the browser holds
  account    TEXT   NOT NULL,
  stamp      TEXT   NOT NULL,             -- the account's when it began
  created_at BIGINT NOT NULL,
  secret     TEXT,                        -- sealed: of a second factor that is being set up; null: a code is asked for
  codes      TEXT,                        -- sealed: recovery codes that were made just now and are to be shown
  sign_in    TEXT                         -- the sign-in session that stands for the password, by its sid
) {without_rowid};

CREATE INDEX console_log_in_account ON console_log_in (account);

-- Whoever knows one of these may make the first account. Gone with it.
CREATE TABLE console_setup_code (
  hash    TEXT   NOT NULL PRIMARY KEY,
  made_at BIGINT NOT NULL
) {without_rowid};

-- Small things that the console remembers for everybody, like how far the first-run wizard came.
CREATE TABLE console_note (
  name  TEXT NOT NULL PRIMARY KEY,
  value TEXT NOT NULL
) {without_rowid};

-- ---------------------------------------------------------------------------------------------------------------------------------
-- People: one id per person over all platforms, and who may use what
-- ---------------------------------------------------------------------------------------------------------------------------------

CREATE TABLE person (
  seq         {identity},
  id          TEXT   NOT NULL, -- pe_ and 32 hex digits; never changes
  disabled_at BIGINT,          -- an administrator shut them out
  absent_at   BIGINT,          -- since then no directory has them as a colleague who may work
  absence     TEXT,            -- left, frozen; null: they are there, or no directory knows them
  fields      TEXT,            -- what an administrator wrote of them, JSON; no directory changes it
  created_at  BIGINT NOT NULL
);

CREATE UNIQUE INDEX person_id ON person (id);

-- A person on a platform.
CREATE TABLE person_account (
  id          {identity},
  person      TEXT    NOT NULL,
  platform    TEXT    NOT NULL,
  app         TEXT    NOT NULL,
  name        TEXT,
  email       TEXT,                       -- of the platform's directory, never the person's own claim; lower case
  is_external INTEGER NOT NULL DEFAULT 0, -- 1: the platform does not say that they are a member of the company whose app they write to
  conflict    TEXT,                       -- ids that belong to other people, as it was last reported; JSON
  apart       INTEGER NOT NULL DEFAULT 0, -- 1: it was unlinked by somebody, and is not linked by its e-mail again
  created_at  BIGINT  NOT NULL,
  seen_at     BIGINT  NOT NULL            -- to about a day
);

CREATE INDEX person_account_person ON person_account (person);
CREATE INDEX person_account_email ON person_account (email);

-- All ids that a platform tells of an account.
CREATE TABLE person_identity (
  platform TEXT    NOT NULL,
  scope    TEXT    NOT NULL, -- where the value is unique: app, corp, issuer
  kind     TEXT    NOT NULL,
  compared TEXT    NOT NULL, -- the value as it is compared
  value    TEXT    NOT NULL, -- as the platform writes it
  account  BIGINT  NOT NULL,
  place    INTEGER NOT NULL, -- the first of an account is its main one
  PRIMARY KEY (platform, scope, kind, compared)
) {without_rowid};

CREATE INDEX person_identity_account ON person_identity (account);

-- Ids of people who became others: what was written under them is found by them for ever.
CREATE TABLE person_alias (
  id        TEXT   NOT NULL PRIMARY KEY,
  person    TEXT   NOT NULL, -- who it is now; never itself an alias
  merged_at BIGINT NOT NULL
) {without_rowid};

CREATE INDEX person_alias_person ON person_alias (person);

-- One-time codes: typed on another platform, they ask for a link of the two accounts.
CREATE TABLE person_link (
  person     TEXT   NOT NULL PRIMARY KEY,
  hash       TEXT   NOT NULL,            -- of the code
  account    BIGINT NOT NULL DEFAULT 0,  -- that made it
  contact    TEXT   NOT NULL DEFAULT '', -- where it is asked, JSON
  expires_at BIGINT NOT NULL
) {without_rowid};

CREATE UNIQUE INDEX person_link_hash ON person_link (hash);

CREATE TABLE person_link_try (
  person TEXT    NOT NULL PRIMARY KEY,
  tries  INTEGER NOT NULL, -- wrong codes since then
  since  BIGINT  NOT NULL  -- Unix milliseconds
) {without_rowid};

-- Somebody typed a code, and the account that made it is asked.
CREATE TABLE person_link_request (
  id            TEXT   NOT NULL PRIMARY KEY, -- lr_ and 32 hex digits; only the asked chat knows it
  account       BIGINT NOT NULL,             -- that made the code: it alone may confirm
  contact       TEXT   NOT NULL,             -- where it is asked, JSON
  other         BIGINT NOT NULL,             -- the account that typed the code
  other_contact TEXT   NOT NULL,
  hash          TEXT   NOT NULL,             -- of the code: typed again, it is found asked already
  created_at    BIGINT NOT NULL,
  expires_at    BIGINT NOT NULL,
  ended_at      BIGINT,
  outcome       TEXT                         -- confirmed, refused, expired; null: open
) {without_rowid};

CREATE UNIQUE INDEX person_link_request_open ON person_link_request (account) WHERE ended_at IS NULL;
CREATE INDEX person_link_request_hash ON person_link_request (hash);

-- Two people who became one, with what is needed to make two of them again.
CREATE TABLE person_join (
  id                 TEXT   NOT NULL PRIMARY KEY, -- jo_ and 32 hex digits
  person             TEXT   NOT NULL,             -- who remained
  former             TEXT   NOT NULL,             -- who became part of them
  former_seq         BIGINT NOT NULL,
  former_created_at  BIGINT NOT NULL,
  former_disabled_at BIGINT,
  person_disabled_at BIGINT,                      -- of who remained, before
  how                TEXT   NOT NULL,             -- code, verified_email, administrator
  joined_by          TEXT   NOT NULL,
  joined_at          BIGINT NOT NULL,
  undo_until         BIGINT NOT NULL,
  undone_at          BIGINT,
  undone_by          TEXT
) {without_rowid};

CREATE INDEX person_join_person ON person_join (person);
CREATE INDEX person_join_former ON person_join (former);

-- What was the former person's.
CREATE TABLE person_join_row (
  join_id TEXT   NOT NULL,
  kind    TEXT   NOT NULL, -- account, alias, turn, web_session…
  row_id  BIGINT NOT NULL, -- 0: it has a name
  name    TEXT   NOT NULL DEFAULT '',
  value   TEXT,
  PRIMARY KEY (join_id, kind, row_id, name)
) {without_rowid};

-- A company's directory on a platform, as one of its apps reads it.
CREATE TABLE directory (
  id          {identity},
  platform    TEXT   NOT NULL,
  app         TEXT   NOT NULL, -- that reads it
  company     TEXT   NOT NULL, -- as the platform names it, in the last complete run
  credentials TEXT   NOT NULL, -- of the app in the last complete run, hashed
  seen_range  TEXT   NOT NULL, -- what the app could see in that run, JSON
  complete_at BIGINT           -- null: none was complete yet
);

CREATE UNIQUE INDEX directory_app ON directory (platform, app);

CREATE TABLE directory_department (
  id         {identity},
  directory  BIGINT NOT NULL,
  dept_key   TEXT   NOT NULL, -- the platform's id that never changes
  parent     TEXT,            -- key of the one above; null: it is at the top, or what is above is not to be seen
  custom_id  TEXT,            -- the company's own id
  name       TEXT,
  en_name    TEXT,
  sort_key   TEXT   NOT NULL, -- order among its neighbours
  leaders    TEXT,            -- the platform's ids of members, JSON; null: withheld
  hash       TEXT   NOT NULL, -- of what the platform told
  read_at    BIGINT NOT NULL, -- when that was asked
  changed_at BIGINT NOT NULL,
  gone_at    BIGINT           -- null: it is there
);

CREATE UNIQUE INDEX directory_department_key ON directory_department (directory, dept_key);
CREATE INDEX directory_department_parent ON directory_department (directory, parent);

-- Who is in a directory. The account is the person's on that platform.
CREATE TABLE directory_member (
  id          {identity},
  directory   BIGINT NOT NULL,
  member_key  TEXT   NOT NULL, -- the platform's id that never changes
  account     BIGINT NOT NULL,
  status      TEXT   NOT NULL, -- active, inactive, frozen, left, hidden (out of the app's range), unknown
  fields      TEXT   NOT NULL, -- what the directory told of them, JSON; what it withholds now stays as it was told
  employee_no TEXT,            -- of these, to be found by
  email       TEXT,            -- of these, in lower case
  user_id     TEXT,            -- of these: events of some platforms name people by it; it can be somebody else's later
  hash        TEXT   NOT NULL, -- of what the platform told
  read_at     BIGINT NOT NULL, -- when that was asked
  changed_at  BIGINT NOT NULL,
  left_at     BIGINT           -- null: they are there
);

CREATE UNIQUE INDEX directory_member_key ON directory_member (directory, member_key);
CREATE INDEX directory_member_account ON directory_member (account);
CREATE INDEX directory_member_user_id ON directory_member (directory, user_id) WHERE user_id IS NOT NULL;
CREATE INDEX directory_member_number ON directory_member (employee_no) WHERE employee_no IS NOT NULL;
CREATE INDEX directory_member_email ON directory_member (email) WHERE email IS NOT NULL;
CREATE INDEX directory_member_left ON directory_member (left_at) WHERE left_at IS NOT NULL AND fields <> '{}';

CREATE TABLE directory_membership (
  member   BIGINT  NOT NULL,
  dept_key TEXT    NOT NULL,
  place    INTEGER NOT NULL, -- among the member's departments
  is_main  INTEGER NOT NULL,
  leads    INTEGER NOT NULL,
  PRIMARY KEY (member, dept_key)
) {without_rowid};

CREATE INDEX directory_membership_dept ON directory_membership (dept_key);

CREATE TABLE directory_run (
  id          {identity},
  platform    TEXT    NOT NULL,
  app         TEXT    NOT NULL,
  cause       TEXT    NOT NULL,           -- manual, nightly, events, outage, confirmed
  asked_by    TEXT    NOT NULL,
  dry         INTEGER NOT NULL,           -- 1: it changes nothing
  confirms    BIGINT,                     -- the run whose question was answered with yes
  state       TEXT    NOT NULL,           -- queued, running, waiting, complete, failed, discarded, applied
  reason      TEXT,                       -- why it failed, or what it asks: a word
  detail      TEXT,                       -- in words, for the log and for support
  token       BIGINT  NOT NULL DEFAULT 0, -- grows with each process that takes it
  lease_until BIGINT,
  progress    TEXT,                       -- how far it came, JSON; null: it has not begun, or has ended
  counts      TEXT,                       -- JSON
  created_at  BIGINT  NOT NULL,
  started_at  BIGINT,
  ended_at    BIGINT
);

CREATE INDEX directory_run_open ON directory_run (id) WHERE ended_at IS NULL;
CREATE INDEX directory_run_age ON directory_run (ended_at) WHERE ended_at IS NOT NULL;

-- What runs and events changed, or would change.
CREATE TABLE directory_change (
  id        {identity},
  run       BIGINT NOT NULL, -- 0: none; an event, or a system that provisions
  directory BIGINT NOT NULL,
  kind      TEXT   NOT NULL, -- joined, returned, changed, left, frozen, hidden; department_made, department_changed, department_gone
  item      TEXT   NOT NULL, -- key of the member or department
  name      TEXT,
  person    TEXT,            -- null: a department, or somebody who is not known yet
  detail    TEXT,            -- fields with what they were and are, JSON
  applied   INTEGER NOT NULL, -- 0: it would change so
  at        BIGINT NOT NULL
);

CREATE INDEX directory_change_run ON directory_change (run, id);
CREATE INDEX directory_change_person ON directory_change (person, id) WHERE person IS NOT NULL;
CREATE INDEX directory_change_lately ON directory_change (directory, kind, at) WHERE run = 0;
CREATE INDEX directory_change_age ON directory_change (at);

-- Until when events of an app whose directory is read could reach some process.
CREATE TABLE directory_listening (
  platform    TEXT   NOT NULL,
  app         TEXT   NOT NULL,
  heard_until BIGINT NOT NULL,
  PRIMARY KEY (platform, app)
) {without_rowid};

-- Events said that somebody or something changed: what is asked for anew.
CREATE TABLE directory_hint (
  id         {identity},
  platform   TEXT    NOT NULL,
  app        TEXT    NOT NULL,
  kind       TEXT    NOT NULL, -- member, department, all, late
  item       TEXT    NOT NULL, -- as the event names it
  tries      INTEGER NOT NULL DEFAULT 0,
  not_before BIGINT  NOT NULL,
  created_at BIGINT  NOT NULL
);

CREATE INDEX directory_hint_due ON directory_hint (not_before);

-- Two people who may be one: an administrator says.
CREATE TABLE directory_match (
  id         {identity},
  person     TEXT   NOT NULL,
  other      TEXT   NOT NULL, -- person < other
  reason     TEXT   NOT NULL, -- employee_no, email
  value      TEXT   NOT NULL, -- that both have
  created_at BIGINT NOT NULL,
  decided_at BIGINT,
  decided_by TEXT,
  outcome    TEXT             -- joined, dismissed; null: open
);

CREATE UNIQUE INDEX directory_match_pair ON directory_match (person, other);

-- Systems that people are pushed to over SCIM.
CREATE TABLE scim_target (
  id           {identity},
  name         TEXT    NOT NULL,
  url          TEXT    NOT NULL,           -- where its SCIM begins; no slash at the end
  token        TEXT    NOT NULL,           -- encrypted
  user_name    TEXT    NOT NULL,           -- the field of people that is their userName there
  group_kind   TEXT    NOT NULL,           -- departments, none
  owner        TEXT    NOT NULL,
  fence        BIGINT  NOT NULL DEFAULT 0, -- grows with each process that takes it, and with each change
  lease_until  BIGINT,
  seen         BIGINT  NOT NULL,           -- changes up to this number were worked on
  phase        TEXT,                       -- of the comparison of everything: users, groups; null: none is asked for
  phase_after  BIGINT  NOT NULL DEFAULT 0, -- the last one that was compared
  compared_at  BIGINT,                     -- when everything was compared last
  patch        INTEGER,                    -- 1: it takes PATCH; 0: it does not; null: it was not asked yet
  paused       TEXT,                       -- why nothing is sent until somebody mends it: a word; null: it is sent
  away         TEXT,                       -- why nothing was sent last: a word; null: it was sent
  status       INTEGER,                    -- what it answered then
  detail       TEXT,
  tries        INTEGER NOT NULL DEFAULT 0, -- in vain, one after another
  not_before   BIGINT,                     -- it is left alone until then
  asks         BIGINT  NOT NULL DEFAULT 0, -- so many people wait for an administrator's yes before they are deactivated
  confirmed_at BIGINT,                     -- whoever waited by then may be deactivated
  created_at   BIGINT  NOT NULL,
  changed_at   BIGINT  NOT NULL,
  changed_by   TEXT    NOT NULL
);

CREATE UNIQUE INDEX scim_target_name ON scim_target (name);

-- A person or a department at a target.
CREATE TABLE scim_resource (
  id         {identity},
  target     BIGINT  NOT NULL,
  kind       TEXT    NOT NULL,           -- user, group
  item       TEXT    NOT NULL,           -- the person's id; the department's number
  remote_id  TEXT,                       -- the target's id of it; null: it is not there
  name       TEXT,                       -- userName or displayName, as it was pushed last
  compared   TEXT,                       -- that in lower case
  pushed     TEXT    NOT NULL,           -- hashes of the attributes that were pushed last, JSON
  is_active  INTEGER NOT NULL DEFAULT 1, -- 0: it was deactivated there
  off_since  BIGINT,                     -- since then it waits to be deactivated
  off_at     BIGINT,                     -- when it was, without a question to anybody: those of an hour are counted together
  reason     TEXT,                       -- why it is left out or failed: a word
  status     INTEGER,                    -- what the target answered then
  scim_type  TEXT,
  detail     TEXT,
  tries      INTEGER NOT NULL DEFAULT 0,
  not_before BIGINT,                     -- it is tried again then
  changed_at BIGINT  NOT NULL
);

CREATE UNIQUE INDEX scim_resource_item ON scim_resource (target, kind, item);
CREATE INDEX scim_resource_name ON scim_resource (target, kind, compared);
CREATE INDEX scim_resource_due ON scim_resource (target, not_before) WHERE not_before IS NOT NULL;
CREATE INDEX scim_resource_off ON scim_resource (target, off_since) WHERE off_since IS NOT NULL;
CREATE INDEX scim_resource_left ON scim_resource (changed_at) WHERE is_active = 0 AND name IS NOT NULL;
CREATE INDEX scim_resource_failed ON scim_resource (target, id) WHERE reason IS NOT NULL;

-- Who is in a group at a target, as it was pushed.
CREATE TABLE scim_resource_member (
  target    BIGINT NOT NULL,
  item      TEXT   NOT NULL, -- the department's number
  person    TEXT   NOT NULL,
  remote_id TEXT   NOT NULL, -- the target's id of the person
  PRIMARY KEY (target, item, person)
) {without_rowid};

CREATE INDEX scim_resource_member_person ON scim_resource_member (target, person);

-- Who and what changed last, while there are targets: each has read up to a number.
CREATE TABLE scim_change (
  kind TEXT   NOT NULL, -- user, group
  item TEXT   NOT NULL,
  no   BIGINT NOT NULL, -- rises; changes of one transaction may share it
  PRIMARY KEY (kind, item)
) {without_rowid};

CREATE INDEX scim_change_no ON scim_change (no);

-- People who are signed in with a browser (People/SignIn/Sessions).
CREATE TABLE sign_in_session (
  id         TEXT   NOT NULL PRIMARY KEY, -- hash of what the browser holds
  sid        TEXT   NOT NULL,             -- si_ and 32 hex digits: its name in tokens, opens nothing
  person     TEXT   NOT NULL,
  method     TEXT   NOT NULL,             -- the sign-in method by which they last proved who they are
  auth_time  BIGINT NOT NULL,             -- when they did
  created_at BIGINT NOT NULL,
  seen_at    BIGINT NOT NULL,             -- to about a minute
  address    TEXT,
  browser    TEXT,                        -- User-Agent
  told       TEXT                         -- by the method at the last proof: account, departments, groups; JSON
) {without_rowid};

CREATE UNIQUE INDEX sign_in_session_sid ON sign_in_session (sid);
CREATE INDEX sign_in_session_person ON sign_in_session (person);
CREATE INDEX sign_in_session_seen ON sign_in_session (seen_at);

-- States that came back: each is good once. Those that never come back are nowhere but in their browser (People/SignIn/Attempts).
CREATE TABLE sign_in_used (
  state   TEXT   NOT NULL PRIMARY KEY, -- hashed
  used_at BIGINT NOT NULL
) {without_rowid};

CREATE INDEX sign_in_used_at ON sign_in_used (used_at);

-- The company's own identity providers, by which people sign in (People/SignIn/Providers).
CREATE TABLE identity_provider (
  name          TEXT    NOT NULL PRIMARY KEY, -- a step of /sign-in/{name}
  title_zh      TEXT    NOT NULL,
  title_en      TEXT    NOT NULL,
  issuer        TEXT    NOT NULL,             -- to the letter, as its discovery document says it
  client_id     TEXT    NOT NULL,
  client_secret TEXT,                         -- encrypted; null: a public client
  client_auth   TEXT    NOT NULL,             -- auto, client_secret_basic, client_secret_post, none
  product       TEXT    NOT NULL,             -- oidc, entra: who somebody is there
  scopes        TEXT    NOT NULL,             -- with blanks between them
  name_claim    TEXT    NOT NULL,
  groups_claim  TEXT    NOT NULL DEFAULT '',  -- empty: groups are not asked for
  tenants       TEXT    NOT NULL DEFAULT '',  -- of Entra, with blanks between them
  allow_guests  INTEGER NOT NULL DEFAULT 0,
  create_people INTEGER NOT NULL DEFAULT 0,   -- 1: whom the gateway does not know becomes a person by signing in
  enabled       INTEGER NOT NULL DEFAULT 1,
  owner         TEXT    NOT NULL DEFAULT '',
  created_at    BIGINT  NOT NULL,
  changed_at    BIGINT  NOT NULL,
  changed_by    TEXT    NOT NULL
) {without_rowid};

-- Systems that people sign in to with the gateway as their OpenID provider (People/OpenId).
CREATE TABLE oidc_client (
  id          TEXT    NOT NULL PRIMARY KEY,  -- lc_ and 32 hex digits: its client_id
  name        TEXT    NOT NULL,              -- as people read it when they are asked for consent
  secret_hash TEXT,                          -- null: a public client, which has none
  settings    TEXT    NOT NULL,              -- addresses and switches, as JSON
  enabled     INTEGER NOT NULL DEFAULT 1,
  owner       TEXT    NOT NULL,
  created_at  BIGINT  NOT NULL,
  changed_at  BIGINT  NOT NULL,
  changed_by  TEXT    NOT NULL,
  secret_at   BIGINT                         -- when it got its secret
) {without_rowid};

-- Keys that sign what the provider says. One is active; one is published before it is used, and those before until nothing of theirs holds.
CREATE TABLE oidc_key (
  kid        TEXT   NOT NULL PRIMARY KEY, -- RFC 7638
  public_key TEXT   NOT NULL,             -- SubjectPublicKeyInfo, base64
  sealed_key TEXT   NOT NULL,             -- PKCS #8, encrypted
  state      TEXT   NOT NULL,             -- next, active, retiring
  made_at    BIGINT NOT NULL,
  state_at   BIGINT NOT NULL              -- since when it is in its state
) {without_rowid};

-- Codes. What was used is kept, so that a second use ends what came of the first.
CREATE TABLE oidc_code (
  hash         TEXT   NOT NULL PRIMARY KEY,
  client       TEXT   NOT NULL,
  person       TEXT   NOT NULL,
  sid          TEXT   NOT NULL,
  redirect_uri TEXT   NOT NULL,
  scopes       TEXT   NOT NULL,
  nonce        TEXT,
  challenge    TEXT,                      -- S256 (RFC 7636)
  auth_time    BIGINT NOT NULL,
  expires_at   BIGINT NOT NULL,
  used_at      BIGINT,
  family       TEXT                       -- what came of it
) {without_rowid};

CREATE INDEX oidc_code_expires ON oidc_code (expires_at);
CREATE INDEX oidc_code_sid ON oidc_code (sid);

-- What a person gave a client at one sign-in: all tokens that come of it end with it.
CREATE TABLE oidc_family (
  id         TEXT    NOT NULL PRIMARY KEY,
  client     TEXT    NOT NULL,
  person     TEXT    NOT NULL,
  sid        TEXT    NOT NULL,
  offline    INTEGER NOT NULL,            -- 1: it outlasts the session (offline_access)
  scopes     TEXT    NOT NULL,
  auth_time  BIGINT  NOT NULL,
  used_at    BIGINT  NOT NULL,
  expires_at BIGINT  NOT NULL,
  ended_at   BIGINT
) {without_rowid};

CREATE INDEX oidc_family_person ON oidc_family (person);
CREATE INDEX oidc_family_sid ON oidc_family (sid);
CREATE INDEX oidc_family_client ON oidc_family (client);
CREATE INDEX oidc_family_expires ON oidc_family (expires_at);

CREATE TABLE oidc_token (
  hash       TEXT    NOT NULL PRIMARY KEY,
  family     TEXT    NOT NULL,
  is_refresh INTEGER NOT NULL,
  scopes     TEXT    NOT NULL,
  made_at    BIGINT  NOT NULL,
  expires_at BIGINT  NOT NULL,
  used_at    BIGINT                       -- of a refresh token: it was exchanged
) {without_rowid};

CREATE INDEX oidc_token_family ON oidc_token (family);
CREATE INDEX oidc_token_expires ON oidc_token (expires_at);

-- Which clients a session has signed in to: they are told of its end.
CREATE TABLE oidc_session_client (
  sid    TEXT NOT NULL,
  client TEXT NOT NULL,
  person TEXT NOT NULL,                   -- as the client knows them: sub
  issuer TEXT NOT NULL,                   -- as the client knows us
  PRIMARY KEY (sid, client)
) {without_rowid};

CREATE TABLE oidc_consent (
  person   TEXT   NOT NULL,
  client   TEXT   NOT NULL,
  scopes   TEXT   NOT NULL,
  given_at BIGINT NOT NULL,
  PRIMARY KEY (person, client)
) {without_rowid};

-- preferred_username: given once, and nobody else's ever after.
CREATE TABLE oidc_user_name (
  name     TEXT   NOT NULL PRIMARY KEY,
  person   TEXT   NOT NULL,
  given_at BIGINT NOT NULL
) {without_rowid};

CREATE UNIQUE INDEX oidc_user_name_person ON oidc_user_name (person);

-- Clients that are to be told that a session has ended (OpenID Connect Back-Channel Logout).
CREATE TABLE oidc_logout (
  id          {identity},
  client      TEXT    NOT NULL,
  sid         TEXT    NOT NULL,
  person      TEXT    NOT NULL,
  issuer      TEXT    NOT NULL,
  tries       INTEGER NOT NULL DEFAULT 0,
  not_before  BIGINT  NOT NULL,
  lease_until BIGINT,
  created_at  BIGINT  NOT NULL
);

CREATE INDEX oidc_logout_due ON oidc_logout (not_before);

-- People let an app call its platform in their own name (Authorizations): each row is one question, and the answer to it.
CREATE TABLE user_authorization (
  number     {identity},
  id         TEXT   NOT NULL UNIQUE, -- au_ and 32 hex digits
  app        TEXT   NOT NULL,
  open_id    TEXT   NOT NULL,        -- the person, as the app knows them
  holder     TEXT   NOT NULL,        -- who calls in their name: assistant, bot, or system: and a business system's name
  owner      TEXT   NOT NULL,        -- the business system; empty: the gateway's own, or the administrators'
  scopes     TEXT   NOT NULL,        -- of the platform, with blanks between them
  reason_zh  TEXT   NOT NULL,        -- what for, as the person reads it
  reason_en  TEXT   NOT NULL,
  state      TEXT   NOT NULL,        -- waiting, given, refused, ended
  asked_at   BIGINT NOT NULL,
  expires_at BIGINT NOT NULL,        -- while it waits: nobody can answer after it
  decided_at BIGINT,
  ended_at   BIGINT,
  ended_why  TEXT                    -- withdrawn, given_back, revoked, run_out, left, replaced
);

CREATE INDEX user_authorization_person ON user_authorization (app, open_id);
CREATE INDEX user_authorization_owner ON user_authorization (owner, number);
CREATE INDEX user_authorization_over ON user_authorization (expires_at) WHERE state <> 'given';

-- What goes on once somebody has allowed it: the question or command that stopped for it.
CREATE TABLE user_authorization_resume (
  id            TEXT    NOT NULL PRIMARY KEY, -- hash of what stopped: it goes on once
  authorization_id TEXT NOT NULL,
  kind          TEXT    NOT NULL,
  payload       TEXT    NOT NULL,             -- JSON, its kind's own
  made_at       BIGINT  NOT NULL,
  due_at        BIGINT,                       -- null: it waits for the person
  tries         INTEGER NOT NULL DEFAULT 0,
  lease_until   BIGINT
) {without_rowid};

CREATE INDEX user_authorization_resume_due ON user_authorization_resume (due_at) WHERE due_at IS NOT NULL;
CREATE INDEX user_authorization_resume_made ON user_authorization_resume (made_at);
CREATE INDEX user_authorization_resume_of ON user_authorization_resume (authorization_id);

-- The messages that ask for one: they change with the answer.
CREATE TABLE user_authorization_card (
  outbox_id        BIGINT NOT NULL PRIMARY KEY,
  authorization_id TEXT   NOT NULL,
  app              TEXT   NOT NULL, -- it sends the message
  message_id       TEXT             -- null: on its way
);

CREATE INDEX user_authorization_card_of ON user_authorization_card (authorization_id);

-- Tokens by which an app calls in people's names.
CREATE TABLE user_token (
  id                 TEXT   NOT NULL PRIMARY KEY, -- the app's platform id, a blank, the open_id
  app                TEXT   NOT NULL,
  open_id            TEXT   NOT NULL,
  sealed             TEXT,                        -- the tokens, encrypted; null: none, the row is a lock
  scopes             TEXT   NOT NULL DEFAULT '',
  expires_at         BIGINT,                      -- the access token
  refresh_expires_at BIGINT,                      -- the refresh token; null: there is none, or nobody says
  saved_at           BIGINT NOT NULL,
  locked_by          TEXT,
  locked_until       BIGINT
) {without_rowid};

CREATE INDEX user_token_person ON user_token (app, open_id);
CREATE INDEX user_token_saved ON user_token (saved_at);

CREATE TABLE permission_rule (
  name       TEXT   NOT NULL PRIMARY KEY,
  definition TEXT   NOT NULL, -- JSON, as PUT takes it
  version    BIGINT NOT NULL, -- of the whole set: each change has a higher one
  changed_at BIGINT NOT NULL,
  changed_by TEXT   NOT NULL
) {without_rowid};

CREATE TABLE permission_role (
  name       TEXT   NOT NULL PRIMARY KEY,
  people     TEXT   NOT NULL, -- ids of people, JSON
  version    BIGINT NOT NULL, -- as in permission_rule
  changed_at BIGINT NOT NULL,
  changed_by TEXT   NOT NULL
) {without_rowid};

-- ---------------------------------------------------------------------------------------------------------------------------------
-- Bots: what they know of those who write to them
-- ---------------------------------------------------------------------------------------------------------------------------------

CREATE TABLE bot_person (
  app         TEXT NOT NULL,
  person_id   TEXT NOT NULL, -- the platform's
  language    TEXT,
  welcomed_at BIGINT,
  PRIMARY KEY (app, person_id)
) {without_rowid};

-- ---------------------------------------------------------------------------------------------------------------------------------
-- Commands: what plug-ins keep, and those of business systems
-- ---------------------------------------------------------------------------------------------------------------------------------

CREATE TABLE plugin_value (
  plugin     TEXT   NOT NULL,
  name       TEXT   NOT NULL,
  value      TEXT   NOT NULL, -- JSON
  expires_at BIGINT,          -- null: it stays until the plug-in removes it
  PRIMARY KEY (plugin, name)
) {without_rowid};

CREATE INDEX plugin_value_expiry ON plugin_value (expires_at) WHERE expires_at IS NOT NULL;

-- Commands that business systems registered.
CREATE TABLE bot_command (
  name       TEXT   NOT NULL PRIMARY KEY, -- lower case
  definition TEXT   NOT NULL,             -- as it was sent, JSON
  apps       TEXT,                        -- names of the apps whose people it is for, JSON; null: all
  owner      TEXT   NOT NULL,
  changed_at BIGINT NOT NULL,
  changed_by TEXT   NOT NULL
) {without_rowid};

-- What people called by them.
CREATE TABLE command_call (
  number     {identity},
  id         TEXT    NOT NULL UNIQUE,    -- cc_…
  command    TEXT    NOT NULL,
  owner      TEXT    NOT NULL,           -- whose the command was then
  app        TEXT    NOT NULL,
  platform   TEXT    NOT NULL,
  person_id  TEXT    NOT NULL,           -- the platform's main id of who called
  person     TEXT    NOT NULL,           -- who they are, JSON
  words      TEXT    NOT NULL,           -- behind the command
  form       TEXT,                       -- what they are asked, a CardMessage as it was asked for, JSON; null: nothing
  entered    TEXT,                       -- what they answered, JSON
  chat_id    TEXT    NOT NULL,
  is_group   INTEGER NOT NULL,
  message_id TEXT    NOT NULL,
  reply      TEXT    NOT NULL,           -- where the answer goes, JSON; addresses in it are sealed
  locale     TEXT    NOT NULL,
  reference  TEXT    NOT NULL,
  state      INTEGER NOT NULL,           -- 0: the form is open, 1: its system knows of it, 2: it has answered
  answers    INTEGER NOT NULL DEFAULT 0,
  remind_at  BIGINT,                     -- when the person is told that there is no answer yet; null: never, or they were
  created_at BIGINT  NOT NULL            -- when it was called, or its form was sent
);

CREATE INDEX command_call_list ON command_call (command, number);
CREATE INDEX command_call_own_list ON command_call (command, owner, number);
CREATE INDEX command_call_reminders ON command_call (remind_at) WHERE remind_at IS NOT NULL;
CREATE INDEX command_call_age ON command_call (created_at);

-- Answers by the names that their callers gave them.
CREATE TABLE command_answer (
  call_id    TEXT   NOT NULL,
  caller_key TEXT   NOT NULL,
  body_hash  TEXT   NOT NULL,
  number     INTEGER NOT NULL, -- 1 for the first of the call
  PRIMARY KEY (call_id, caller_key)
) {without_rowid};

-- ---------------------------------------------------------------------------------------------------------------------------------
-- Cards: those that were sent as a CardMessage, what people did on them, and templates
-- ---------------------------------------------------------------------------------------------------------------------------------

-- Templates that administrators wrote in the console; those of files are no rows.
CREATE TABLE card_template (
  name       TEXT   NOT NULL PRIMARY KEY,
  definition TEXT   NOT NULL, -- JSON, as a file *.card.json has it
  changed_at BIGINT NOT NULL,
  changed_by TEXT   NOT NULL
) {without_rowid};

CREATE TABLE card_message (
  id             TEXT   NOT NULL PRIMARY KEY,
  app            TEXT   NOT NULL,
  platform       TEXT   NOT NULL,
  caller_key     TEXT   NOT NULL, -- the business system's own name for the message
  model          TEXT   NOT NULL, -- the CardMessage as it was asked for, JSON
  created_at     BIGINT NOT NULL,
  decided_action TEXT,            -- the action that decided it; its actions are gone since
  decided_at     BIGINT,
  owner          TEXT   NOT NULL DEFAULT ''
) {without_rowid};

CREATE INDEX card_message_age ON card_message (created_at);

-- Which messages show a card. A click counts on one of these alone, whatever value another card's button has.
CREATE TABLE card_delivery (
  card       TEXT   NOT NULL, -- the card's id, or the turn whose buttons it has
  outbox_id  BIGINT NOT NULL, -- the row that sends it, or gives a message its face
  message_id TEXT,            -- the platform's; null: it has not answered yet
  created_at BIGINT NOT NULL,
  PRIMARY KEY (card, outbox_id)
) {without_rowid};

CREATE INDEX card_delivery_outbox ON card_delivery (outbox_id);
CREATE INDEX card_delivery_message ON card_delivery (message_id) WHERE message_id IS NOT NULL;
CREATE INDEX card_delivery_age ON card_delivery (created_at);

CREATE TABLE card_action (
  id          {identity},
  card        TEXT   NOT NULL,
  app         TEXT   NOT NULL,
  event_id    TEXT   NOT NULL,
  action      TEXT   NOT NULL,
  outcome     TEXT   NOT NULL, -- done, repeated (somebody was first), refused (not allowed), incomplete
  person_id   TEXT   NOT NULL, -- the platform's
  person_name TEXT,
  message_id  TEXT,
  form        TEXT,            -- what was entered, JSON
  reference   TEXT   NOT NULL,
  at          BIGINT NOT NULL
);

CREATE INDEX card_action_card ON card_action (card, id);
CREATE UNIQUE INDEX card_action_event ON card_action (event_id, app);

-- ---------------------------------------------------------------------------------------------------------------------------------
-- Card streams: cards that are written while somebody reads
-- ---------------------------------------------------------------------------------------------------------------------------------

CREATE TABLE card_stream (
  id          TEXT    NOT NULL PRIMARY KEY, -- made from app and key: work that is done again finds its card
  app         TEXT    NOT NULL,
  lane        TEXT    NOT NULL,
  partition   INTEGER NOT NULL,             -- by the hash of the lane
  target_type TEXT    NOT NULL,             -- this and the next two as in outbox
  target      TEXT    NOT NULL,
  in_thread   INTEGER NOT NULL,
  inbox_id    BIGINT  NOT NULL,             -- the event whose work writes it; 0: no event's
  turn_id     BIGINT  NOT NULL DEFAULT 0,   -- the turn whose answer it is: while it is open, it alone closes the stream; 0: none
  fed_by      INTEGER NOT NULL,             -- 0 this gateway's own work, 1 a business system
  node        TEXT    NOT NULL,             -- the process that sends its frames
  face        TEXT    NOT NULL,             -- what stands around the text (title, loading text…), JSON
  reference   TEXT    NOT NULL,
  state       INTEGER NOT NULL DEFAULT 0,   -- 0 open, 1 ended: its last frames are in the outbox
  ending      TEXT,                         -- finished, failed, interrupted, idle
  text        TEXT    NOT NULL DEFAULT '',
  last_face   TEXT,                         -- what it ended with besides its text, JSON: shown again over a later frame
  owner       TEXT    NOT NULL DEFAULT '',
  created_at  BIGINT  NOT NULL,
  fed_at      BIGINT  NOT NULL,
  ended_at    BIGINT
);

CREATE INDEX card_stream_open ON card_stream (fed_at) WHERE state = 0;
CREATE INDEX card_stream_ended ON card_stream (ended_at) WHERE state = 1;

-- Its cards: a long text has several.
CREATE TABLE card_stream_page (
  stream_id  TEXT    NOT NULL,
  page       INTEGER NOT NULL,
  mode       INTEGER NOT NULL,           -- 0 nothing sent, 1 card entity, 2 message that is changed
  card_id    TEXT,                       -- the platform's
  message_id TEXT,
  reserved   BIGINT  NOT NULL DEFAULT 0, -- numbers of operations up to this one may have been used
  PRIMARY KEY (stream_id, page)
) {without_rowid};

-- Which text a card of ours shows, by its message.
CREATE INDEX card_stream_page_message ON card_stream_page (message_id) WHERE message_id IS NOT NULL;

-- ---------------------------------------------------------------------------------------------------------------------------------
-- Notifications: their types, what was asked for, and what became of each recipient's card
-- ---------------------------------------------------------------------------------------------------------------------------------

CREATE TABLE notification_type (
  name       TEXT   NOT NULL PRIMARY KEY,
  definition TEXT   NOT NULL, -- JSON, as PUT takes it
  owner      TEXT   NOT NULL DEFAULT '',
  changed_at BIGINT NOT NULL,
  changed_by TEXT   NOT NULL
) {without_rowid};

CREATE TABLE notification (
  id           {identity},
  public_id    TEXT    NOT NULL, -- nt…; stands on the cards, too
  app          TEXT    NOT NULL,
  event        TEXT    NOT NULL, -- the business event
  subject      TEXT,             -- the business object: PR-2026-0001
  caller_key   TEXT    NOT NULL, -- Idempotency-Key
  body_hash    TEXT    NOT NULL, -- of the request under it: another one is refused
  requested_by TEXT    NOT NULL,
  owner        TEXT    NOT NULL DEFAULT '',
  state        TEXT    NOT NULL, -- open, decided, resolved, recalled, switched_off
  test         INTEGER NOT NULL,
  quiet        TEXT    NOT NULL, -- urgent, normal, digest
  model        TEXT    NOT NULL, -- the filled CardMessage, JSON; empty when switched off
  decides      INTEGER NOT NULL, -- 1: the card asks for a decision
  approvers    TEXT    NOT NULL, -- ids of those who may decide, JSON
  webhook      TEXT,             -- the webhook that hears the decision; null: all that want it
  applicant    TEXT,             -- who hears the decision in the chat, JSON
  face         INTEGER NOT NULL, -- which face the cards should show: rises with each change
  decision     TEXT,             -- approved, rejected
  comment      TEXT,
  decided_by   TEXT,             -- JSON
  decided_at   BIGINT,
  resolved     TEXT,             -- what the cards say since somebody resolved them, JSON
  reminders    INTEGER NOT NULL DEFAULT 0,
  remind_key   TEXT,             -- of the last request to remind
  reminded_at  BIGINT,
  created_at   BIGINT  NOT NULL
);

CREATE UNIQUE INDEX notification_public ON notification (public_id);
CREATE UNIQUE INDEX notification_key ON notification (caller_key, app);
CREATE INDEX notification_subject ON notification (subject, id);
CREATE INDEX notification_age ON notification (created_at);
CREATE INDEX notification_undecided ON notification (id) WHERE decides = 1 AND state = 'open';
CREATE INDEX notification_owner ON notification (owner, id) WHERE owner <> '';

-- One recipient's card.
CREATE TABLE notification_delivery (
  id            {identity},
  notification  BIGINT  NOT NULL,
  position      INTEGER NOT NULL,           -- among the recipients
  app           TEXT    NOT NULL,
  recipient     TEXT    NOT NULL,           -- as it was named, JSON
  target_type   TEXT    NOT NULL,           -- open_id, user_id, union_id, chat_id; empty: unknown
  target        TEXT    NOT NULL,
  person        TEXT,                       -- who it is, JSON
  state         TEXT    NOT NULL,           -- waiting, queued (see outbox), sent, degraded, failed, discarded, unknown_recipient
  digest        INTEGER NOT NULL DEFAULT 0, -- 1: it goes, or went, as a line of a digest
  due_at        BIGINT,                     -- when a waiting one leaves
  outbox_id     BIGINT,
  recall_id     BIGINT,                     -- the outbox row that takes it back
  remind_id     BIGINT,                     -- the outbox row of the last reminder
  remind_urgent INTEGER NOT NULL DEFAULT 0, -- 1: that was an urgent push
  message_id    TEXT,
  reason        TEXT,
  sent_at       BIGINT,
  read_at       BIGINT,
  face          INTEGER NOT NULL,           -- the face it shows, or will show when what is queued has left
  behind        INTEGER NOT NULL DEFAULT 0  -- 1: it was on its way when the face changed
);

CREATE UNIQUE INDEX notification_delivery_of ON notification_delivery (notification, position);
CREATE INDEX notification_delivery_due ON notification_delivery (due_at) WHERE state = 'waiting';
CREATE INDEX notification_delivery_queued ON notification_delivery (id) WHERE state = 'queued';
CREATE INDEX notification_delivery_behind ON notification_delivery (notification) WHERE behind = 1;
CREATE INDEX notification_delivery_unread ON notification_delivery (app, target) WHERE read_at IS NULL;

CREATE TABLE notification_click (
  id           {identity},
  notification BIGINT NOT NULL,
  app          TEXT   NOT NULL,
  event_id     TEXT   NOT NULL,
  action       TEXT   NOT NULL,
  outcome      TEXT   NOT NULL, -- done, asked (for the reason), repeated, refused, incomplete, switched_off
  person_id    TEXT   NOT NULL, -- the platform's
  person_name  TEXT,
  message_id   TEXT,
  reference    TEXT   NOT NULL,
  at           BIGINT NOT NULL
);

CREATE UNIQUE INDEX notification_click_event ON notification_click (event_id, app);
CREATE INDEX notification_click_of ON notification_click (notification, id);

-- Reads that were told before the message was known.
CREATE TABLE notification_early_read (
  app        TEXT   NOT NULL,
  message_id TEXT   NOT NULL,
  reader     TEXT   NOT NULL, -- the reader's ids, JSON
  read_at    BIGINT NOT NULL,
  kept_at    BIGINT NOT NULL, -- since when this row waits
  PRIMARY KEY (app, message_id)
) {without_rowid};

CREATE INDEX notification_early_read_age ON notification_early_read (kept_at);

-- A subject that is being resolved, step by step: a row is there from the request until its last notification is done.
CREATE TABLE subject_resolution (
  id         {identity},
  subject    TEXT   NOT NULL,
  event      TEXT,            -- only notifications of this business event; null: all
  resolved   TEXT   NOT NULL, -- what the cards say, JSON
  who        TEXT   NOT NULL,
  owner      TEXT,            -- only this system's notifications; null: all
  apps       TEXT,            -- only those of these apps, JSON; null: all
  address    TEXT,            -- where it was asked from
  after_id   BIGINT NOT NULL, -- notifications up to this one are done
  up_to      BIGINT NOT NULL, -- id of the newest notification when it was asked for
  created_at BIGINT NOT NULL
);

-- ---------------------------------------------------------------------------------------------------------------------------------
-- Approvals and payments
-- ---------------------------------------------------------------------------------------------------------------------------------

-- What is known of an approval code: whether its events come, and when its form changed.
CREATE TABLE approval_code (
  app           TEXT   NOT NULL,
  code          TEXT   NOT NULL,
  subscription  TEXT   NOT NULL DEFAULT 'none', -- none, wanted, active, refused, removed
  reason        TEXT,
  attempts      BIGINT NOT NULL DEFAULT 0,
  changed_at    BIGINT,
  next_at       BIGINT,                         -- when subscribing is tried again
  definition_at BIGINT,                         -- when the platform last told of another definition
  scanned_to    BIGINT,                         -- up to when its instances were compared with the payments
  PRIMARY KEY (app, code)
) {without_rowid};

-- Approval instances that were asked for directly: a repeat under one Idempotency-Key is the same one.
CREATE TABLE approval_request (
  app           TEXT    NOT NULL,
  request_key   TEXT    NOT NULL,
  request_hash  TEXT    NOT NULL,
  created_at    BIGINT  NOT NULL,
  instance_code TEXT,                       -- null until the platform told it
  unowned       INTEGER NOT NULL DEFAULT 0, -- 1: its key belongs to nobody
  PRIMARY KEY (app, request_key)
) {without_rowid};

CREATE INDEX approval_request_age ON approval_request (created_at);

-- Payments that are approved on the platform: each is a saga with its own record.
CREATE TABLE payment (
  id            TEXT   NOT NULL PRIMARY KEY,
  app           TEXT   NOT NULL,
  request_key   TEXT   NOT NULL,          -- the caller's Idempotency-Key
  request_hash  TEXT   NOT NULL,          -- of the body under it: another body is refused
  number        TEXT   NOT NULL,          -- the business system's own number
  title         TEXT,
  amount        TEXT   NOT NULL,          -- decimal, in the currency's own unit
  currency      TEXT   NOT NULL,
  payee         TEXT,
  submitter     TEXT   NOT NULL,          -- JSON: open_id, user_id, name
  webhook       TEXT,                     -- the webhook that is told; null: all that listen
  approval_code TEXT   NOT NULL,
  uuid          TEXT   NOT NULL,          -- of the instance, and the key of the creating call
  instance_code TEXT,                     -- null until the platform's answer, or an event, told it
  state         TEXT   NOT NULL,          -- submitting, pending, approved, rejected, canceled, deleted, reverted, failed
  version       BIGINT NOT NULL,          -- higher once a decision is undone
  state_at      BIGINT NOT NULL,          -- the platform's time of the state
  reason        TEXT,                     -- why it failed
  requested_by  TEXT   NOT NULL,
  owner         TEXT   NOT NULL DEFAULT '',
  reference     TEXT   NOT NULL,
  created_at    BIGINT NOT NULL,
  changed_at    BIGINT NOT NULL,
  check_at      BIGINT,                   -- when the platform is asked next; null: never again
  touched       BIGINT NOT NULL DEFAULT 0 -- counts the transactions that had it
) {without_rowid};

CREATE UNIQUE INDEX payment_request ON payment (request_key, app);
CREATE UNIQUE INDEX payment_uuid ON payment (uuid);
CREATE INDEX payment_instance ON payment (instance_code);
CREATE INDEX payment_number ON payment (number);
CREATE INDEX payment_age ON payment (created_at);
CREATE INDEX payment_check ON payment (check_at);
CREATE INDEX payment_open ON payment (created_at) WHERE state IN ('submitting', 'pending');
CREATE INDEX payment_owner ON payment (owner, created_at) WHERE owner <> '';

-- What happened to a payment.
CREATE TABLE payment_history (
  id       {identity},
  payment  TEXT   NOT NULL,
  line_key TEXT   NOT NULL, -- what happened, by a name of its own: written once
  at       BIGINT NOT NULL,
  what     TEXT   NOT NULL,
  version  BIGINT NOT NULL, -- the payment's
  source   TEXT   NOT NULL, -- request, create, event, reconciliation, operator
  open_id  TEXT,
  user_id  TEXT,
  detail   TEXT
);

CREATE UNIQUE INDEX payment_history_once ON payment_history (payment, line_key);

-- Which webhooks were told what of a payment.
CREATE TABLE payment_webhook (
  id         {identity},
  payment    TEXT   NOT NULL,
  version    BIGINT NOT NULL, -- the payment's
  type       TEXT   NOT NULL, -- payment.decided, payment.failed
  webhook    TEXT   NOT NULL, -- its name
  outbox_id  BIGINT NOT NULL,
  webhook_id TEXT   NOT NULL  -- the header of that name
);

CREATE UNIQUE INDEX payment_webhook_once ON payment_webhook (payment, version, type, webhook);

-- ---------------------------------------------------------------------------------------------------------------------------------
-- Assistant: conversations, questions and answers
-- ---------------------------------------------------------------------------------------------------------------------------------

-- One per person, route and place at a time, on whichever platforms.
CREATE TABLE assistant_conversation (
  id         {identity},
  person     TEXT   NOT NULL,
  route      TEXT   NOT NULL,
  place      TEXT   NOT NULL DEFAULT '', -- where it goes on: empty in private, on whichever platform; else the group, or the thread in it
  backend    TEXT,                       -- whose conversation remote_id is
  remote_id  TEXT,                       -- the backend's own id; null: none yet, or it remembers nothing
  asked_as   TEXT   NOT NULL,            -- the user that the backend knows: the person's id when it began, whoever they became since
  started_at BIGINT NOT NULL,
  used_at    BIGINT NOT NULL,
  ended_at   BIGINT
);

CREATE UNIQUE INDEX assistant_conversation_open ON assistant_conversation (person, route, place) WHERE ended_at IS NULL;
CREATE INDEX assistant_conversation_used ON assistant_conversation (used_at);

-- Questions and what became of them.
CREATE TABLE assistant_turn (
  id           {identity},
  turn         TEXT    NOT NULL,           -- tu_…, made from the message: asked once however often it is delivered
  conversation BIGINT  NOT NULL,
  partition    INTEGER NOT NULL,           -- by the conversation: its questions are answered one after another
  person       TEXT    NOT NULL,
  route        TEXT    NOT NULL,
  platform     TEXT    NOT NULL,
  app          TEXT    NOT NULL,
  chat_id      TEXT    NOT NULL,
  place        TEXT,                       -- where it was asked, as in assistant_conversation; null: not known, it counts as its chat
  reply        TEXT    NOT NULL,           -- where the answer goes, JSON
  sender       TEXT    NOT NULL,           -- who asked, by the platform's ids, JSON
  language     TEXT    NOT NULL,
  reference    TEXT    NOT NULL,
  question     TEXT    NOT NULL,
  attachments  TEXT,                       -- keys by which its channel reads the files that came with it, JSON; open addresses are sealed
  quoted       TEXT,                       -- the message that it points at: its text and its files' keys, JSON; null: none
  state        INTEGER NOT NULL DEFAULT 0, -- 0 open, 1 ended
  begun_at     BIGINT,                     -- the backend was asked: not asked again by itself
  begun_by     TEXT,                       -- the process that asked it
  stop_at      BIGINT,                     -- the person does not want it any more
  backend      TEXT,                       -- who answered
  task_id      TEXT,                       -- the backend's, for stopping it
  asked_as     TEXT,                       -- the user that the backend knows
  message_id   TEXT,                       -- the backend's, for verdicts
  answer       TEXT,
  suggestions  TEXT,                       -- questions that may come next, offered below the answer: JSON, in the order of their buttons
  ending       TEXT,                       -- finished, stopped, interrupted, failed
  reason       TEXT,                       -- why not finished: a word
  tokens       BIGINT,
  verdict      INTEGER,                    -- 1 helpful, 0 not; null: none
  verdict_due  INTEGER NOT NULL DEFAULT 0, -- 1: the backend has not been told
  save_at      BIGINT,                     -- since when it is to be kept as a document; 0: it was
  asked_at     BIGINT  NOT NULL,
  ended_at     BIGINT
);

CREATE UNIQUE INDEX assistant_turn_turn ON assistant_turn (turn);
CREATE INDEX assistant_turn_open ON assistant_turn (id) WHERE state = 0;
CREATE INDEX assistant_turn_conversation ON assistant_turn (conversation, id);
CREATE INDEX assistant_turn_person ON assistant_turn (person, id);
CREATE INDEX assistant_turn_unhelpful ON assistant_turn (id) WHERE verdict = 0; -- what readers called unhelpful, the newest first
CREATE INDEX assistant_turn_verdict ON assistant_turn (id) WHERE verdict_due = 1;
CREATE INDEX assistant_turn_save ON assistant_turn (id) WHERE save_at > 0;
CREATE INDEX assistant_turn_ended ON assistant_turn (ended_at) WHERE state = 1;

-- Pictures and files that were sent alone: they wait for the question about them.
CREATE TABLE assistant_waiting_file (
  message     TEXT   NOT NULL PRIMARY KEY, -- the turn's name that the message would have: it waits once however often it is delivered
  person      TEXT   NOT NULL,
  platform    TEXT   NOT NULL,             -- whose channel reads them
  app         TEXT   NOT NULL,
  place       TEXT   NOT NULL,             -- where they were sent, as in assistant_conversation
  attachments TEXT   NOT NULL,             -- as in assistant_turn
  taken_by    TEXT,                        -- the turn that asks about them; null: they wait
  sent_at     BIGINT NOT NULL
) {without_rowid};

CREATE INDEX assistant_waiting_file_person ON assistant_waiting_file (person);
CREATE INDEX assistant_waiting_file_sent ON assistant_waiting_file (sent_at);

-- What people chose by /switch, in each place.
CREATE TABLE assistant_choice (
  person TEXT NOT NULL,
  place  TEXT NOT NULL, -- as in assistant_conversation
  route  TEXT NOT NULL,
  PRIMARY KEY (person, place)
) {without_rowid};

-- Documents that were made of answers: one for each key, whatever happens between its making and its last block.
CREATE TABLE saved_document (
  id          TEXT    NOT NULL PRIMARY KEY, -- of app and key
  app         TEXT    NOT NULL,
  digest      TEXT    NOT NULL,             -- of title, text and owner
  document_id TEXT    NOT NULL,             -- the platform's
  title       TEXT    NOT NULL,
  written     INTEGER NOT NULL DEFAULT 0,   -- calls with blocks that the platform has taken
  address     TEXT,                         -- null: not finished
  created_at  BIGINT  NOT NULL
) {without_rowid};

CREATE INDEX saved_document_age ON saved_document (created_at);

-- ---------------------------------------------------------------------------------------------------------------------------------
-- Tables: bases (Bitable) that administrators open to business systems
-- ---------------------------------------------------------------------------------------------------------------------------------

CREATE TABLE table_base (
  id         {identity},
  name       TEXT   NOT NULL,
  app        TEXT   NOT NULL, -- by which it is read and written
  app_token  TEXT   NOT NULL, -- the platform's name of the base; whoever knows it reaches nothing by it
  title      TEXT   NOT NULL, -- as the platform called it when it was opened, or changed here
  owner      TEXT   NOT NULL DEFAULT '',
  created_at BIGINT NOT NULL,
  changed_at BIGINT NOT NULL,
  changed_by TEXT   NOT NULL
);

CREATE UNIQUE INDEX table_base_name ON table_base (name);
CREATE INDEX table_base_owner ON table_base (owner);

-- Rows that were asked to be made: a repeat under one Idempotency-Key makes none, and is answered what the first was answered.
CREATE TABLE table_write (
  base         BIGINT NOT NULL,
  request_key  TEXT   NOT NULL,
  request_hash TEXT   NOT NULL,
  busy_until   BIGINT NOT NULL, -- by then whoever writes it has finished, or died
  answer       TEXT,            -- what became of each row; null: it is being written, or whoever wrote it died
  created_at   BIGINT NOT NULL,
  PRIMARY KEY (base, request_key)
) {without_rowid};

CREATE INDEX table_write_age ON table_write (created_at);

-- ---------------------------------------------------------------------------------------------------------------------------------
-- Web chat
-- ---------------------------------------------------------------------------------------------------------------------------------

-- A business system begins one for a person, whose browser holds its token.
CREATE TABLE web_session (
  id         {identity},
  session    TEXT   NOT NULL, -- ws_ and 32 hex digits; no secret
  hash       TEXT   NOT NULL, -- SHA-256 of the token, which is kept nowhere
  person     TEXT   NOT NULL, -- whose it is now
  named      TEXT,            -- the person whom it was begun for by id; null: for an issuer's subject
  issuer     TEXT,            -- whose subject it was begun for; null: for the person itself
  subject    TEXT,
  name       TEXT,
  email      TEXT,            -- verified by the system that began it
  language   TEXT,            -- zh_cn, en_us; null: the browser's
  origins    TEXT   NOT NULL, -- sites whose pages may embed it, JSON
  owner      TEXT   NOT NULL DEFAULT '',
  created_at BIGINT NOT NULL,
  created_by TEXT   NOT NULL,
  expires_at BIGINT NOT NULL,
  revoked_at BIGINT,
  revoked_by TEXT
);

CREATE UNIQUE INDEX web_session_session ON web_session (session);
CREATE UNIQUE INDEX web_session_hash ON web_session (hash);
CREATE INDEX web_session_person ON web_session (person, id);
CREATE INDEX web_session_expires ON web_session (expires_at);
CREATE INDEX web_session_owner ON web_session (owner, id);

-- The chat of a person. Changes of it are numbered one after another under its row's lock: who has seen one has seen all before it.
CREATE TABLE web_chat (
  person TEXT   NOT NULL PRIMARY KEY,
  seq    BIGINT NOT NULL -- the newest change
) {without_rowid};

CREATE TABLE web_message (
  id        {identity},
  person    TEXT    NOT NULL,
  seq       BIGINT  NOT NULL, -- its place in the chat: the change that began it
  changed   BIGINT  NOT NULL, -- the newest change of it
  kind      INTEGER NOT NULL, -- 0 question, 1 text, 2 answer
  key       TEXT    NOT NULL, -- what it is for: once each
  session   TEXT,             -- that a question was asked in
  turn      TEXT,             -- that an answer is of
  state     INTEGER NOT NULL, -- 0: the answer is being written; 1: it is as it stays
  text      TEXT    NOT NULL,
  face      TEXT    NOT NULL, -- what stands around the text, JSON
  reference TEXT    NOT NULL,
  at        BIGINT  NOT NULL
);

CREATE UNIQUE INDEX web_message_key ON web_message (key);
CREATE INDEX web_message_changed ON web_message (person, changed);
CREATE INDEX web_message_seq ON web_message (person, seq);
CREATE INDEX web_message_open ON web_message (person) WHERE state = 0;
CREATE INDEX web_message_at ON web_message (at) WHERE state = 1;

-- Files that people upload, until the message they came with is forgotten.
CREATE TABLE web_file (
  id           {identity},
  file         TEXT   NOT NULL, -- wf_ and 32 hex digits
  person       TEXT   NOT NULL,
  name         TEXT   NOT NULL,
  content_type TEXT   NOT NULL, -- as its bytes show, not as it was called
  size         BIGINT NOT NULL, -- bytes
  bytes        {blob} NOT NULL,
  message      TEXT,            -- key of the message that it came with; null: none yet
  at           BIGINT NOT NULL
);

CREATE UNIQUE INDEX web_file_file ON web_file (file);
CREATE INDEX web_file_person ON web_file (person, id);
CREATE INDEX web_file_message ON web_file (message);
CREATE INDEX web_file_at ON web_file (at);

-- ---------------------------------------------------------------------------------------------------------------------------------
-- WeCom: answers of its AI bots
-- ---------------------------------------------------------------------------------------------------------------------------------

-- A stream that the platform shows, and the messages that follow it.
CREATE TABLE wecom_reply (
  app        TEXT    NOT NULL,
  stream_id  TEXT    NOT NULL,            -- made from the turn, or from the message that is answered by callback
  turn       TEXT    NOT NULL,            -- or the key of what was said
  state      INTEGER NOT NULL DEFAULT 0,  -- 0 being written, 1 whole, 2 the stream's end was shown, 3 all was sent
  text       TEXT    NOT NULL DEFAULT '', -- so far, or all of it
  shown      TEXT,                        -- the stream was closed before its end, with this much of the text; null: it was not
  card       TEXT,                        -- below the end, JSON
  pages      INTEGER NOT NULL DEFAULT 0,  -- messages sent after the stream
  thumbs     INTEGER NOT NULL DEFAULT 0,  -- 1: the stream has the platform's thumbs below it, so no button of the card asks for the same
  closes_at  BIGINT,                      -- from here on the stream is closed with what there is; null: nobody knows
  relay      TEXT,                        -- where the stream is and how to speak there, JSON; null: its writer shows it
  created_at BIGINT  NOT NULL,
  changed_at BIGINT  NOT NULL,
  PRIMARY KEY (app, stream_id)
) {without_rowid};

CREATE INDEX wecom_reply_changed ON wecom_reply (changed_at);
CREATE INDEX wecom_reply_turn ON wecom_reply (app, turn);
CREATE INDEX wecom_reply_relay ON wecom_reply (app) WHERE relay IS NOT NULL AND state = 0;

-- Which message called the response address of a bot's message: put down before the call, and asked when the next try is refused.
CREATE TABLE wecom_response_use (
  app     TEXT   NOT NULL,
  address TEXT   NOT NULL, -- hash of the address's seal, 32 hex digits
  message TEXT   NOT NULL, -- key of what was said
  at      BIGINT NOT NULL,
  PRIMARY KEY (app, address)
) {without_rowid};

CREATE INDEX wecom_response_use_at ON wecom_response_use (at);

-- ---------------------------------------------------------------------------------------------------------------------------------
-- Syncs: tables kept equal with a company's own data
-- ---------------------------------------------------------------------------------------------------------------------------------

CREATE TABLE sync (
  id            {identity},
  name          TEXT    NOT NULL,
  owner         TEXT    NOT NULL,
  spec          TEXT    NOT NULL,           -- as it was asked for, JSON
  map           TEXT,                       -- its fields as they were found on both sides, JSON; null: they were not looked at yet
  phase         TEXT    NOT NULL,           -- survey, ready, table, source, copy, live
  phase_after   TEXT,                       -- how far it is: where the side goes on
  winner        TEXT,                       -- whose value stays at the first meeting: table, source; null: a person decides each
  survey        TEXT,                       -- what was found of both sides, JSON
  news_cursor   TEXT,                       -- up to where the source told what changed
  table_mark    TEXT,                       -- the table's mark after the last reading of all of it
  rights        TEXT,                       -- what may be seen of the table, as it was at the last reading
  scan          TEXT,                       -- everything is to be compared: a word for why; null: it is not
  scanned_at    BIGINT,                     -- when everything was compared last
  looked_at     BIGINT,                     -- when the source was asked last what changed
  fence         BIGINT  NOT NULL DEFAULT 0, -- grows with each process that takes it, and with each change
  lease_until   BIGINT,
  lease_node    TEXT,                       -- the process that works on it; of another one than holds its partition it is over
  paused        TEXT,                       -- why nothing is done until somebody mends it: a word
  away          TEXT,                       -- why nothing was done last: a word
  side          TEXT,                       -- of which side that is: table, source
  detail        TEXT,
  tries         INTEGER NOT NULL DEFAULT 0, -- in vain, one after another
  not_before    BIGINT,                     -- it is left alone until then
  asks          BIGINT  NOT NULL DEFAULT 0, -- so many rows wait for a person's yes before they are deleted
  confirmed_at  BIGINT,                     -- rows that waited by then may be deleted
  table_rows    BIGINT  NOT NULL DEFAULT 0, -- at the last reading of everything
  source_rows   BIGINT  NOT NULL DEFAULT 0,
  created_at    BIGINT  NOT NULL,
  changed_at    BIGINT  NOT NULL,
  changed_by    TEXT    NOT NULL
);

CREATE UNIQUE INDEX sync_name ON sync (name);

-- Where a company keeps its data, for syncs.
CREATE TABLE sync_connection (
  name       TEXT    NOT NULL PRIMARY KEY,
  kind       TEXT    NOT NULL,           -- sqlite, postgresql, rest
  owner      TEXT    NOT NULL,
  address    TEXT    NOT NULL,           -- encrypted: a path or connection string
  shown      TEXT    NOT NULL,           -- what may be shown of it: host and database, or the file's name
  created_at BIGINT  NOT NULL,
  changed_at BIGINT  NOT NULL,
  changed_by TEXT    NOT NULL
) {without_rowid};

-- A row of a sync: the table's record and the source's key that belong together.
CREATE TABLE sync_row (
  id         {identity},
  sync       BIGINT  NOT NULL,
  row_key    TEXT,                       -- null: its record has none yet
  record     TEXT,                       -- null: the table does not have it
  state      TEXT    NOT NULL,           -- found (on one side), linked, gone
  base       TEXT,                       -- the values that both sides had in common last, by the table's fields, JSON
  hash       TEXT,                       -- of the base; of a row that was only found, of the table's values
  pending    TEXT,                       -- changes that were sent and not confirmed, JSON
  gone_from  TEXT,                       -- the side from which a person deleted it: table, source
  gone_at    BIGINT,
  due_at     BIGINT                      -- it is deleted from the other side then; null: nothing is to be deleted
);

CREATE UNIQUE INDEX sync_row_key ON sync_row (sync, row_key) WHERE row_key IS NOT NULL;
CREATE UNIQUE INDEX sync_row_record ON sync_row (sync, record) WHERE record IS NOT NULL;
CREATE INDEX sync_row_all ON sync_row (sync, id);
CREATE INDEX sync_row_pending ON sync_row (sync) WHERE pending IS NOT NULL;
CREATE INDEX sync_row_due ON sync_row (sync, due_at) WHERE due_at IS NOT NULL;
CREATE INDEX sync_row_gone ON sync_row (gone_at) WHERE gone_at IS NOT NULL;

-- Rows that are to be looked at: something may have changed.
CREATE TABLE sync_hint (
  id         {identity},
  sync       BIGINT  NOT NULL,
  side       TEXT    NOT NULL,           -- which side's id it is: table (record), source (key)
  item       TEXT    NOT NULL,
  no         BIGINT  NOT NULL DEFAULT 1, -- grows with each time that it is said
  not_before BIGINT  NOT NULL DEFAULT 0
);

CREATE UNIQUE INDEX sync_hint_item ON sync_hint (sync, side, item);
CREATE INDEX sync_hint_due ON sync_hint (sync, not_before, id);

-- Two values of which a person decides, and values that were overwritten.
CREATE TABLE sync_conflict (
  id           {identity},
  sync         BIGINT  NOT NULL,
  row_id       BIGINT  NOT NULL,
  row_key      TEXT,
  kind         TEXT    NOT NULL,           -- values, deleted_edited, overwritten
  field        TEXT    NOT NULL,           -- the table's field id; empty: the row
  table_value  TEXT,
  source_value TEXT,
  base_value   TEXT,
  gone_from    TEXT,                       -- of deleted_edited: the side that deleted it
  table_by     TEXT,
  table_at     BIGINT,
  source_at    BIGINT,
  found_at     BIGINT  NOT NULL,
  decided_at   BIGINT,                     -- null: it is open
  decision     TEXT,                       -- table, source, value, keep, delete, equal
  decided      TEXT,                       -- the value that was decided for
  decided_by   TEXT
);

CREATE UNIQUE INDEX sync_conflict_open ON sync_conflict (row_id, field, kind) WHERE decided_at IS NULL;
CREATE INDEX sync_conflict_of ON sync_conflict (sync, id);
CREATE INDEX sync_conflict_old ON sync_conflict (decided_at) WHERE decided_at IS NOT NULL;

-- Rows that do not get on: each with its reason, and the rest of the table goes on.
CREATE TABLE sync_problem (
  id         {identity},
  sync       BIGINT  NOT NULL,
  side       TEXT    NOT NULL,           -- which side's id it is
  item       TEXT    NOT NULL,
  row_key    TEXT,
  reason     TEXT    NOT NULL,
  field      TEXT,                       -- the table's field id
  detail     TEXT,
  seen       TEXT    NOT NULL,           -- hash of what it is about: as long as that is the same, nothing else comes of it
  tries      INTEGER NOT NULL,
  not_before BIGINT,                     -- it is tried again then; null: when something of the row changes, or a person says so
  since      BIGINT  NOT NULL
);

CREATE UNIQUE INDEX sync_problem_item ON sync_problem (sync, side, item);
CREATE INDEX sync_problem_due ON sync_problem (sync, not_before) WHERE not_before IS NOT NULL;

-- What a sync wrote, value by value: what was there before can be brought back.
CREATE TABLE sync_change (
  id         {identity},
  sync       BIGINT  NOT NULL,
  run        BIGINT  NOT NULL,
  row_id     BIGINT  NOT NULL,
  row_key    TEXT,
  record     TEXT,
  side       TEXT    NOT NULL,           -- the side that was written
  kind       TEXT    NOT NULL,           -- create, update, delete
  field      TEXT    NOT NULL,           -- the table's field id; empty: the row
  before     TEXT,                       -- the value; of a row that was deleted all of them, JSON
  after      TEXT,
  is_loss    INTEGER NOT NULL DEFAULT 0, -- 1: nobody on the other side had seen what was overwritten
  at         BIGINT  NOT NULL
);

CREATE INDEX sync_change_row ON sync_change (row_id, id);
CREATE INDEX sync_change_run ON sync_change (run, id);
CREATE INDEX sync_change_at ON sync_change (at);
CREATE INDEX sync_change_sync ON sync_change (sync, id);

-- A piece of work of a sync, from its beginning to the moment when nothing was left to do.
CREATE TABLE sync_run (
  id          {identity},
  sync        BIGINT  NOT NULL,
  kind        TEXT    NOT NULL,           -- survey, copy, changes, compare, undo
  began_at    BIGINT  NOT NULL,
  ended_at    BIGINT,
  to_table    BIGINT  NOT NULL DEFAULT 0, -- rows that were made, changed or deleted there
  to_source   BIGINT  NOT NULL DEFAULT 0,
  conflicts   BIGINT  NOT NULL DEFAULT 0,
  problems    BIGINT  NOT NULL DEFAULT 0,
  read_rows   BIGINT  NOT NULL DEFAULT 0,
  undone_at   BIGINT
);

CREATE INDEX sync_run_of ON sync_run (sync, id);
CREATE INDEX sync_run_at ON sync_run (began_at);

-- When the platform told of a base last: whichever process heard it, those that synchronise its tables rely on it. Owned by Tables.
CREATE TABLE base_heard (
  app       TEXT   NOT NULL,
  app_token TEXT   NOT NULL,
  heard_at  BIGINT NOT NULL,
  fields_at BIGINT NOT NULL, -- that fields of it changed; 0: never
  PRIMARY KEY (app, app_token)
) {without_rowid};

-- Cards that tell somebody of a sync that something waits for them. Owned by Tables.
CREATE TABLE sync_card (
  id         {identity},
  sync       BIGINT  NOT NULL,
  topic      TEXT    NOT NULL,           -- conflict, deletions, paused
  subject    BIGINT  NOT NULL,           -- the conflict's number; 0: there is one of its topic
  app        TEXT    NOT NULL,
  open_id    TEXT    NOT NULL,           -- to whom it went
  shown      TEXT    NOT NULL,           -- what it asks about: values, or how many rows until when; of another thing it decides nothing
  outbox_id  BIGINT,
  message_id TEXT,                       -- null: it is on its way
  is_open    INTEGER NOT NULL DEFAULT 1, -- 0: it says what became of it
  created_at BIGINT  NOT NULL
);

CREATE UNIQUE INDEX sync_card_open ON sync_card (sync, topic, subject) WHERE is_open = 1;
CREATE INDEX sync_card_outbox ON sync_card (outbox_id) WHERE message_id IS NULL;
CREATE INDEX sync_card_at ON sync_card (created_at);

-- ---------------------------------------------------------------------------------------------------------------------------------
-- Schedules: recurring jobs
-- ---------------------------------------------------------------------------------------------------------------------------------

-- The last run of each job, and the guard that no occasion is served twice.
CREATE TABLE schedule (
  name        TEXT   NOT NULL PRIMARY KEY,
  due_at      BIGINT, -- the occasion that the last run served
  started_at  BIGINT,
  finished_at BIGINT,
  outcome     TEXT,   -- ok, failed, timed_out, stopped; null while it runs, or when its process died
  detail      TEXT,
  node        TEXT,   -- the process
  runs        BIGINT NOT NULL DEFAULT 0
) {without_rowid};

-- only: postgresql
-- ---------------------------------------------------------------------------------------------------------------------------------
-- Quartz.NET's clustered store, as version 4.7.3 wants it (its resource create_postgres.sql)
-- Times are .NET ticks; the rows are Quartz's alone.
-- ---------------------------------------------------------------------------------------------------------------------------------

CREATE TABLE qrtz_job_details (
  sched_name TEXT NOT NULL,
  job_name TEXT NOT NULL,
  job_group TEXT NOT NULL,
  description TEXT,
  job_class_name TEXT NOT NULL,
  is_durable BOOLEAN NOT NULL,
  is_nonconcurrent BOOLEAN NOT NULL,
  is_update_data BOOLEAN NOT NULL,
  requests_recovery BOOLEAN NOT NULL,
  job_data BYTEA,
  PRIMARY KEY (sched_name, job_name, job_group)
);

CREATE TABLE qrtz_triggers (
  sched_name TEXT NOT NULL,
  trigger_name TEXT NOT NULL,
  trigger_group TEXT NOT NULL,
  job_name TEXT NOT NULL,
  job_group TEXT NOT NULL,
  description TEXT,
  next_fire_time BIGINT,
  prev_fire_time BIGINT,
  priority INTEGER,
  trigger_state TEXT NOT NULL,
  trigger_type TEXT NOT NULL,
  start_time BIGINT NOT NULL,
  end_time BIGINT,
  calendar_name TEXT,
  misfire_instr SMALLINT,
  misfire_orig_fire_time BIGINT,
  execution_group VARCHAR(200),
  preferred_node VARCHAR(200),
  preferred_node_auto BOOLEAN NOT NULL DEFAULT FALSE,
  retry_policy VARCHAR(250),
  retry_attempt INTEGER,
  continues_trigger_name TEXT,
  continues_trigger_group TEXT,
  continuation_condition INTEGER,
  overlap_policy INTEGER,
  pause_reason VARCHAR(250),
  paused_by VARCHAR(200),
  paused_at BIGINT,
  misfire_threshold BIGINT,
  fixed_delay BOOLEAN,
  job_data BYTEA,
  PRIMARY KEY (sched_name, trigger_name, trigger_group),
  FOREIGN KEY (sched_name, job_name, job_group) REFERENCES qrtz_job_details (sched_name, job_name, job_group)
);

CREATE TABLE qrtz_simple_triggers (
  sched_name TEXT NOT NULL,
  trigger_name TEXT NOT NULL,
  trigger_group TEXT NOT NULL,
  repeat_count BIGINT NOT NULL,
  repeat_interval BIGINT NOT NULL,
  times_triggered BIGINT NOT NULL,
  PRIMARY KEY (sched_name, trigger_name, trigger_group),
  FOREIGN KEY (sched_name, trigger_name, trigger_group) REFERENCES qrtz_triggers (sched_name, trigger_name, trigger_group) ON DELETE CASCADE
);

CREATE TABLE qrtz_cron_triggers (
  sched_name TEXT NOT NULL,
  trigger_name TEXT NOT NULL,
  trigger_group TEXT NOT NULL,
  cron_expression TEXT NOT NULL,
  time_zone_id TEXT,
  PRIMARY KEY (sched_name, trigger_name, trigger_group),
  FOREIGN KEY (sched_name, trigger_name, trigger_group) REFERENCES qrtz_triggers (sched_name, trigger_name, trigger_group) ON DELETE CASCADE
);

CREATE TABLE qrtz_simprop_triggers (
  sched_name TEXT NOT NULL,
  trigger_name TEXT NOT NULL,
  trigger_group TEXT NOT NULL,
  str_prop_1 TEXT,
  str_prop_2 TEXT,
  str_prop_3 TEXT,
  int_prop_1 INTEGER,
  int_prop_2 INTEGER,
  long_prop_1 BIGINT,
  long_prop_2 BIGINT,
  dec_prop_1 NUMERIC,
  dec_prop_2 NUMERIC,
  bool_prop_1 BOOLEAN,
  bool_prop_2 BOOLEAN,
  time_zone_id TEXT,
  PRIMARY KEY (sched_name, trigger_name, trigger_group),
  FOREIGN KEY (sched_name, trigger_name, trigger_group) REFERENCES qrtz_triggers (sched_name, trigger_name, trigger_group) ON DELETE CASCADE
);

CREATE TABLE qrtz_blob_triggers (
  sched_name TEXT NOT NULL,
  trigger_name TEXT NOT NULL,
  trigger_group TEXT NOT NULL,
  blob_data BYTEA,
  PRIMARY KEY (sched_name, trigger_name, trigger_group),
  FOREIGN KEY (sched_name, trigger_name, trigger_group) REFERENCES qrtz_triggers (sched_name, trigger_name, trigger_group) ON DELETE CASCADE
);

CREATE TABLE qrtz_calendars (
  sched_name TEXT NOT NULL,
  calendar_name TEXT NOT NULL,
  calendar BYTEA NOT NULL,
  PRIMARY KEY (sched_name, calendar_name)
);

CREATE TABLE qrtz_paused_trigger_grps (
  sched_name TEXT NOT NULL,
  trigger_group TEXT NOT NULL,
  pause_reason VARCHAR(250),
  paused_by VARCHAR(200),
  paused_at BIGINT,
  PRIMARY KEY (sched_name, trigger_group)
);

CREATE TABLE qrtz_paused_job_grps (
  sched_name TEXT NOT NULL,
  job_group TEXT NOT NULL,
  pause_reason VARCHAR(250),
  paused_by VARCHAR(200),
  paused_at BIGINT,
  PRIMARY KEY (sched_name, job_group)
);

CREATE TABLE qrtz_fired_triggers (
  sched_name TEXT NOT NULL,
  entry_id TEXT NOT NULL,
  trigger_name TEXT NOT NULL,
  trigger_group TEXT NOT NULL,
  instance_name TEXT NOT NULL,
  fired_time BIGINT NOT NULL,
  sched_time BIGINT NOT NULL,
  priority INTEGER NOT NULL,
  state TEXT NOT NULL,
  job_name TEXT,
  job_group TEXT,
  is_nonconcurrent BOOLEAN NOT NULL,
  requests_recovery BOOLEAN,
  execution_group VARCHAR(200),
  progress INTEGER,
  progress_message VARCHAR(250),
  interrupt_requested_time BIGINT,
  PRIMARY KEY (sched_name, entry_id)
);

CREATE TABLE qrtz_scheduler_state (
  sched_name TEXT NOT NULL,
  instance_name TEXT NOT NULL,
  last_checkin_time BIGINT NOT NULL,
  checkin_interval BIGINT NOT NULL,
  quartz_version VARCHAR(20),
  PRIMARY KEY (sched_name, instance_name)
);

CREATE TABLE qrtz_locks (
  sched_name TEXT NOT NULL,
  lock_name TEXT NOT NULL,
  PRIMARY KEY (sched_name, lock_name)
);

CREATE TABLE qrtz_execution_history (
  sched_name TEXT NOT NULL,
  entry_id TEXT NOT NULL,
  instance_name TEXT NOT NULL,
  job_name TEXT NOT NULL,
  job_group TEXT NOT NULL,
  trigger_name TEXT NOT NULL,
  trigger_group TEXT NOT NULL,
  fired_time BIGINT NOT NULL,
  run_time BIGINT NOT NULL,
  succeeded BOOLEAN NOT NULL,
  error_message TEXT,
  retry_attempt INTEGER NOT NULL DEFAULT 0,
  retry_scheduled BOOLEAN NOT NULL DEFAULT FALSE,
  execution_log TEXT,
  result INTEGER,
  summary TEXT,
  metrics TEXT,
  manual BOOLEAN,
  fire_instance_id TEXT,
  job_input TEXT,
  job_input_too_large BOOLEAN,
  PRIMARY KEY (sched_name, entry_id)
);

CREATE TABLE qrtz_misfire_history (
  sched_name TEXT NOT NULL,
  entry_id TEXT NOT NULL,
  instance_name TEXT NOT NULL,
  trigger_name TEXT NOT NULL,
  trigger_group TEXT NOT NULL,
  job_name TEXT,
  job_group TEXT,
  misfire_time BIGINT NOT NULL,
  sched_time BIGINT,
  reason INTEGER,
  PRIMARY KEY (sched_name, entry_id)
);

CREATE TABLE qrtz_job_status (
  sched_name TEXT NOT NULL,
  job_group TEXT NOT NULL,
  job_name TEXT NOT NULL,
  first_fired_time BIGINT NOT NULL,
  last_fired_time BIGINT NOT NULL,
  last_result INTEGER NOT NULL,
  last_run_time BIGINT NOT NULL,
  last_instance_name TEXT NOT NULL,
  last_entry_id TEXT,
  last_summary TEXT,
  last_success_time BIGINT,
  last_failure_time BIGINT,
  last_failure_message TEXT,
  consecutive_failures INTEGER NOT NULL DEFAULT 0,
  run_count BIGINT NOT NULL DEFAULT 0,
  failure_count BIGINT NOT NULL DEFAULT 0,
  PRIMARY KEY (sched_name, job_group, job_name)
);

CREATE INDEX idx_qrtz_j_g_n ON qrtz_job_details (sched_name, job_group, job_name);
CREATE INDEX idx_qrtz_t_j ON qrtz_triggers (sched_name, job_name, job_group);
CREATE INDEX idx_qrtz_t_g_n ON qrtz_triggers (sched_name, trigger_group, trigger_name);
CREATE INDEX idx_qrtz_t_c ON qrtz_triggers (sched_name, calendar_name);
CREATE INDEX idx_qrtz_t_nft_st ON qrtz_triggers (sched_name, trigger_state, next_fire_time asc, priority desc, misfire_instr);
CREATE INDEX idx_qrtz_ft_inst_job_req_rcvry ON qrtz_fired_triggers (sched_name, instance_name, requests_recovery);
CREATE INDEX idx_qrtz_ft_j_g ON qrtz_fired_triggers (sched_name, job_name, job_group);
CREATE INDEX idx_qrtz_ft_t_g ON qrtz_fired_triggers (sched_name, trigger_name, trigger_group);
CREATE INDEX idx_qrtz_eh_fired_time ON qrtz_execution_history (sched_name, fired_time);
CREATE INDEX idx_qrtz_eh_inst ON qrtz_execution_history (sched_name, instance_name);
CREATE INDEX idx_qrtz_mh_misfire_time ON qrtz_misfire_history (sched_name, misfire_time);
CREATE INDEX idx_qrtz_mh_inst ON qrtz_misfire_history (sched_name, instance_name);
CREATE INDEX idx_qrtz_eh_job_time ON qrtz_execution_history (sched_name, job_group, job_name, fired_time);
CREATE INDEX idx_qrtz_eh_fire_inst ON qrtz_execution_history (sched_name, fire_instance_id);
CREATE INDEX idx_qrtz_eh_trig_time ON qrtz_execution_history (sched_name, trigger_group, trigger_name, fired_time);

-- ---------------------------------------------------------------------------------------------------------------------------------
-- When PostgreSQL clears a table away: by default only when a fifth of it is dead, which for the large tables is days of events
-- ---------------------------------------------------------------------------------------------------------------------------------

ALTER TABLE inbox SET (autovacuum_vacuum_scale_factor = 0.02, autovacuum_vacuum_threshold = 2000, autovacuum_analyze_scale_factor = 0.02,
  autovacuum_vacuum_insert_scale_factor = 0.05);
ALTER TABLE outbox SET (autovacuum_vacuum_scale_factor = 0.02, autovacuum_vacuum_threshold = 2000, autovacuum_analyze_scale_factor = 0.02,
  autovacuum_vacuum_insert_scale_factor = 0.05);
ALTER TABLE inbox_seen SET (autovacuum_vacuum_scale_factor = 0.02, autovacuum_vacuum_threshold = 2000,
  autovacuum_analyze_scale_factor = 0.05);

-- A few rows that change all the time: half a page stays free, so that a change finds place beside its row and touches no index.
ALTER TABLE lease SET (fillfactor = 50, autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 500);
ALTER TABLE node SET (fillfactor = 50, autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 500);
ALTER TABLE heartbeat SET (fillfactor = 50, autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 500);
ALTER TABLE schedule SET (fillfactor = 50, autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 500);
ALTER TABLE qrtz_triggers SET (fillfactor = 50, autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 500);
ALTER TABLE qrtz_simple_triggers SET (fillfactor = 50, autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 500);
ALTER TABLE qrtz_fired_triggers SET (fillfactor = 50, autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 500);
ALTER TABLE qrtz_scheduler_state SET (fillfactor = 50, autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 500);
-- both

-- What happened in an hour, of all processes together.
CREATE TABLE figure_hour (
  hour  BIGINT NOT NULL, -- hours since 1970, UTC
  name  TEXT   NOT NULL, -- events, messages, answers, answers_failed, dead:{reason}, latency:{bucket}
  value BIGINT NOT NULL,
  PRIMARY KEY (hour, name)
);
