import { expect, test } from 'vitest';
import { botOf, converse, dialogOf, question, starter, text } from './replay.test-support.ts';

/** Longer than the document's check lets pass today: published bots may still have such patterns. */
const costly = Array.from({ length: 3_000 }, () => `${'*a'.repeat(497)}*b*`);
const longest = 'a'.repeat(2_000);
const stopped = expect.objectContaining({ kind: 'guard', text: expect.stringContaining('matching was stopped') });

test('ReDoS: thousands of patterns against the longest text end at the budget; the rest does not match, and the trace says so', () => {
  const bot = converse(botOf([dialogOf('d', starter('s', ...costly, 'aaa*'), text('t', 'Hi'))]));
  const said = bot.say(longest);
  expect(said.texts).not.toContain('Hi');
  expect(said.traces.filter((entry) => entry.kind === 'guard')).toEqual([stopped]);
  expect(bot.say('aaa').texts).toEqual(['Hi']);
});

test('ReDoS: the budget is that of the whole chain which one message sets off', () => {
  const rules = [{ when: { match: 'pattern' as const, patterns: costly.slice(0, 150) }, then: { go: 'end' as const } }];
  const chain = Array.from({ length: 9 }, (_, i) => text(`t${i}`, `T${i}`, { rules, pre_process: 'code' }));
  const bot = converse(botOf([dialogOf('d', starter('s', 'aa*'), ...chain)]));
  const said = bot.say(longest);
  expect(said.needs).toHaveLength(9);
  expect(said.traces.filter((entry) => entry.kind === 'guard')).toEqual([stopped]);
});

test('an exclude keyword that could not be looked for counts as there', () => {
  const rules = [
    {
      when: { match: 'pattern' as const, patterns: ['a*'], exclude: costly },
      then: { go: 'interaction' as const, id: 'no' },
    },
    { then: { go: 'interaction' as const, id: 'yes' } },
  ];
  const bot = converse(
    botOf([
      dialogOf(
        'd',
        starter('s', 'go'),
        question('q', 'Q?', { rules }),
        text('no', 'No', { next: { go: 'end' } }),
        text('yes', 'Yes'),
      ),
    ]),
  );
  bot.say('go');
  expect(bot.say(longest).texts).toEqual(['Yes']);
});

test('an ordinary bot stays far within the budget', () => {
  const patterns = Array.from({ length: 500 }, (_, i) => `*(order|parcel|delivery) ${i}*`);
  const bot = converse(botOf([dialogOf('d', starter('s', ...patterns), text('t', 'Hi'))]));
  const said = bot.say('where is my parcel 17, please? I have waited for two weeks and nobody has told me anything');
  expect(said.texts).toEqual(['Hi']);
  expect(said.traces.filter(({ kind }) => kind === 'guard')).toEqual([]);
});

test('patterns whose letters are not in the text cost nothing', () => {
  const lettered = Array.from({ length: 3_000 }, (_, i) => `${'*a'.repeat(497)}*bc${i}*`);
  const bot = converse(botOf([dialogOf('d', starter('s', ...lettered, 'aaa*'), text('t', 'Hi'))]));
  const said = bot.say(longest);
  expect(said.texts).toEqual(['Hi']);
  expect(said.traces.filter((entry) => entry.kind === 'guard')).toEqual([]);
});

test('patterns of any shape are tried: alternatives, groups, short ones, none at all', () => {
  const dialogs = [
    dialogOf('short', starter('s1', 'ok'), text('t1', 'short')),
    dialogOf('either', starter('s2', 'parcel|no'), text('t2', 'either')),
    dialogOf('group', starter('s3', '(big|small)* house'), text('t3', 'group')),
    dialogOf('empty', starter('s4', '()'), text('t4', 'empty')),
    dialogOf('never', starter('s5'), text('t5', 'never')),
  ];
  const bot = converse(botOf(dialogs));
  const answers = ['ok', 'parcel', 'no', 'small blue house', ''].map((said) => bot.say(said).texts[0]);
  expect(answers).toEqual(['short', 'either', 'either', 'group', 'empty']);
});
