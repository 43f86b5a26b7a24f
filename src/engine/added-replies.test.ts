import { expect, test } from 'vitest';
import type { Interaction } from '../bot/document.ts';
import { botOf, converse, dialogOf, question, starter, text } from './replay.test-support.ts';

const replies = (...titles: string[]) => titles.map((title) => ({ title, payload: `p-${title.toLowerCase()}` }));

/** A question to which its pre-process code adds quick replies. */
function asking(asked: Interaction, added: { title: string; payload: string }[], channel: 'text' | 'web' = 'text') {
  const at = { ...asked, pre_process: 'x' } as Interaction;
  return converse(
    botOf([dialogOf('d', starter('s', 'go'), at, text('t', 'You said {$userMessage}'))]),
    {
      script: ({ hook }) => ({
        effects: hook === 'pre_process' ? [{ type: 'add_quick_replies', replies: added }] : [],
      }),
    },
    { channel },
  );
}
const answered = (typed: string, ...[asked, added]: Parameters<typeof asking>) => {
  const bot = asking(asked, added);
  bot.say('go');
  return bot.say(typed).texts;
};

const colour = question('q', 'Which colour?');

test('LP-144 what a script adds has numbers where it is typed, and is taken by number or title for what it posts', () => {
  expect(asking(colour, replies('Red', 'Green')).say('go').texts).toEqual(['Which colour?\n1. Red\n2. Green']);
  for (const typed of ['green', '2', '2.', 'Green'])
    expect(answered(typed, colour, replies('Red', 'Green'))).toEqual(['You said p-green']);
  expect(answered('blue', colour, replies('Red', 'Green'))).toEqual(['You said blue']);
});

test('LP-144 the numbers go on behind those of the question', () => {
  const quick: Interaction = {
    id: 'q',
    name: 'q',
    type: 'quick_reply',
    text: 'Sure?',
    replies: [
      { title: 'Yes', payload: 'y' },
      { title: 'No', payload: 'n' },
    ],
  };
  expect(asking(quick, replies('Help')).say('go').texts).toEqual(['Sure?\n1. Yes\n2. No\n3. Help']);
  expect(answered('3', quick, replies('Help'))).toEqual(['You said p-help']);
  expect(answered('2', quick, replies('Help'))).toEqual(['You said n']);
});

test('LP-144 one alone has no number, which may be the answer', () => {
  const many = question('q', 'How many?');
  expect(asking(many, replies('None')).say('go').texts).toEqual(['How many?\nNone']);
  expect(answered('1', many, replies('None'))).toEqual(['You said 1']);
  expect(answered('none', many, replies('None'))).toEqual(['You said p-none']);
});

test('where replies are tapped they are as the script gave them', () => {
  const { messages } = asking(colour, replies('Red', 'Green'), 'web').say('go');
  expect(messages[0]?.quick_replies).toEqual(replies('Red', 'Green'));
});

test('LP-144 beside numbers nothing is numbered: what is typed is the answer', () => {
  const many = question('q', 'How many?');
  expect(asking(many, replies('5', '10')).say('go').texts).toEqual(['How many?\n5\n10']);
  expect(answered('2', many, replies('5', '10'))).toEqual(['You said 2']);
  expect(answered('10', many, replies('5', '10'))).toEqual(['You said p-10']);
});

test('LP-144 a picker keeps its own numbers, and a statement has none', () => {
  const list: Interaction = {
    id: 'q',
    name: 'q',
    type: 'list_picker',
    text: 'Which?',
    sections: [{ items: [{ title: 'Red' }, { title: 'Blue' }] }],
  };
  expect(answered('2', list, replies('Other', 'Back'))).toEqual(['You said User Selected: Blue']);
  expect(asking(text('x', 'Hello'), replies('A', 'B')).say('go').texts[0]).toBe('Hello\nA\nB');
});

test('LP-144 they can still be typed when what was said before was not understood', () => {
  const rules = ['p-red', 'p-green'].map((value) => ({
    when: { match: 'exact' as const, value },
    then: { go: 'next' as const },
  }));
  const asked = question('q', 'Which colour?', { rules });
  const bot = asking(asked, replies('Red', 'Green'));
  bot.say('go');
  bot.say('zzz');
  expect(bot.say('2').texts).toEqual(['You said p-green']);
});
