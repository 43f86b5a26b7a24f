-- The Conversation Context Service: what scripts keep for the account, a consumer or a conversation, by namespace.
CREATE TABLE context_namespace (
  account_id TEXT NOT NULL, name TEXT NOT NULL, ttl_s BIGINT, created_at BIGINT NOT NULL, PRIMARY KEY (account_id, name)
);
-- owner_kind 'global', 'user' or 'conversation'; owner_id is the account's, the consumer's or the conversation's.
CREATE TABLE context_value (
  account_id TEXT NOT NULL, namespace TEXT NOT NULL, owner_kind TEXT NOT NULL, owner_id TEXT NOT NULL, name TEXT NOT NULL, value TEXT NOT NULL,
  updated_at BIGINT NOT NULL, expires_at BIGINT, PRIMARY KEY (account_id, namespace, owner_kind, owner_id, name)
);
CREATE INDEX context_value_of_owner ON context_value (owner_id);
CREATE INDEX context_value_expires ON context_value (account_id, namespace, expires_at) WHERE expires_at IS NOT NULL;
