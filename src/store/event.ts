import type { Database, Transaction } from './database.ts';

/** One event of a transcript. `body` is JSON: the event without `seq`, `at` and `type`. */
export interface EventRow {
  seq: number;
  at: number;
  type: string;
  body: string;
}

export interface NewEvent {
  type: string;
  body: object;
  at: number;
}

/** Appends at the next sequence number of the conversation and returns it. */
export async function appendEvent(tx: Transaction, event: NewEvent & { conversation_id: string }): Promise<number> {
  const row = await tx.get<{ last_seq: number }>(
    'UPDATE conversation SET last_seq = last_seq + 1 WHERE id = ? RETURNING last_seq',
    event.conversation_id,
  );
  if (!row) throw new Error(`no conversation ${event.conversation_id}`);
  await insertEvent(tx, event.conversation_id, { ...event, seq: row.last_seq });
  return row.last_seq;
}

/** Inserts at a sequence number that the caller took from the conversation's row in the same transaction. */
export async function insertEvent(
  tx: Transaction,
  conversationId: string,
  event: NewEvent & { seq: number },
): Promise<void> {
  await tx.run(
    'INSERT INTO event (conversation_id, seq, at, type, body) VALUES (?, ?, ?, ?, ?)',
    conversationId,
    event.seq,
    event.at,
    event.type,
    JSON.stringify(event.body),
  );
}

/** Events after `after`, oldest first. */
export function readEvents(
  db: Pick<Database, 'all'>,
  range: { conversation_id: string; after: number; limit: number },
): Promise<EventRow[]> {
  return db.all<EventRow>(
    'SELECT seq, at, type, body FROM event WHERE conversation_id = ? AND seq > ? ORDER BY seq LIMIT ?',
    range.conversation_id,
    range.after,
    range.limit,
  );
}
