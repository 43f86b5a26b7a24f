import { expect, test } from 'vitest';
import type { BotDocument, Dialog } from '../bot/document.ts';
import { botOf, converse, dialogOf, integration, question, starter, text } from './replay.test-support.ts';
import type { CallResult } from './step.ts';

const fallback = 'Not able to understand your question. Can you please re-phrase it?';
const help: Dialog = { ...dialogOf('help', text('h', 'Let me get somebody.')), type: 'auto_escalation' };
const colour = dialogOf(
  'colour',
  starter('s', 'colour'),
  question('q', 'Colour?', { rules: [{ when: { match: 'exact', value: 'red' }, then: { go: 'next' } }] }),
  text('t', 'Red'),
);
const failing: CallResult = { outcome: 'failure', status: 500, body: null };
const orders = dialogOf('orders', starter('so', 'orders'), integration('call'));
const saying = (document: BotDocument, ...said: string[]) => {
  const bot = converse(document, { call: () => failing });
  return said.map((one) => bot.say(one).texts);
};

test('LP-114 three replies in a row that are not understood are answered as usual, the fourth one escalates', () => {
  const document = botOf([colour, help]);
  expect(saying(document, 'colour', 'a', 'b', 'c', 'd')).toEqual([
    ['Colour?'],
    [fallback],
    [fallback],
    [fallback],
    ['Let me get somebody.', 'Colour?'],
  ]);
});

test('LP-114 the threshold is the dialog’s; understanding in between begins the count anew', () => {
  const document = botOf([colour, { ...help, threshold: 1 }]);
  expect(saying(document, 'x', 'y').at(-1)).toEqual(['Let me get somebody.']);
  expect(saying(document, 'x', 'colour', 'red', 'y').at(-1)).toEqual([fallback]);
  expect(saying(document, 'x', 'y', 'z').at(-1)).toEqual([fallback]);
});

test('LP-114 a failure that no rule takes counts too, and may be the one that escalates', () => {
  const document = botOf([orders, { ...help, threshold: 2 }]);
  expect(saying(document, 'orders', 'zzz', 'orders').at(-1)).toEqual(['Let me get somebody.']);
  expect(saying(document, 'orders', 'orders', 'zzz').at(-1)).toEqual(['Let me get somebody.']);
});

test('LP-114 a failure that a rule takes does not count', () => {
  const ruled = dialogOf(
    'orders',
    starter('so', 'orders'),
    integration('call', { rules: [{ when: { match: 'api_result', status: 'failure' }, then: { go: 'end' } }] }),
  );
  const document = botOf([ruled, { ...help, threshold: 1 }]);
  expect(saying(document, 'orders', 'orders', 'zzz').at(-1)).toEqual([fallback]);
});

test('without people and without a dialog for it nothing escalates', () => {
  expect(saying(botOf([]), 'a', 'b', 'c', 'd').at(-1)).toEqual([fallback]);
  expect(saying(botOf([{ ...help, enabled: false }]), 'a', 'b', 'c', 'd').at(-1)).toEqual([fallback]);
});

const staffed = botOf([colour], { agents: { integration: 'People' } });

test('LP-114 where there are people the default dialog offers them: yes hands over', () => {
  const bot = converse(staffed);
  for (const said of ['a', 'b', 'c']) bot.say(said);
  const offered = bot.say('d');
  expect(offered.messages[0]?.buttons?.map(({ label }) => label)).toEqual(['Yes', 'No']);
  const accepted = bot.say('yes');
  expect(accepted.needs).toMatchObject([{ type: 'transfer' }]);
  expect(accepted.state.with_people).toBe(true);
});

test('LP-114 no goes on with the bot, and back to the question', () => {
  const bot = converse(staffed);
  for (const said of ['colour', 'a', 'b', 'c', 'd']) bot.say(said);
  expect(bot.say('No').texts).toEqual(['All right. What else can I do for you?', 'Colour?']);
});

test('the default dialog speaks the consumer’s language', () => {
  const bot = converse(staffed, {}, { locale: 'de-DE' });
  for (const said of ['a', 'b', 'c']) bot.say(said);
  expect(bot.say('d').messages[0]?.buttons?.map(({ label }) => label)).toEqual(['Ja', 'Nein']);
});

test('LP-146 "display userid" and "reset" are obeyed only where the document says so', () => {
  const trial = converse(botOf([colour], { debug: true }));
  expect(trial.say('display userid').texts).toEqual(['User id: cons_1. Conversation id: conv_1.']);
  trial.say('colour');
  expect(trial.say('Reset')).toMatchObject({ state: { waiting: null, initialised: false } });
  expect(trial.say('red').texts).toEqual([fallback]);
  const live = converse(botOf([colour]));
  expect(live.say('display userid').texts).toEqual([fallback]);
  live.say('colour');
  expect(live.say('reset').state.waiting?.interaction).toBe('q');
});

test('LP-146 a button that posts "reset" is no command', () => {
  const trial = converse(botOf([colour], { debug: true }));
  expect(trial.tap('reset').texts).toEqual([fallback]);
});
