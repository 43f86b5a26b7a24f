import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openSqlite } from './sqlite.ts';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'errand-durability-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Kills the writing process once it acknowledged `count` writes; returns every key it acknowledged. */
async function killAfter(file: string, round: number, count: number): Promise<string[]> {
  const program = join(import.meta.dirname, 'durability.test-parts.ts');
  const child = spawn(process.execPath, [program, file, String(round)], { stdio: ['ignore', 'pipe', 'inherit'] });
  const acknowledged: string[] = [];
  const lines = createInterface({ input: child.stdout });
  lines.on('line', (line) => {
    acknowledged.push(line);
    if (acknowledged.length === count) child.kill('SIGKILL');
  });
  await Promise.all([once(child, 'exit'), once(lines, 'close')]);
  // The last line may be cut by the kill: it was not acknowledged then.
  return acknowledged.filter((line) => /^\d+-\d+-\d+$/.test(line)).slice(0, -1);
}

test('I1 RL-01 a process killed while it writes loses nothing it acknowledged and leaves nothing half written', async () => {
  const file = join(folder, 'errand.db');
  const acknowledged: string[] = [];
  for (const [round, count] of [40, 333, 7, 801, 150].entries()) {
    acknowledged.push(...(await killAfter(file, round, count)));
    const database = openSqlite({ file });
    const rows = await database.all<{ id: string }>('SELECT id FROM kept');
    const kept = new Set(rows.map(({ id }) => id));
    expect(acknowledged.filter((id) => !kept.has(id))).toEqual([]);
    expect(await database.all('SELECT id FROM kept WHERE id NOT IN (SELECT id FROM twin)')).toEqual([]);
    expect(await database.all('SELECT id FROM twin WHERE id NOT IN (SELECT id FROM kept)')).toEqual([]);
    const integrity = await database.write((tx) => tx.get('PRAGMA integrity_check'));
    expect(integrity).toEqual({ integrity_check: 'ok' });
    await database.close();
  }
  expect(acknowledged.length).toBeGreaterThan(1_000);
}, 60_000);
