-- What a connection was made with (JSON): its tokens go nowhere else, whatever is configured later.
ALTER TABLE connection ADD COLUMN made_with TEXT;
-- Whose tokens an owed revocation is about: what is owed holds its settings, and shows when it was never paid.
ALTER TABLE outbox ADD COLUMN identity_provider_id TEXT;
ALTER TABLE outbox ADD COLUMN credential_id TEXT;
ALTER TABLE outbox ADD COLUMN connection_id TEXT;
