/** Scripts of tests, run as `errand test` runs them. */
import { afterAll, beforeAll } from 'vitest';
import type { BotDocument, Dialog, Integration, Interaction } from '../bot/document.ts';
import { botFrom } from './load-bot.ts';
import { type OfflineHouse, openOfflineHouse } from './offline-house.ts';
import { readScript } from './read-script.ts';
import { runScript, type ScriptRun } from './run-script.ts';

/** One house for the tests of a file. `run` takes a script without `bot` as it would stand in its file. */
export function rehearsing() {
  let house: OfflineHouse | undefined;
  beforeAll(async () => {
    house = await openOfflineHouse();
  });
  afterAll(() => house?.close());

  async function run(bot: unknown, script: object, others: unknown[] = []): Promise<ScriptRun> {
    const read = readScript(script);
    if (!read.ok) throw new Error(JSON.stringify(read.faults));
    if (!house) throw new Error('the house is not open');
    return await runScript(house, { document: botFrom(bot), others: others.map((one) => botFrom(one)) }, read.script);
  }
  return { run };
}

export function botOf(dialogs: Dialog[], more: Partial<BotDocument> = {}): BotDocument {
  return { format: 'errand.bot/1', name: 'Rehearsed', language: 'en', dialogs, integrations: [], ...more };
}

/** A dialog that starts with the pattern; its interactions are named by their ids. */
export function dialogOf(id: string, pattern: string, ...interactions: Interaction[]): Dialog {
  const starter: Interaction = { id: `${id}-start`, name: `${id}-start`, type: 'starter', patterns: [pattern] };
  return { id, name: id, type: 'standard', interactions: [starter, ...interactions] };
}

export const getItem: Integration = {
  id: 'item',
  name: 'Item',
  type: 'api',
  method: 'GET',
  url: 'https://brand.example/items/{$botContext.number}',
  response_variable: 'Item',
  fields: [{ key: 'name', value: '{$.api_Item.name}' }],
};
