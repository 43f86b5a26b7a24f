import { expect, test } from 'vitest';
import type { Rule } from '../bot/document.ts';
import type { Outcome } from '../bot/outcome.ts';
import {
  botOf,
  converse,
  dialogOf,
  found,
  integration,
  orders,
  question,
  starter,
  text,
} from './replay.test-support.ts';
import type { CallResult } from './step.ts';

const answer = text('answer', 'Your {Orders.item}', { next: { go: 'end' } });
const asking = (rules?: Rule[]) =>
  botOf([
    dialogOf(
      'd',
      starter('s', 'order'),
      integration('call', rules ? { rules } : {}),
      answer,
      text('sorry', 'Sorry'),
      text('group', 'Group'),
      text('member', 'Member'),
    ),
  ]);
const ended = (outcome: Outcome, status: number | null = null): CallResult => ({ outcome, status, body: null });

test('a call is needed with just the variables its templates name, and its answer is there for the next text', () => {
  const bot = converse(asking());
  const said = bot.say('order');
  expect(said.texts).toEqual(['Your Copper Kettle']);
  expect(said.needs).toEqual([
    {
      type: 'call',
      integration: 'Orders',
      interaction_id: 'call',
      variables: { '$env.host': 'https://api.example', number: null, cidp_accessToken: null },
    },
  ]);
  expect(said.state.variables.session).toMatchObject({
    api_Orders: { jsonData: '{"api_Orders":{"item":"Copper Kettle"}}' },
    api_OrdersStatus: '200',
    'Orders.item': 'Copper Kettle',
    'Orders.item.count': '1',
  });
});

test('[i] gives the list of all elements, and .count how many', () => {
  const items = { ...found, body: '{"items":[{"name":"A"},{"name":"B"}]}' };
  const { session } = converse(asking(), { call: () => items }).say('order').state.variables;
  expect(session).toMatchObject({ 'Orders.all': ['A', 'B'], 'Orders.all.count': '2', 'Orders.item.count': '0' });
  expect(session['Orders.item']).toBeUndefined();
});

test('an answer of an earlier call is never taken for this one', () => {
  const results = [found, ended('unreachable')];
  const bot = converse(asking([{ then: { go: 'next' } }]), { call: () => results.shift() ?? found });
  bot.say('order');
  expect(bot.say('order').texts).toEqual(['Your {Orders.item}']);
});

test('hooks run in their order: pre-process, call, transform, post-process, rules', () => {
  const bot = botOf(
    [dialogOf('d', starter('s', 'order'), integration('call', { pre_process: 'pre', post_process: 'post' }), answer)],
    { integrations: [{ ...orders, transform: 'transform' }], global_functions: 'var g;' },
  );
  const order = converse(bot)
    .say('order')
    .needs.map((need) => (need.type === 'script' ? need.hook : need.type));
  expect(order).toEqual(['pre_process', 'call', 'transform', 'post_process']);
});

test('fields are read from what the transform has left', () => {
  const bot = botOf([dialogOf('d', starter('s', 'order'), integration('call'), answer)], {
    integrations: [{ ...orders, transform: 'wrap' }],
  });
  const script = () => ({
    effects: [
      {
        type: 'set_variable' as const,
        name: 'api_Orders',
        value: { jsonData: '{"api_Orders":{"item":"Lamp"}}' },
        scope: 'session' as const,
      },
    ],
  });
  expect(converse(bot, { script }).say('order').texts).toEqual(['Your Lamp']);
});

const rules: Rule[] = [
  { then: { go: 'interaction', id: 'answer' } },
  { when: { match: 'api_result', status: 'failure' }, then: { go: 'interaction', id: 'sorry' } },
  { when: { match: 'outcome', outcome: 'brand_unavailable' }, then: { go: 'interaction', id: 'group' } },
  { when: { match: 'outcome', outcome: 'timed_out' }, then: { go: 'interaction', id: 'member' } },
];
test.each([
  ['timed_out', 'Member'],
  ['unreachable', 'Group'],
  ['declined', 'Sorry'],
  ['failure', 'Sorry'],
  ['success', 'Your Copper Kettle'],
] as const)('of rules on outcomes the most specific is taken: %s → %s', (outcome, expected) => {
  const result = outcome === 'success' ? found : ended(outcome, 500);
  expect(converse(asking(rules), { call: () => result }).say('order').texts[0]).toBe(expected);
});

