import { expect, test } from 'vitest';
import type { Rule } from '../bot/document.ts';
import { botOf, converse, dialogOf, question, starter, text } from './replay.test-support.ts';

const ask = (...rules: Rule[]) => [
  dialogOf('d', starter('s', 'go'), question('q', 'Well?', { rules }), text('next', 'Next')),
  dialogOf('other', text('o', 'Other dialog')),
];
const replyTo = (reply: string, ...rules: Rule[]) => {
  const bot = converse(botOf(ask(...rules)));
  bot.say('go');
  return bot.say(reply);
};

test('LP-108 an exact value is the whole reply, whatever its case and spaces; its expressions are filled in', () => {
  const rule: Rule = { when: { match: 'exact', value: 'Copper  Kettle' }, then: { go: 'next' } };
  expect(replyTo(' copper kettle ', rule).texts).toEqual(['Next']);
  expect(replyTo('copper kettles', rule).texts).not.toEqual(['Next']);
  const filled: Rule = { when: { match: 'exact', value: '{$env.host}' }, then: { go: 'next' } };
  expect(replyTo('https://api.example', filled).texts).toEqual(['Next']);
});

test('LP-109 a rule needs its condition and its variable conditions', () => {
  const rule: Rule = {
    when: { match: 'pattern', patterns: ['yes'] },
    variables: [{ variable: '{$userMessage}', match: 'contains', value: 's' }],
    then: { go: 'next' },
  };
  expect(replyTo('yes', rule).texts).toEqual(['Next']);
  expect(replyTo('no', rule).texts).not.toEqual(['Next']);
  const never: Rule = { ...rule, variables: [{ variable: 'unset', match: 'contains', value: 's' }] };
  expect(replyTo('yes', never).texts).not.toEqual(['Next']);
});

test('LP-109 several variable conditions hold together, or any of them where the rule says so', () => {
  const variables: Rule['variables'] = [
    { variable: 'unset', match: 'not_contains', value: 'x' },
    { variable: 'unset', match: 'equals', value: 'x' },
  ];
  expect(replyTo('yes', { variables, then: { go: 'next' } }).texts).not.toEqual(['Next']);
  expect(replyTo('yes', { variables, variables_match: 'any', then: { go: 'next' } }).texts).toEqual(['Next']);
});

test.each([
  ['next', { go: 'next' }, ['Next'], false],
  ['current', { go: 'current' }, ['Well?'], false],
  ['end', { go: 'end' }, [], false],
  ['close_dialog', { go: 'close_dialog' }, [], true],
  ['close_conversation', { go: 'close_conversation' }, [], true],
  ['a named interaction', { go: 'interaction', id: 'o' }, ['Other dialog'], false],
  ['another dialog', { go: 'dialog', id: 'other' }, ['Other dialog'], false],
] as const)('LP-110 the next action %s', (...[, then, ...ends]) => {
  const { texts, closed } = replyTo('yes', { then });
  expect([texts, closed]).toEqual(ends);
});

test('LP-110 a next action that leads nowhere ends the dialog, and the trace says what is missing', () => {
  const { texts, traces } = replyTo('yes', { then: { go: 'interaction', id: 'gone' } });
  expect(texts).toEqual([]);
  expect(traces).toContainEqual(expect.objectContaining({ level: 'warn', text: 'there is no interaction "gone"' }));
});

test('LP-111 a rule stores variables for the request, the dialog or the session', () => {
  const set = (['request', 'dialog', 'session'] as const).map((scope) => ({
    name: scope,
    value: '{$userMessage}',
    scope,
  }));
  const show = '{$botContext.request}|{$botContext.dialog}|{$botContext.session}';
  const bot = converse(
    botOf([
      dialogOf(
        'd',
        starter('s', 'go'),
        question('q', 'Well?', { rules: [{ set, then: { go: 'next' } }] }),
        question('q2', show),
        question('q3', show),
        text('t', 'bye', { next: { go: 'dialog', id: 'e' } }),
      ),
      dialogOf('e', text('t2', show)),
    ]),
  );
  bot.say('go');
  expect(bot.say('x').texts).toEqual(['x|x|x']);
  // From a question to its answer, and no further.
  expect(bot.say('y').texts).toEqual(['x|x|x']);
  expect(bot.say('z').texts).toEqual(['bye', '{$botContext.request}|{$botContext.dialog}|x']);
});

const open: Rule[] = [{ when: { match: 'exact', value: 'done' }, then: { go: 'next' } }];
const nested = botOf([
  dialogOf('a', starter('sa', 'start a'), question('qa', 'A?', { rules: open }), text('ta', 'A done')),
  dialogOf('b', starter('sb', 'start b'), question('qb', 'B?', { rules: open }), text('tb', 'B done')),
  dialogOf('c', starter('sc', 'start c'), text('tc', 'C')),
]);

test('LP-113 interrupted questions come back one after the other, the last one first', () => {
  const bot = converse(nested);
  bot.say('start a');
  expect(bot.say('start b').texts).toEqual(['B?']);
  expect(bot.say('start c').texts).toEqual(['C', 'B?']);
  expect(bot.say('done').texts).toEqual(['B done', 'A?']);
  expect(bot.say('done').texts).toEqual(['A done']);
});

test('LP-113 a fallback is no context switch: the question is not asked again', () => {
  const fallback = { ...dialogOf('f', text('tf', 'Pardon?')), type: 'fallback' as const };
  const bot = converse(botOf([...nested.dialogs, fallback]));
  bot.say('start a');
  expect(bot.say('blah').texts).toEqual(['Pardon?']);
  expect(bot.say('done').texts).toEqual(['A done']);
});

test('LP-106 a script may hand a reply on all the same, past the "no match" rule of its question', () => {
  const kept = question('q', 'Sure?', {
    rules: [{ when: { match: 'no_match' }, then: { go: 'current' } }],
    process_user_response: "botContext.setTriggerNextMessage('platform.default')",
  });
  const bot = converse(botOf([dialogOf('k', starter('sk', 'keep'), kept), ...nested.dialogs]), {
    script: () => ({ effects: [{ type: 'go_to', interaction: 'platform.default' }] }),
  });
  bot.say('keep');
  expect(bot.say('start c').texts).toEqual(['C', 'Sure?']);
});

test('LP-112 the fallback dialog knows what was said', () => {
  const fallback = { ...dialogOf('f', text('tf', 'What is "{$userMessage}"?')), type: 'fallback' as const };
  expect(converse(botOf([fallback])).say('{$env.host}').texts).toEqual(['What is "{$env.host}"?']);
});

test('LP-128 the session ends after an hour of silence, or after what the bot says', () => {
  const minutes = 60_000;
  const waitingAfter = (document: ReturnType<typeof botOf>, silence: number) => {
    const bot = converse(document);
    bot.say('start a', 1);
    return bot.say('done', 1 + silence).texts;
  };
  expect(waitingAfter(nested, 60 * minutes)).toEqual(['A done']);
  expect(waitingAfter(nested, 60 * minutes + 1)).not.toEqual(['A done']);
  expect(waitingAfter({ ...nested, session_length_minutes: 5 }, 5 * minutes + 1)).not.toEqual(['A done']);
});
