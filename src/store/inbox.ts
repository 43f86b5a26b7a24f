import type { Database, Transaction } from './database.ts';

/** `people`: from whom the conversation was handed to. `file`: what the consumer sent in answer to a file upload. */
export type InboxKind = 'message' | 'notice' | 'timer' | 'people' | 'file';

/** What waits to become a turn. */
export interface InboxRow {
  conversation_id: string;
  message_id: string;
  position: number;
  kind: InboxKind;
  body: string;
  body_hash: string;
  seq: number;
  tries: number;
  /** When it was accepted. Epoch ms. */
  created_at: number;
}

/**
 * Puts something into the conversation's inbox; false when the same message id was there before, so a notice that is
 * delivered twice has one effect.
 */
export async function appendInbox(
  tx: Transaction,
  item: { conversation_id: string; message_id: string; kind: InboxKind; body: object; at: number },
): Promise<boolean> {
  const known = await tx.get(
    'SELECT position FROM inbox WHERE conversation_id = ? AND message_id = ?',
    item.conversation_id,
    item.message_id,
  );
  if (known) return false;
  const row = await tx.get<{ last_position: number }>(
    'UPDATE conversation SET last_position = last_position + 1 WHERE id = ? RETURNING last_position',
    item.conversation_id,
  );
  if (!row) return false;
  await insertInbox(tx, {
    ...item,
    position: row.last_position,
    body: JSON.stringify(item.body),
    body_hash: '',
    seq: 0,
    done_at: null,
  });
  return true;
}

/** Inserts at a position that the caller took from the conversation's row in the same transaction. */
export async function insertInbox(
  tx: Transaction,
  row: Omit<InboxRow, 'tries' | 'created_at'> & { at: number; done_at: number | null },
): Promise<void> {
  await tx.run(
    `INSERT INTO inbox (conversation_id, message_id, position, kind, body, body_hash, seq, tries, created_at, done_at)
     VALUES (?, ?, ?, ?, ?, ?, ?, 0, ?, ?)`,
    row.conversation_id,
    row.message_id,
    row.position,
    row.kind,
    row.body,
    row.body_hash,
    row.seq,
    row.at,
    row.done_at,
  );
}

export function findInbox(
  db: Pick<Database, 'get'>,
  conversationId: string,
  messageId: string,
): Promise<{ seq: number; body_hash: string } | undefined> {
  return db.get(
    'SELECT seq, body_hash FROM inbox WHERE conversation_id = ? AND message_id = ?',
    conversationId,
    messageId,
  );
}

/** The oldest item that is not done. */
export function nextInbox(db: Pick<Database, 'get'>, conversationId: string): Promise<InboxRow | undefined> {
  return db.get<InboxRow>(
    `SELECT conversation_id, message_id, position, kind, body, body_hash, seq, tries, created_at FROM inbox
     WHERE conversation_id = ? AND done_at IS NULL ORDER BY position LIMIT 1`,
    conversationId,
  );
}

export async function waitsInInbox(
  on: Pick<Database, 'get'>,
  conversationId: string,
  kind: InboxKind,
): Promise<boolean> {
  const sql = 'SELECT 1 AS one FROM inbox WHERE conversation_id = ? AND done_at IS NULL AND kind = ? LIMIT 1';
  return (await on.get(sql, conversationId, kind)) !== undefined;
}

export async function markInboxDone(
  tx: Transaction,
  row: Pick<InboxRow, 'conversation_id' | 'message_id'>,
  at: number,
): Promise<void> {
  await tx.run(
    'UPDATE inbox SET done_at = ? WHERE conversation_id = ? AND message_id = ?',
    at,
    row.conversation_id,
    row.message_id,
  );
}

/** Nothing that waits in a closed conversation becomes a turn any more. */
export async function closeInbox(tx: Transaction, conversationId: string, at: number): Promise<void> {
  await tx.run('UPDATE inbox SET done_at = ? WHERE conversation_id = ? AND done_at IS NULL', at, conversationId);
}

/** Counts a try, so that an item that always crashes its turn is given up in the end (RL-09). */
export async function countInboxTry(
  tx: Transaction,
  row: Pick<InboxRow, 'conversation_id' | 'message_id'>,
): Promise<number> {
  const counted = await tx.get<{ tries: number }>(
    'UPDATE inbox SET tries = tries + 1 WHERE conversation_id = ? AND message_id = ? RETURNING tries',
    row.conversation_id,
    row.message_id,
  );
  return counted?.tries ?? 0;
}

/** The try did not fail by the item: it counts for nothing. */
export async function uncountInboxTry(
  tx: Transaction,
  row: Pick<InboxRow, 'conversation_id' | 'message_id'>,
): Promise<void> {
  await tx.run(
    'UPDATE inbox SET tries = tries - 1 WHERE conversation_id = ? AND message_id = ? AND tries > 0',
    row.conversation_id,
    row.message_id,
  );
}

/**
 * Conversations that have something to do and no worker that holds them. Starts from the open items, so that it costs the
 * same however many conversations there are.
 */
export async function conversationsWithWork(db: Pick<Database, 'all'>, now: number): Promise<string[]> {
  const rows = await db.all<{ id: string }>(
    `SELECT id FROM conversation WHERE id IN (SELECT conversation_id FROM inbox WHERE done_at IS NULL)
       AND lease_until < ? AND status = 'open' LIMIT 500`,
    now,
  );
  return rows.map((row) => row.id);
}
