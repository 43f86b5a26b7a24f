-- The sealed secret of a credential that has one of its own: a token, a user's password, a signing secret.
ALTER TABLE credential ADD COLUMN secret TEXT;
