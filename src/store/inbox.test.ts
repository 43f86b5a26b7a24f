import { expect, it } from 'vitest';
import { conversationsWithWork } from './inbox.ts';
import { migrate } from './migrate.ts';
import { openSqlite } from './sqlite.ts';
import { systemClock } from '../world/world.ts';
import type { Database } from './database.ts';

it('looking for work starts from the open items, so that a million conversations cost nothing', async () => {
  const db = openSqlite({ file: ':memory:' });
  await migrate(db, systemClock);
  const plan = await planOf(db, (watched) => conversationsWithWork(watched, 1));
  expect(plan.filter((step) => step.startsWith('SCAN conversation') || step.startsWith('SCAN c '))).toEqual([]);
  expect(plan.some((step) => step.includes('INDEX inbox_open'))).toBe(true);
  await db.close();
});

/** How SQLite would run what `look` asks. */
async function planOf(db: Database, look: (watched: Pick<Database, 'all'>) => Promise<unknown>): Promise<string[]> {
  const plan: string[] = [];
  await look({
    async all(sql, ...values) {
      await db.write(async (tx) => {
        const steps = await tx.all<{ detail: string }>(`EXPLAIN QUERY PLAN ${sql}`, ...values);
        plan.push(...steps.map(({ detail }) => detail));
      });
      return [];
    },
  });
  return plan;
}
