import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { readScript } from './read-script.ts';
import { rehearsing } from './script.test-parts.ts';

const { run } = rehearsing();
const docs = new URL('../../docs/', import.meta.url);
const read = (name: string): string => readFileSync(new URL(name, docs), 'utf8');
const bot: unknown = JSON.parse(read('examples/first-bot.json'));
const written = [...read('testing.md').matchAll(/^```json\n([\s\S]*?)^```$/gm)].map(([, json = '']) => json);

test.each([read('examples/renew-a-loan.script.json'), ...written])(
  'a script of the documentation passes: %#',
  async (json) => {
    const { passed, failure, notes } = await run(bot, JSON.parse(json));
    expect({ passed, failure, notes }).toEqual({ passed: true, failure: undefined, notes: [] });
  },
);

test('the documentation names every key that a script may have', () => {
  const named = read('testing.md');
  const script = {
    bot: 'b',
    bots: ['c'],
    title: 't',
    notes: 'n',
    turns: [],
    apis: [],
    expectApiCalls: [],
    setup: {
      lp_customer_info: 1,
      nlu: [],
      credentials: {},
      environment: {},
      sign_in: 'grant',
      transfer: 'fail',
      channel: 'web',
      locale: 'en',
    },
  };
  expect(readScript(script)).toEqual({ ok: true, script });
  for (const key of [...Object.keys(script), ...Object.keys(script.setup)]) expect(named).toContain(key);
});
