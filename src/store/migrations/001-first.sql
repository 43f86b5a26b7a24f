CREATE TABLE account (
  id TEXT PRIMARY KEY, name TEXT NOT NULL, created_at BIGINT NOT NULL
);
CREATE TABLE api_key (
  id TEXT PRIMARY KEY, account_id TEXT NOT NULL REFERENCES account(id), hash TEXT NOT NULL UNIQUE, name TEXT NOT NULL, created_at BIGINT NOT NULL
);
-- Data keys: one active per account, wrapped by a root key. account_id '' is the instance's own.
CREATE TABLE data_key (
  id TEXT PRIMARY KEY, account_id TEXT NOT NULL, version BIGINT NOT NULL, root_key_id TEXT NOT NULL, wrapped TEXT NOT NULL,
  active BIGINT NOT NULL, created_at BIGINT NOT NULL, UNIQUE (account_id, version)
);
CREATE UNIQUE INDEX data_key_active ON data_key (account_id) WHERE active = 1;
CREATE TABLE identity_provider (
  id TEXT PRIMARY KEY, account_id TEXT NOT NULL REFERENCES account(id), name TEXT NOT NULL, document TEXT NOT NULL, client_secret TEXT,
  version BIGINT NOT NULL, created_at BIGINT NOT NULL, updated_at BIGINT NOT NULL, UNIQUE (account_id, name)
);
CREATE TABLE credential (
  id TEXT PRIMARY KEY, account_id TEXT NOT NULL REFERENCES account(id), name TEXT NOT NULL, type TEXT NOT NULL, import_id TEXT, document TEXT NOT NULL,
  identity_provider_id TEXT, version BIGINT NOT NULL, created_at BIGINT NOT NULL, updated_at BIGINT NOT NULL, UNIQUE (account_id, name)
);
CREATE TABLE bot (
  id TEXT PRIMARY KEY, account_id TEXT NOT NULL REFERENCES account(id), name TEXT NOT NULL, draft TEXT NOT NULL, published BIGINT,
  embed_origins TEXT NOT NULL, version BIGINT NOT NULL, created_at BIGINT NOT NULL, updated_at BIGINT NOT NULL
);
CREATE TABLE bot_version (
  bot_id TEXT NOT NULL REFERENCES bot(id), number BIGINT NOT NULL, document TEXT NOT NULL, created_at BIGINT NOT NULL, PRIMARY KEY (bot_id, number)
);
CREATE TABLE environment (
  id TEXT PRIMARY KEY, account_id TEXT NOT NULL REFERENCES account(id), name TEXT NOT NULL, variables TEXT NOT NULL,
  version BIGINT NOT NULL, created_at BIGINT NOT NULL, updated_at BIGINT NOT NULL, UNIQUE (account_id, name)
);
CREATE TABLE audit (
  account_id TEXT NOT NULL, seq BIGINT NOT NULL, at BIGINT NOT NULL, actor TEXT NOT NULL, action TEXT NOT NULL, subject TEXT NOT NULL,
  details TEXT NOT NULL, previous_hash TEXT NOT NULL, hash TEXT NOT NULL, PRIMARY KEY (account_id, seq)
);
-- Where each chain ends: the row every writer of that chain waits for, and what shows a tail that was cut.
CREATE TABLE audit_head (
  account_id TEXT PRIMARY KEY, seq BIGINT NOT NULL, hash TEXT NOT NULL
);

-- A conversation's state is one row; its transcript and trace are append-only rows.
CREATE TABLE conversation (
  id TEXT PRIMARY KEY, account_id TEXT NOT NULL, bot_id TEXT NOT NULL, bot_version BIGINT NOT NULL, channel TEXT NOT NULL, locale TEXT NOT NULL,
  consumer_id TEXT NOT NULL, session_hash TEXT NOT NULL, browser_hash TEXT, status TEXT NOT NULL, state TEXT NOT NULL,
  epoch BIGINT NOT NULL, lease_owner TEXT, lease_until BIGINT NOT NULL, last_seq BIGINT NOT NULL, last_position BIGINT NOT NULL, last_trace BIGINT NOT NULL,
  turn BIGINT NOT NULL, generation BIGINT NOT NULL, wrong_codes TEXT NOT NULL, created_at BIGINT NOT NULL, touched_at BIGINT NOT NULL, readable_until BIGINT
);
CREATE INDEX conversation_by_account ON conversation (account_id, created_at);
CREATE TABLE event (
  conversation_id TEXT NOT NULL, seq BIGINT NOT NULL, at BIGINT NOT NULL, type TEXT NOT NULL, body TEXT NOT NULL, PRIMARY KEY (conversation_id, seq)
);
CREATE TABLE trace (
  conversation_id TEXT NOT NULL, n BIGINT NOT NULL, turn BIGINT NOT NULL, at BIGINT NOT NULL, body TEXT NOT NULL, PRIMARY KEY (conversation_id, n)
);
-- What waits to become a turn: a consumer's message, a sign-in's end (message_id 'notice:<attempt>'), a timer.
CREATE TABLE inbox (
  conversation_id TEXT NOT NULL, message_id TEXT NOT NULL, position BIGINT NOT NULL, kind TEXT NOT NULL, body TEXT NOT NULL, body_hash TEXT NOT NULL,
  seq BIGINT NOT NULL, tries BIGINT NOT NULL, created_at BIGINT NOT NULL, done_at BIGINT, PRIMARY KEY (conversation_id, message_id)
);
CREATE INDEX inbox_open ON inbox (conversation_id, position) WHERE done_at IS NULL;
-- A call that leaves the house: 'sent' is committed before, its result after (I4).
CREATE TABLE step (
  id TEXT PRIMARY KEY, conversation_id TEXT NOT NULL, integration TEXT NOT NULL, repeatable BIGINT NOT NULL, status TEXT NOT NULL,
  idempotency_key TEXT NOT NULL, result TEXT, created_at BIGINT NOT NULL, ended_at BIGINT
);
CREATE INDEX step_sent ON step (conversation_id) WHERE status = 'sent';
CREATE TABLE timer (
  id TEXT PRIMARY KEY, conversation_id TEXT NOT NULL, kind TEXT NOT NULL, due_at BIGINT NOT NULL, body TEXT NOT NULL
);
CREATE INDEX timer_due ON timer (due_at);

