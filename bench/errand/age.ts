import type { Database, Transaction } from '../../src/store/database.ts';
import { copiedColumns } from './copied-columns.ts';

/** Numbers from here on are free in a conversation that has had a few turns. */
const free = 1_000;
const eventsOfTurn = 2;
const tracesOfTurn = 10;

/** As if a conversation had had so many turns before: with the rows that they would have left. */
export async function age(db: Database, old: { id: string; turns: number }): Promise<void> {
  const { id, turns } = old;
  await db.write(async (tx) => {
    await copyRows(tx, { table: 'event', number: 'seq', id, count: turns * eventsOfTurn });
    await copyRows(tx, { table: 'trace', number: 'n', id, count: turns });
    await copyRows(tx, { table: 'inbox', number: 'position', id, count: turns });
    await tx.run(
      'UPDATE conversation SET last_seq = ?, last_trace = ?, last_position = ?, turn = ? WHERE id = ?',
      free + turns * eventsOfTurn,
      free + turns * tracesOfTurn,
      free + turns,
      turns,
      id,
    );
  });
}

async function copyRows(
  tx: Transaction,
  copy: { table: 'event' | 'trace' | 'inbox'; number: string; id: string; count: number },
): Promise<void> {
  const { table, number, id, count } = copy;
  const columns = ['conversation_id', ...copiedColumns[table].split(', ')];
  const values = columns.map((column) => {
    if (column === number) return `${free} + i`;
    return column === 'message_id' ? "'old' || i" : column;
  });
  await tx.run(
    `WITH RECURSIVE n(i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i + 1 < ?)
     INSERT INTO ${table} (${columns.join(', ')}) SELECT ${values.join(', ')}
     FROM n, (SELECT * FROM ${table} WHERE conversation_id = ? LIMIT 1)`,
    count,
    id,
  );
}
