import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { checkDocument } from '../bot/check.ts';
import type { BotDocument } from '../bot/document.ts';
import { importLivePerson } from '../bot/import/import-liveperson.ts';
import { converse } from './replay.test-support.ts';
import type { CallResult } from './step.ts';

const read = (file: string): unknown =>
  JSON.parse(readFileSync(new URL(`../../demo/bots/${file}`, import.meta.url), 'utf8'));
const order = {
  number: 'BW-1',
  item: 'Copper Kettle',
  status: 'on_its_way',
  status_text: 'on its way',
  arrives: 'Thursday',
};
const found: CallResult = { outcome: 'success', status: 200, body: JSON.stringify(order) };
const answer = 'Your order BW-1, Copper Kettle, is on its way. Arrival: Thursday.';
const cancelled = 'Done: your order BW-1, Copper Kettle, is cancelled.';

function managed(): BotDocument {
  const checked = checkDocument(read('order-desk.json'));
  if (!checked.ok) throw new Error('the demo bot has problems');
  return checked.document;
}

const bots: [string, () => BotDocument][] = [
  ['managed', managed],
  ['recipe', () => importLivePerson(read('order-desk-recipe.json')).document],
];

test.each(bots)('%s: the order is answered, the cancellation done', (_, document) => {
  const bot = converse(document(), { call: () => found });
  expect(bot.say('Where is my order?').texts).toEqual([answer]);
  expect(bot.say('please cancel my order').texts).toEqual([cancelled]);
});

test.each(bots)('%s: the greeting offers both, and what is not understood says what can be asked', (_, document) => {
  const bot = converse(document(), { call: () => found });
  expect(bot.say('hi').messages[0]?.quick_replies).toHaveLength(2);
  expect(bot.tap('cancel my order').texts).toEqual([cancelled]);
  expect(bot.say('zzz').texts[0]).toContain('where is my order?');
});

test.each(bots)('%s: what can no longer be cancelled is said so', (_, document) => {
  const script = ({ hook }: { hook: string }) => ({
    effects: hook === 'post_process' ? [{ type: 'go_to' as const, interaction: 'cannot_cancel' }] : [],
  });
  const bot = converse(document(), {
    call: () => ({ outcome: 'failure', status: 409, body: '{"error":"already_cancelled"}' }),
    script,
  });
  expect(bot.say('cancel my order').texts).toEqual([
    'That order cannot be cancelled any more: it is cancelled or delivered already.',
  ]);
});

test('managed: the call is set aside for the sign-in and answers when it has run', () => {
  const bot = converse(managed(), { call: () => ({ parked: 'p' }) });
  expect(bot.say('where is my order').texts).toEqual([]);
  expect(bot.feed({ type: 'parked_call_ended', call_id: 'p', result: found }).texts).toEqual([answer]);
});