-- One try to get authorization. Links and codes are never stored; secrets in it are sealed and erased at its end.
CREATE TABLE attempt (
  id TEXT PRIMARY KEY, account_id TEXT NOT NULL, conversation_id TEXT NOT NULL, bot_id TEXT NOT NULL, credential_id TEXT NOT NULL, credential_version BIGINT NOT NULL,
  identity_provider_id TEXT NOT NULL, identity_provider_version BIGINT NOT NULL, generation BIGINT NOT NULL, mode TEXT NOT NULL, interaction_id TEXT,
  scope TEXT NOT NULL, challenge TEXT, minimum_level BIGINT NOT NULL, status TEXT NOT NULL, reason TEXT, version BIGINT NOT NULL,
  bound_browser TEXT, bound_level BIGINT, bound_method TEXT, state_hash TEXT, verifier TEXT, nonce TEXT, redirect_uri TEXT, quarantine TEXT,
  wrong_codes BIGINT NOT NULL, created_at BIGINT NOT NULL, expires_at BIGINT NOT NULL, redirected_at BIGINT, lease_until BIGINT, ended_at BIGINT
);
CREATE INDEX attempt_by_conversation ON attempt (conversation_id);
CREATE UNIQUE INDEX attempt_by_state ON attempt (state_hash) WHERE state_hash IS NOT NULL;
CREATE INDEX attempt_open ON attempt (expires_at) WHERE ended_at IS NULL;
CREATE TABLE attempt_browser (
  attempt_id TEXT NOT NULL, browser_hash TEXT NOT NULL, code_hash TEXT NOT NULL, created_at BIGINT NOT NULL, PRIMARY KEY (attempt_id, browser_hash)
);
-- A call that waits for permission (attempt_id) or for "shall I?" (status 'needs_confirmation').
CREATE TABLE parked_call (
  id TEXT PRIMARY KEY, account_id TEXT NOT NULL, conversation_id TEXT NOT NULL, attempt_id TEXT, credential_id TEXT NOT NULL, integration TEXT NOT NULL,
  interaction_id TEXT NOT NULL, need TEXT NOT NULL, risk TEXT NOT NULL, confirmed BIGINT NOT NULL, status TEXT NOT NULL, reason TEXT, idempotency_key TEXT NOT NULL,
  turn BIGINT NOT NULL, asked_seq BIGINT, created_at BIGINT NOT NULL, deadline BIGINT NOT NULL, ended_at BIGINT
);
CREATE INDEX parked_call_open ON parked_call (conversation_id) WHERE ended_at IS NULL;
-- The stored permission: one row per account, credential, principal, issuer and resource. The row is the refresh lock.
CREATE TABLE connection (
  id TEXT PRIMARY KEY, account_id TEXT NOT NULL, credential_id TEXT NOT NULL, principal TEXT NOT NULL, issuer TEXT NOT NULL, resource TEXT NOT NULL,
  conversation_id TEXT NOT NULL, identity_provider_id TEXT NOT NULL, status TEXT NOT NULL, subject TEXT, scope TEXT NOT NULL, level BIGINT NOT NULL,
  generation BIGINT NOT NULL, access_token TEXT, refresh_token TEXT, token_version BIGINT NOT NULL, expires_at BIGINT, lifetime BIGINT, obtained_at BIGINT NOT NULL,
  refresh_owner TEXT, refresh_fence BIGINT NOT NULL, refresh_until BIGINT, retry_after BIGINT, created_at BIGINT NOT NULL, last_used BIGINT, ended_at BIGINT,
  UNIQUE (account_id, credential_id, principal, issuer, resource)
);
CREATE INDEX connection_by_conversation ON connection (conversation_id);
-- Revocations owed to providers, retried until done; the token stays sealed.
CREATE TABLE outbox (
  id TEXT PRIMARY KEY, account_id TEXT NOT NULL, conversation_id TEXT NOT NULL, kind TEXT NOT NULL, body TEXT NOT NULL, due_at BIGINT NOT NULL, tries BIGINT NOT NULL,
  created_at BIGINT NOT NULL, done_at BIGINT, gave_up_at BIGINT
);
CREATE INDEX outbox_open ON outbox (due_at) WHERE done_at IS NULL AND gave_up_at IS NULL;
