import type { Database, Transaction } from './database.ts';

/** One line of the trace, as the account API shows it. `kind` and what goes with it are the writer's. */
export type TraceEntry = { kind: string; [detail: string]: unknown };
export type TraceItem = TraceEntry & { n: number; turn: number; at: number };

/** Appends a turn's entries as one row: `body` is their JSON, `n` the number of the first. */
export async function insertTrace(
  tx: Transaction,
  row: { conversation_id: string; n: number; turn: number; at: number; body: string },
): Promise<void> {
  await tx.run(
    'INSERT INTO trace (conversation_id, n, turn, at, body) VALUES (?, ?, ?, ?, ?)',
    row.conversation_id,
    row.n,
    row.turn,
    row.at,
    row.body,
  );
}

/** Appends entries outside a turn, such as a sign-in's steps. */
export async function appendTrace(
  tx: Transaction,
  conversationId: string,
  trace: { at: number; entries: readonly TraceEntry[] },
): Promise<void> {
  const row = await tx.get<{ last_trace: number; turn: number }>(
    'UPDATE conversation SET last_trace = last_trace + ? WHERE id = ? RETURNING last_trace, turn',
    trace.entries.length,
    conversationId,
  );
  if (!row) return;
  const n = row.last_trace - trace.entries.length + 1;
  await insertTrace(tx, {
    conversation_id: conversationId,
    n,
    turn: row.turn,
    at: trace.at,
    body: JSON.stringify(trace.entries),
  });
}

/** Entries after number `after`, oldest first; whole rows, so at least `limit` where there are as many. */
export async function readTrace(
  db: Pick<Database, 'all'>,
  range: { conversation_id: string; after: number; limit: number },
): Promise<TraceItem[]> {
  const rows = await db.all<{ n: number; turn: number; at: number; body: string }>(
    'SELECT n, turn, at, body FROM trace WHERE conversation_id = ? AND n > ? ORDER BY n LIMIT ?',
    range.conversation_id,
    range.after,
    range.limit,
  );
  return rows.flatMap((row) =>
    entriesOf(row.body).map((entry, i) => ({ ...entry, n: row.n + i, turn: row.turn, at: row.at })),
  );
}

function entriesOf(body: string): TraceEntry[] {
  const parsed: unknown = JSON.parse(body);
  return Array.isArray(parsed) ? parsed : [];
}
