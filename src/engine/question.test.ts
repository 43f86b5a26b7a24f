import { expect, test } from 'vitest';
import type { Interaction } from '../bot/document.ts';
import { botOf, converse, dialogOf, question, starter, text } from './replay.test-support.ts';

const quick: Interaction = {
  id: 'q',
  name: 'q',
  type: 'quick_reply',
  text: 'Well?',
  replies: [{ title: 'Quiz Me!', payload: 'Quiz' }, { title: 'No' }],
  rules: [{ when: { match: 'pattern', patterns: ['quiz'] }, then: { go: 'next' } }],
};
const choice: Interaction = {
  id: 'q',
  name: 'q',
  type: 'multiple_choice',
  text: 'Colour?',
  choices: ['Red\n', 'Blue'],
  rules: [{ when: { match: 'option', value: 'Blue' }, then: { go: 'next' } }],
};
const buttons: Interaction = {
  id: 'q',
  name: 'q',
  type: 'button_question',
  text: 'Press',
  buttons: [
    { label: 'Shop', type: 'link', callback: 'https://shop.example', target: 'current_window' },
    { label: 'Go on', type: 'postback', callback: 'go_on' },
  ],
  rules: [{ when: { match: 'exact', value: 'go_on' }, then: { go: 'next' } }],
};
const asking = (interaction: Interaction) =>
  botOf([dialogOf('d', starter('s', 'go'), interaction, text('t', 'You chose {$userMessage}'))]);

test('LP-103 quick replies carry title and payload, and the payload is what rules see', () => {
  const bot = converse(asking(quick));
  expect(bot.say('go').messages[0]?.quick_replies).toEqual([
    { title: 'Quiz Me!', payload: 'Quiz' },
    { title: 'No', payload: 'No' },
  ]);
  expect(bot.tap('Quiz').texts).toEqual(['You chose Quiz']);
});

test('LP-108 a multiple choice shows trimmed choices; the chosen one matches whatever its case', () => {
  const bot = converse(asking(choice));
  expect(bot.say('go').messages[0]?.buttons?.map(({ label }) => label)).toEqual(['Red', 'Blue']);
  expect(bot.say(' BLUE ').texts).toHaveLength(1);
});

test('LP-99 LP-100 buttons: links open where they say, postbacks post their value', () => {
  const bot = converse(asking(buttons));
  expect(bot.say('go').messages[0]?.buttons).toEqual([
    { label: 'Shop', type: 'link', url: 'https://shop.example', target: 'self' },
    { label: 'Go on', type: 'postback', payload: 'go_on' },
  ]);
  expect(bot.tap('go_on').texts).toEqual(['You chose go_on']);
});

const offering = (...callbacks: string[]): Interaction => ({
  ...buttons,
  buttons: callbacks.map((callback, at) => ({ label: `L${at}`, type: 'link', callback })),
});

test.each([
  'javascript:alert(1)',
  ' \u0001java\tscript:alert(1)',
  'data:text/html,x',
  'vbscript:x',
  'shop.example',
  '//a',
])(
  'XS-03 a button whose link is %j never goes out, whether written or typed; the others and the question stay',
  (url) => {
    for (const channel of ['web', 'text'] as const) {
      const written = converse(asking(offering(url, 'https://a.example')), {}, { channel }).say('go');
      expect(JSON.stringify(written.messages)).toContain('https://a.example');
      expect(JSON.stringify(written.messages)).not.toContain('L0');
      expect(written.traces).toContainEqual(
        expect.objectContaining({ level: 'warn', text: expect.stringMatching(/button "L0" of "q" was left out/) }),
      );
      const heard = botOf([dialogOf('d', starter('s', '*'), offering('{$userMessage}'))]);
      const typed = converse(heard, {}, { channel }).say(url);
      expect(typed.messages).toEqual([{ text: 'Press' }]);
      expect(typed.state.waiting?.interaction).toBe('q');
    }
  },
);

