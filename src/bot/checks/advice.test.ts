import { expect, test } from 'vitest';
import { checkDocument } from '../check.ts';

const starter = { id: 's', name: 's', type: 'starter', patterns: ['hi'] };
const integration = {
  id: 'i',
  name: 'Orders',
  type: 'api',
  method: 'POST',
  url: 'https://api.example',
  response_variable: 'Orders',
  fields: [{ key: 'item', value: '{$.api_Orders.item}' }],
};
const bot = (interaction: object, more: object = {}, dialog: object = {}) => ({
  format: 'errand.bot/1',
  name: 'Bot',
  dialogs: [{ id: 'd', name: 'd', type: 'standard', interactions: [starter, interaction], ...dialog }],
  integrations: [integration],
  ...more,
});
const place = '/dialogs/0/interactions/1';
const messagesAt = (document: object, path: string) =>
  checkDocument(document).problems.flatMap((problem) =>
    problem.path === path ? [`${problem.severity} ${problem.message}`] : [],
  );

test.each([
  [{ credential: 'Sign-in' }, 1],
  [{ credential: 'Sign-in', description: 'order it' }, 0],
  [{ credential: 'Sign-in', method: 'GET' }, 0],
  [{}, 0],
  [{ type: 'function', credential: 'Signing' }, 0],
  [{ type: 'file', credential: 'Sign-in' }, 0],
])('that a call is asked about is said where a consumer may give the permission: %j', (more, times) => {
  const document = bot(starter, { integrations: [{ ...integration, ...more }] });
  expect(messagesAt(document, '/integrations/0/description')).toHaveLength(times);
});

test.each([
  ['{Order.item}', /No integration is called "Order".*Did you mean "Orders"/],
  ['{Nope.field}', /^warning No integration is called "Nope"/],
])('%s: a field of an integration that there is not', (text, wanted) => {
  const document = bot({ id: 'a', name: 'a', type: 'text', text });
  expect(messagesAt(document, `${place}/text`)).toEqual([expect.stringMatching(wanted)]);
});

test.each([
  '{Orders.item}',
  '{Mine.field}',
  '{a:1.5}',
  '{1.5}',
  '{"a":{"b":1.5}}',
  '{f(x.y)}',
  '{$botContext.Mine.field}',
])('%s is no field of an integration that is missing', (text) => {
  const rules = [{ set: [{ name: 'Mine.field', value: 'x', scope: 'session' }], then: { go: 'next' } }];
  const document = bot({ id: 'a', name: 'a', type: 'text', text, rules });
  expect(messagesAt(document, `${place}/text`)).toEqual([]);
});

const option = (value: string) => ({ when: { match: 'option', value }, then: { go: 'end' } });
const replies = (value: string, more: object = {}) => ({
  id: 'q',
  name: 'q',
  type: 'quick_reply',
  text: '?',
  replies: [{ title: 'Yes please', payload: 'y' }, { title: 'No' }],
  rules: [option(value)],
  ...more,
});
const choices = (value: string) => ({
  id: 'q',
  name: 'q',
  type: 'multiple_choice',
  text: '?',
  choices: [' Red\n', 'Blue'],
  rules: [option(value)],
});

test('a rule about an option that its question does not offer is a warning that names what it offers', () => {
  const path = `${place}/rules/0/when/value`;
  expect(messagesAt(bot(replies('yes')), path)).toEqual([
    expect.stringMatching(/^warning .*no "yes".*"Yes please", "y"/),
  ]);
  expect(messagesAt(bot(choices('Green')), path)).toEqual([expect.stringMatching(/"Red", "Blue"/)]);
});

test.each([
  ['a payload', bot(replies('Y'))],
  ['a title', bot(replies('YES  please'))],
  ['a choice', bot(choices('red'))],
  ['an expression', bot(replies('{$userMessage}'))],
  ['one of unknown options', bot(replies('x', { replies: [{ title: '{$botContext.x}' }] }))],
  ['one that a script adds', bot(replies('x', { pre_process: "botContext.addQuickReplies(['x~x'])" }))],
  ['one of an intent', bot(choices('x'), {}, { type: 'disambiguation' })],
])('an option that is %s is none to warn of', (_, document) => {
  expect(messagesAt(document, `${place}/rules/0/when/value`)).toEqual([]);
});
