-- How much an owner keeps is summed up before each read and write: from an index alone, without touching the values.
CREATE INDEX context_value_size ON context_value (account_id, owner_kind, owner_id, namespace, expires_at, (OCTET_LENGTH(value)));
