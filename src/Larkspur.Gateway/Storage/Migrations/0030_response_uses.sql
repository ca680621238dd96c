-- Which message called the response address of a WeCom bot's message: put down before the call, and asked when the next try is refused.
CREATE TABLE wecom_response_use (
  app     TEXT   NOT NULL,
  address TEXT   NOT NULL,                       -- hash of the address's seal, 32 hex digits
  message TEXT   NOT NULL,                       -- key of what was said
  at      BIGINT NOT NULL,
  PRIMARY KEY (app, address)
) {without_rowid};

CREATE INDEX wecom_response_use_at ON wecom_response_use (at);

-- They were rows of wecom_reply, under a stream that none has.
INSERT INTO wecom_response_use (app, address, message, at) SELECT app, SUBSTR(stream_id, 10), turn, changed_at FROM wecom_reply WHERE SUBSTR(stream_id, 1, 9) = 'response:';
DELETE FROM wecom_reply WHERE SUBSTR(stream_id, 1, 9) = 'response:';
