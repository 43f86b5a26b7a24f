import type { Database, Transaction } from '../../src/store/database.ts';
import { copiedColumns } from './copied-columns.ts';

/** Rows to a transaction. */
const batch = 5_000;

/** Follows from the number, and lies anywhere among the ids of other conversations, as real ones do. */
const idOfNumber = `'conv_' || substr('0123456789abcdefghijklmnopqrstuvwxyz', 1 + i * 7 % 36, 1)
  || printf('%08x', i * 2654435761 % 4294967296) || printf('%016d', i)`;

/** Conversations of others, each with what one turn leaves, as copies of one that has had a turn. */
export async function fill(db: Database, conversations: number): Promise<void> {
  for (let from = 0; from < conversations; from += batch) {
    await db.write((tx) => fillRange(tx, { from, to: Math.min(from + batch, conversations) }));
  }
}

async function fillRange(tx: Transaction, range: { from: number; to: number }): Promise<void> {
  const original = await tx.get<{ id: string }>('SELECT id FROM conversation WHERE turn > 0 LIMIT 1');
  if (!original) throw new Error('no conversation has had a turn');
  for (const [table, columns] of Object.entries(copiedColumns)) {
    const id = table === 'conversation' ? 'id' : 'conversation_id';
    await tx.run(
      `WITH RECURSIVE n(i) AS (SELECT CAST(? AS INTEGER) UNION ALL SELECT i + 1 FROM n WHERE i + 1 < ?)
       INSERT INTO ${table} (${id}, ${columns}) SELECT ${idOfNumber}, ${columns}
       FROM n, (SELECT ${columns} FROM ${table} WHERE ${id} = ?)`,
      range.from,
      range.to,
      original.id,
    );
  }
}
