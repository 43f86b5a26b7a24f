-- The bot that a conversation was opened with, once another one has it.
ALTER TABLE conversation ADD COLUMN opened_with TEXT;

-- A file that a consumer sent in answer to a file upload: sealed, and gone when it is taken on.
CREATE TABLE file (
  id TEXT PRIMARY KEY, account_id TEXT NOT NULL, conversation_id TEXT NOT NULL, name TEXT NOT NULL, type TEXT NOT NULL,
  size BIGINT NOT NULL, content TEXT NOT NULL, created_at BIGINT NOT NULL
);
CREATE INDEX file_conversation ON file (conversation_id);
CREATE INDEX file_age ON file (created_at);
