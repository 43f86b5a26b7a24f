import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { checkDocument } from '../../src/bot/check.ts';
import { importLivePerson } from '../../src/bot/import/import-liveperson.ts';
import { converse } from '../../src/engine/replay.test-support.ts';

const read = (file: string): unknown => JSON.parse(readFileSync(new URL(file, import.meta.url), 'utf8'));
const answers = (status_text: string) => ({
  outcome: 'success' as const,
  status: 200,
  body: JSON.stringify({ number: 'BW-1', item: 'Copper Kettle', status_text, arrives: 'Thursday' }),
});

test.each([
  ['managed', () => read('order-desk.json')],
  ['recipe', () => importLivePerson(read('order-desk-recipe.json')).document],
])('%s: an order that is cancelled does not arrive', (_, document) => {
  const checked = checkDocument(document());
  if (!checked.ok) throw new Error('the demo bot has problems');
  const cancelled = converse(checked.document, { call: () => answers('cancelled') });
  expect(cancelled.say('where is my order?').texts).toEqual(['Your order BW-1, Copper Kettle, is cancelled.']);
  const underWay = converse(checked.document, { call: () => answers('on its way') });
  expect(underWay.say('where is my order?').texts).toEqual([
    'Your order BW-1, Copper Kettle, is on its way. Arrival: Thursday.',
  ]);
});
