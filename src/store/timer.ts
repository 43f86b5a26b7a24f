import type { Transaction } from './database.ts';
import type { Reader } from './page.ts';

/** Something that is to happen in a conversation later, unless it is called off before. */
export interface TimerRow {
  id: string;
  conversation_id: string;
  kind: string;
  /** Epoch ms. */
  due_at: number;
  /** JSON. */
  body: string;
}

/** In place of one with the same id. */
export async function setTimer(tx: Transaction, timer: TimerRow): Promise<void> {
  await tx.run(
    `INSERT INTO timer (id, conversation_id, kind, due_at, body) VALUES (?, ?, ?, ?, ?)
     ON CONFLICT (id) DO UPDATE SET kind = excluded.kind, due_at = excluded.due_at, body = excluded.body`,
    timer.id,
    timer.conversation_id,
    timer.kind,
    timer.due_at,
    timer.body,
  );
}

/** False: it was not set, or is over. */
export async function cancelTimer(tx: Transaction, id: string): Promise<boolean> {
  return (await tx.run('DELETE FROM timer WHERE id = ?', id)) === 1;
}

/** The oldest first, at most 100. */
export function dueTimers(on: Reader, now: number): Promise<TimerRow[]> {
  return on.all<TimerRow>(
    'SELECT id, conversation_id, kind, due_at, body FROM timer WHERE due_at <= ? ORDER BY due_at LIMIT 100',
    now,
  );
}

export async function cancelTimersOf(tx: Transaction, conversationId: string): Promise<void> {
  await tx.run('DELETE FROM timer WHERE conversation_id = ?', conversationId);
}
