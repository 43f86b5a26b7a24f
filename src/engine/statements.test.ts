import { expect, test } from 'vitest';
import type { Interaction } from '../bot/document.ts';
import { botOf, converse, dialogOf, question, starter, text } from './replay.test-support.ts';
import type { Facts } from './step.ts';

const say = (interactions: Interaction[], about: Partial<Facts> = {}) =>
  converse(botOf([dialogOf('d', starter('s', 'go*'), ...interactions)]), {}, about).say('go');

const image: Interaction = {
  id: 'i',
  name: 'i',
  type: 'image',
  url: 'https://a.example/{$userMessage}.png',
  alt: 'A dog',
};

test('LP-101 an image is content of its own, and its address on a channel of plain text', () => {
  expect(say([image]).messages).toEqual([
    { content: { type: 'image', url: 'https://a.example/go.png', alt: 'A dog' } },
  ]);
  expect(say([image], { channel: 'text' }).messages).toEqual([{ text: 'A dog: https://a.example/go.png' }]);
});

test('an image with an unsafe address is left out, said in the trace, and the dialog goes on', () => {
  const { texts, traces } = say([{ ...image, url: 'javascript:alert(1)' }, text('t', 'On.')]);
  expect(texts).toEqual(['On.']);
  expect(JSON.stringify(traces)).toContain('the image was not shown');
});

test.each([
  ['LP_CLOSEDIALOG', 'survey'],
  ['LP_CLOSECONVERSATION\nbye', 'none'],
])('LP-120 a text %j closes, and nothing after it is said', (content) => {
  const { texts, closed } = say([text('t', content), text('u', 'After.')]);
  expect([texts, closed]).toEqual([[], true]);
});

test('LP-120 what a consumer says closes nothing, also where the bot repeats it', () => {
  const bot = converse(botOf([dialogOf('d', starter('s', '*'), text('t', '{$userMessage}'))]));
  const { texts, closed } = bot.say('LP_CLOSECONVERSATION');
  expect([texts, closed]).toEqual([['LP_CLOSECONVERSATION'], false]);
});

test('LP-120 SET_USER_PROFILE is kept and not shown; a value stays inside its text', () => {
  const profile = text('t', 'SET_USER_PROFILE | {"name": "{$userMessage}", "age": 3}');
  const bot = converse(botOf([dialogOf('d', starter('s', '*'), profile, text('u', 'Hi.'))]));
  const { texts, state } = bot.say('go","admin":"yes');
  expect(texts).toEqual(['Hi.']);
  expect(state.variables.session['user_profile']).toEqual({ name: 'go","admin":"yes', age: 3 });
  expect(JSON.stringify(say([text('t', 'SET_USER_PROFILE | {oops}')]).traces)).toContain('no JSON object');
});

test('LP-117 a delay is a time on the message and blocks nothing; a break in a text splits it with a time of its own', () => {
  const { messages } = say([
    text('a', 'One', { delay_ms: 500 }),
    text('b', 'Two tag::breakWithDelay=1000 Three tag::breakWithDelay=99999 Four'),
  ]);
  expect(messages).toEqual([
    { text: 'One', delay_ms: 500 },
    { text: 'Two' },
    { text: 'Three', delay_ms: 1000 },
    { text: 'Four', delay_ms: 10_000 },
  ]);
});

test('LP-141 quick replies: title and payload are filled in, the row’s length is kept', () => {
  const asked: Interaction = {
    id: 'q',
    name: 'q',
    type: 'quick_reply',
    text: 'Which?',
    replies: [{ title: 'Say {$userMessage}', payload: 'p {$userMessage}' }, { title: 'No' }],
    replies_per_row: 4,
  };
  expect(say([asked]).messages).toEqual([
    {
      text: 'Which?',
      quick_replies: [
        { title: 'Say go', payload: 'p go' },
        { title: 'No', payload: 'No' },
      ],
      quick_replies_per_row: 4,
    },
  ]);
});