test('LP-99 links that may go out do: mail, telephone, the sign-in stand-in, and addresses with unset variables', () => {
  const urls = ['mailto:a@a.example', 'tel:+4912345', 'errand:sign-in:att_1', 'https://a.example/?q={$botContext.no}'];
  const [message] = converse(asking(offering(...urls))).say('go').messages;
  expect(message?.buttons?.map(({ url }) => url)).toEqual(urls);
});

test('LP-99 behind an unset variable the sign-in stand-in does not go out either', () => {
  const bot = asking(offering('{$botContext.no}/errand:sign-in:att_1', 'https://a.example'));
  const { messages } = converse(bot).say('go');
  expect(messages[0]?.buttons?.map(({ url }) => url)).toEqual(['https://a.example']);
});

test.each(['2', '2.', 'b', 'blue'])(
  'LP-108 a text channel lists choices with their numbers, and takes %j for one',
  (typed) => {
    const bot = converse(asking(choice), {}, { channel: 'text' });
    expect(bot.say('go').messages).toEqual([{ text: 'Colour?\n1. Red\n2. Blue' }]);
    expect(bot.say(typed).texts).toHaveLength(1);
  },
);

test('a text channel shows links plainly and takes a typed label for the tap', () => {
  const bot = converse(asking(buttons), {}, { channel: 'text' });
  expect(bot.say('go').messages).toEqual([{ text: 'Press\nShop: https://shop.example\nGo on' }]);
  expect(bot.say('go on').texts).toEqual(['You chose go_on']);
  const other = converse(asking(quick), {}, { channel: 'text' });
  expect(other.say('go').messages).toEqual([{ text: 'Well?\n1. Quiz Me!\n2. No' }]);
  expect(other.say('Quiz me!').texts).toEqual(['You chose Quiz']);
});

test('LP-108 regular expressions are asked for once and searched for; exclude keywords hold them off', () => {
  const rules = [
    {
      when: { match: 'regex' as const, regex: '\\d+', exclude: ['about'] },
      then: { go: 'interaction' as const, id: 'n' },
    },
    { when: { match: 'regex' as const, regex: '^a' }, then: { go: 'interaction' as const, id: 'a' } },
  ];
  const bot = converse(
    botOf([
      dialogOf(
        'd',
        starter('s', 'go'),
        { id: 'q', name: 'q', type: 'text_question', text: '?', rules },
        text('n', 'number', { next: { go: 'end' } }),
        text('a', 'letter'),
      ),
    ]),
  );
  bot.say('go');
  const replied = bot.say('about 7');
  expect(replied.texts).toEqual(['letter']);
  expect(replied.needs).toEqual([{ type: 'regex', text: 'about 7', regexes: ['\\d+', '^a'] }]);
});

test.each([
  ['contains', 'kettle', true],
  ['not_contains', 'kettle', false],
  ['equals', 'copper kettle', true],
  ['not_equals', 'copper kettle', false],
  ['any', undefined, true],
] as const)('LP-109 a variable condition %s %j is %s', (match, value, holds) => {
  const variables = [{ variable: 'item', match, ...(value !== undefined && { value }) }];
  const rules = [
    { set: [{ name: 'item', value: 'Copper Kettle', scope: 'session' as const }], then: { go: 'next' as const } },
  ];
  const second = {
    rules: [{ variables, then: { go: 'interaction' as const, id: 'yes' } }],
    next: { go: 'end' as const },
  };
  const bot = converse(
    botOf([
      dialogOf(
        'd',
        starter('s', 'go'),
        text('a', 'BLANK_MESSAGE', { rules }),
        text('b', 'BLANK_MESSAGE', second),
        text('yes', 'yes'),
      ),
    ]),
  );
  expect(bot.say('go').texts).toEqual(holds ? ['yes'] : []);
});

const undecided = expect.objectContaining({
  kind: 'log',
  level: 'error',
  text: expect.stringContaining('not decided'),
});
const yesOrElse = [
  { when: { match: 'regex' as const, regex: '^(y|yes)+$' }, then: { go: 'interaction' as const, id: 'yes' } },
  { when: { match: 'no_match' as const }, then: { go: 'interaction' as const, id: 'else' } },
];