test.each([
  ['failure', 'Sorry, I could not find anything for that.'],
  ['declined', 'You did not give permission'],
  ['rate_limited', 'not available at the moment'],
  ['result_unknown', 'I did not send it again'],
  ['wrong_person', 'it was you'],
  ['scope_insufficient', 'does not cover'],
  ['blocked', 'not set up correctly'],
] as const)('an outcome no rule takes never ends in silence: %s', (outcome, expected) => {
  const { texts, state } = converse(asking(), { call: () => ended(outcome) }).say('order');
  expect(texts).toHaveLength(1);
  expect(texts[0]).toContain(expected);
  expect(state.fallbacks).toBe(1);
});

test("the document's own sentence for an outcome or its group takes the place of the platform's", () => {
  const own = { ...asking(), outcome_messages: { brand_unavailable: 'Down', timed_out: 'Slow' } };
  expect(converse(own, { call: () => ended('timed_out') }).say('order').texts).toEqual(['Slow']);
  expect(converse(own, { call: () => ended('unreachable') }).say('order').texts).toEqual(['Down']);
});

test('a parked call lets the conversation go on, and resumes where it was set aside', () => {
  const document = botOf([
    dialogOf('d', starter('s', 'order'), integration('call'), answer),
    dialogOf('e', starter('s2', 'hello'), text('h', 'Hi')),
  ]);
  const bot = converse(document, { call: () => ({ parked: 'p1' }) });
  expect(bot.say('order').texts).toEqual([]);
  expect(bot.say('hello').texts).toEqual(['Hi']);
  expect(bot.feed({ type: 'parked_call_ended', call_id: 'p1', result: found }).texts).toEqual(['Your Copper Kettle']);
  expect(bot.feed({ type: 'parked_call_ended', call_id: 'p1', result: found }).texts).toEqual([]);
});

test('a question asked while a call was parked still waits after the call has answered', () => {
  const document = botOf([
    dialogOf('d', starter('s', 'order'), integration('call'), answer),
    dialogOf(
      'e',
      starter('s2', 'colour'),
      question('q', 'Colour?', { rules: [{ when: { match: 'exact', value: 'red' }, then: { go: 'next' } }] }),
      text('r', 'Red'),
    ),
  ]);
  const bot = converse(document, { call: () => ({ parked: 'p1' }) });
  bot.say('order');
  bot.say('colour');
  expect(bot.feed({ type: 'parked_call_ended', call_id: 'p1', result: found }).texts).toEqual(['Your Copper Kettle']);
  expect(bot.say('red').texts).toEqual(['Red']);
});

test('a resumed flow that asks something itself comes back to the question of meanwhile, asking it again', () => {
  const document = botOf([
    dialogOf('d', starter('s', 'order'), integration('call'), question('more', 'More?')),
    dialogOf(
      'e',
      starter('s2', 'colour'),
      question('q', 'Colour?', { rules: [{ when: { match: 'exact', value: 'red' }, then: { go: 'next' } }] }),
      text('r', 'Red'),
    ),
  ]);
  const bot = converse(document, { call: () => ({ parked: 'p1' }) });
  bot.say('order');
  bot.say('colour');
  expect(bot.feed({ type: 'parked_call_ended', call_id: 'p1', result: found }).texts).toEqual(['More?']);
  expect(bot.say('no').texts).toEqual(['Colour?']);
  expect(bot.say('red').texts).toEqual(['Red']);
});

test('a parked call can take the place of another', () => {
  const bot = converse(asking(), { call: () => ({ parked: 'p1' }) });
  bot.say('order');
  bot.feed({ type: 'call_parked', call_id: 'p2', instead_of: 'p1' });
  expect(bot.feed({ type: 'parked_call_ended', call_id: 'p1', result: found }).texts).toEqual([]);
  expect(bot.feed({ type: 'parked_call_ended', call_id: 'p2', result: found }).texts).toEqual(['Your Copper Kettle']);
});

test.each([null, '', 'not json', '['.repeat(100_000), '{"item":{"__proto__":{"x":1}}}', '{"__proto__":1}'])(
  'an odd answer is no fault (%#)',
  (body) => {
    expect(() =>
      converse(asking(), { call: () => ({ outcome: 'success', status: 200, body }) }).say('order'),
    ).not.toThrow();
  },
);
