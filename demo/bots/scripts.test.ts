import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { botFrom } from '../../src/scripts/load-bot.ts';
import { type OfflineHouse, openOfflineHouse } from '../../src/scripts/offline-house.ts';
import { readScript } from '../../src/scripts/read-script.ts';
import { runScript } from '../../src/scripts/run-script.ts';

const folder = join(import.meta.dirname, 'scripts');
const json = (file: string): unknown => JSON.parse(readFileSync(file, 'utf8'));

let house: OfflineHouse;
beforeAll(async () => {
  house = await openOfflineHouse();
});
afterAll(() => house.close());

test.each(readdirSync(folder))('the demo bots: %s', async (name) => {
  const file = join(folder, name);
  const read = readScript(json(file));
  if (!read.ok) throw new Error(JSON.stringify(read.faults));
  const bot = botFrom(json(join(dirname(file), read.script.bot ?? '')));
  const run = await runScript(house, { document: bot }, read.script);
  expect(run.failure).toBeUndefined();
});
