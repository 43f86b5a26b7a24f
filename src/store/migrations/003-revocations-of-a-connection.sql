CREATE INDEX outbox_of_connection ON outbox (connection_id, created_at);
CREATE INDEX outbox_gave_up ON outbox (account_id) WHERE gave_up_at IS NOT NULL;