const list: Interaction = {
  id: 'q',
  name: 'q',
  type: 'list_picker',
  text: 'What would you like?',
  multiple: true,
  sections: [
    { title: 'Drinks', items: [{ title: 'Tea', subtitle: 'hot' }, { title: 'Milk' }] },
    { items: [{ title: 'Bread' }] },
  ],
};

test('LP-101 a list picker is a numbered list; a reply by numbers or titles is what was selected', () => {
  const bot = converse(botOf([dialogOf('d', starter('s', 'go'), list, text('t', '{$userMessage}'))]));
  const { messages } = bot.say('go');
  expect(messages[0]).toMatchObject({
    text: 'What would you like?\nDrinks\n1. Tea – hot\n2. Milk\n3. Bread',
    buttons: [{ label: 'Tea', type: 'postback', payload: 'User Selected: Tea' }, { label: 'Milk' }, { label: 'Bread' }],
  });
  expect(bot.say('1, 3').texts).toEqual(['User Selected: Tea and Bread']);
  bot.say('go');
  expect(bot.say('milk').texts).toEqual(['User Selected: Milk']);
  bot.say('go');
  expect(bot.say('something else').texts).toEqual(['something else']);
});

test.each([
  ['1 3', 'User Selected: Tea and Bread'],
  ['2.', 'User Selected: Milk'],
  ['tea and bread', 'User Selected: Tea and Bread'],
  ['Bread; 3, bread', 'User Selected: Bread'],
  ['4', '4'],
  ['1, 4', '1, 4'],
  ['User Selected: Tea', 'User Selected: Tea'],
])('LP-101 of a list picker %j picks %j', (typed, wanted) => {
  const bot = converse(botOf([dialogOf('d', starter('s', 'go'), list, text('t', '{$userMessage}'))]));
  bot.say('go');
  expect(bot.say(typed).texts).toEqual([wanted]);
});

test('LP-101 titles may hold numbers, full stops and the word between two of them; without several there is one', () => {
  const sections = [{ items: [{ title: 'Plan 2' }, { title: 'Salt and pepper' }, { title: 'Main St.' }] }];
  const saying = (typed: string, multiple: boolean) => {
    const picker: Interaction = { ...list, sections, multiple };
    const bot = converse(botOf([dialogOf('d', starter('s', 'go'), picker, text('t', '{$userMessage}'))]));
    bot.say('go');
    return bot.say(typed).texts[0];
  };
  expect(saying('plan 2', false)).toBe('User Selected: Plan 2');
  expect(saying('salt and pepper', true)).toBe('User Selected: Salt and pepper');
  expect(saying('Plan 2, main st.', true)).toBe('User Selected: Plan 2 and Main St.');
  expect(saying('1, 3', false)).toBe('1, 3');
});

test('LP-144 a picker on a channel of plain text is its numbered list and nothing twice', () => {
  expect(say([list], { channel: 'text' }).messages).toEqual([
    { text: 'What would you like?\nDrinks\n1. Tea – hot\n2. Milk\n3. Bread' },
  ]);
});

test('LP-101 a time picker shows its times in the zone of its place', () => {
  const times: Interaction = {
    id: 'q',
    name: 'q',
    type: 'time_picker',
    text: 'When?',
    title: 'Grooming',
    location: 'Main Street',
    offset_minutes: 120,
    slots: [{ start: '2026-04-30T13:30+0000', duration_minutes: 30 }, { start: 'soon' }],
  };
  const { messages } = say([times], { channel: 'text' });
  expect(messages).toHaveLength(1);
  expect(messages[0]?.text).toMatch(/^When\?\nGrooming\nMain Street\n1\. Apr 30, 2026, 3:30.PM – 30 min\n2\. soon$/);
});

test('LP-102 a text question may be as long as an author likes: it is split between words', () => {
  const { messages } = say([question('q', `${'word '.repeat(250)}end`)]);
  expect(messages).toHaveLength(2);
  expect(messages[0]?.text?.length).toBeLessThanOrEqual(1_000);
});