test('a regular expression that could not be matched decides nothing: the question stays open and its fallback answers', () => {
  const asked: Interaction = {
    id: 'q',
    name: 'q',
    type: 'text_question',
    text: '?',
    rules: yesOrElse,
    next: { go: 'end' },
    fallback_response: 'Once more, please',
  };
  const bot = converse(botOf([dialogOf('d', starter('s', 'go'), asked, text('yes', 'Yes'), text('else', 'Else'))]), {
    regexes_fail: true,
  });
  bot.say('go');
  const replied = bot.say('yes');
  expect(replied.texts).toEqual(['Once more, please']);
  expect(replied.traces).toContainEqual(undecided);
  expect(replied.state.waiting?.interaction).toBe('q');
});

test('a rule before it that holds is taken all the same', () => {
  const rules = [
    { when: { match: 'exact' as const, value: 'stop' }, then: { go: 'interaction' as const, id: 'else' } },
    ...yesOrElse,
  ];
  const asked: Interaction = { id: 'q', name: 'q', type: 'text_question', text: '?', rules };
  const bot = converse(botOf([dialogOf('d', starter('s', 'go'), asked, text('yes', 'Yes'), text('else', 'Else'))]), {
    regexes_fail: true,
  });
  bot.say('go');
  expect(bot.say('stop').texts).toEqual(['Else']);
});

test('after a statement it ends the dialog with a sentence, never at the next action', () => {
  const bot = converse(
    botOf([
      dialogOf('d', starter('s', 'go'), text('a', 'A', { rules: yesOrElse }), text('yes', 'Yes'), text('else', 'Else')),
    ]),
    { regexes_fail: true },
  );
  const said = bot.say('go');
  expect(said.texts).toEqual(['A', expect.stringContaining('not set up correctly')]);
  expect(said.traces).toContainEqual(undecided);
});

test('LP-92 a link with an unset variable keeps it as it is written; only a missing sign-in link takes the question away', () => {
  const asked: Interaction = {
    id: 'q',
    name: 'q',
    type: 'button_question',
    text: 'Where to?',
    buttons: [
      { label: 'Site', type: 'link', callback: 'https://x.example/?q={$botContext.nothing}' },
      { label: 'Stay', type: 'postback', callback: 'stay' },
    ],
  };
  const { messages, state } = converse(botOf([dialogOf('d', starter('s', 'go'), asked)])).say('go');
  // With all of its address unset it leads nowhere, and says so.
  const nowhere = { ...asked, buttons: [{ label: 'Cart', type: 'link' as const, callback: '{$botContext.cartURL}' }] };
  const dead = converse(botOf([dialogOf('d', starter('s', 'go'), nowhere)])).say('go');
  expect(dead.messages[0]?.buttons).toMatchObject([{ label: 'Cart', url: '{$botContext.cartURL}' }]);
  expect(messages[0]).toMatchObject({
    text: 'Where to?',
    buttons: [{ url: 'https://x.example/?q={$botContext.nothing}' }, { payload: 'stay' }],
  });
  expect(state.waiting?.interaction).toBe('q');
});

test('LP-110 a question of links alone: what is typed is a new question first, then its own next action, also to end', () => {
  const cart: Interaction = {
    id: 'cart',
    name: 'cart',
    type: 'button_question',
    text: 'Your cart',
    buttons: [{ label: 'Cart', type: 'link', callback: 'https://shop.example' }],
    next: { go: 'end' },
  };
  const rules: Interaction['rules'] = [{ when: { match: 'pattern', patterns: ['2'] }, then: { go: 'next' } }];
  const bot = converse(
    botOf([
      dialogOf('d', starter('s', 'cart'), cart),
      dialogOf('e', starter('s2', 'buy'), question('q', 'How many?', { rules }), text('t', 'Bought')),
    ]),
  );
  bot.say('cart');
  expect(bot.say('buy').texts).toEqual(['How many?']);
  expect(bot.say('cart').texts).toEqual(['Your cart']);
  // It ends, and the question that it interrupted is asked again.
  expect(bot.say('thanks').texts).toEqual(['How many?']);
});
