import { expect, test } from 'vitest';
import type { Interaction } from '../bot/document.ts';
import { type Answers, botOf, converse, dialogOf, starter, text } from './replay.test-support.ts';
import type { Facts, ScriptEffect } from './step.ts';

const asking = (question: Interaction, about: Partial<Facts> = {}, answers: Answers = {}) =>
  converse(
    botOf([
      dialogOf('d', starter('s', 'go*'), question, text('t', 'You said {$userMessage}')),
      dialogOf('other', starter('o', 'hello'), text('h', 'Hello.')),
    ]),
    answers,
    about,
  );

const card: Extract<Interaction, { type: 'structured' }> = {
  id: 'q',
  name: 'q',
  type: 'structured',
  tiles: [
    {
      title: 'Tea',
      buttons: [
        { label: 'Take {$userMessage}', type: 'postback', callback: 'take tea' },
        { label: 'Map', type: 'link', callback: 'https://a.example' },
      ],
    },
  ],
};
const content = (uri: string, more = '') =>
  `{"type":"vertical","elements":[{"type":"button","title":"Login","click":{"actions":[{"type":"link","uri":"${uri}"}]}}${more}]}`;
const universal = (json: string): Extract<Interaction, { type: 'universal' }> => ({
  id: 'q',
  name: 'q',
  type: 'universal',
  content: json,
});

type Question = Exclude<
  Interaction,
  { type: 'starter' | 'text' | 'image' | 'integration' | 'transfer' | 'route' | 'opaque' }
>;
const questions: [string, Question][] = [
  ['a text question', { id: 'q', name: 'q', type: 'text_question', text: 'Well?' }],
  ['a multiple choice', { id: 'q', name: 'q', type: 'multiple_choice', text: 'Which?', choices: ['A', 'B'] }],
  [
    'a button question',
    { id: 'q', name: 'q', type: 'button_question', text: 'P', buttons: [{ label: 'A', type: 'postback' }] },
  ],
  ['quick replies', { id: 'q', name: 'q', type: 'quick_reply', text: 'Which?', replies: [{ title: 'A' }] }],
  ['a structured question', card],
  ['universal content', universal('{"type":"text","text":"Well?"}')],
  ['a list picker', { id: 'q', name: 'q', type: 'list_picker', text: 'L', sections: [{ items: [{ title: 'A' }] }] }],
  ['a time picker', { id: 'q', name: 'q', type: 'time_picker', text: 'When?', slots: [{ start: 'soon' }] }],
];

test.each(questions)('LP-101 LP-104 %s is shown, waits for a reply, and its rules look at it', (_, question) => {
  const rules = [{ when: { match: 'pattern' as const, patterns: ['yes'] }, then: { go: 'next' as const } }];
  const bot = asking({ ...question, rules });
  const asked = bot.say('go');
  expect(asked.messages).toHaveLength(1);
  expect(asked.state.waiting?.interaction).toBe('q');
  expect(bot.say('yes').texts).toEqual(['You said yes']);
});

test.each(questions)('LP-117 %s has a delay of its own and its own answer to what it does not know', (_, question) => {
  const rules = [{ when: { match: 'pattern' as const, patterns: ['yes'] }, then: { go: 'next' as const } }];
  const bot = asking({ ...question, rules, delay_ms: 10_000, fallback_response: 'Yes, please?' });
  expect(bot.say('go').messages).toMatchObject([{ delay_ms: 10_000 }]);
  expect(bot.say('dunno').texts).toEqual(['Yes, please?']);
});

test('LP-96 LP-98 LP-99 LP-139 LP-140 a button’s callback is filled in, its target kept, its old window size of no effect', () => {
  const shown = asking({
    id: 'q',
    name: 'q',
    type: 'button_question',
    text: 'Press',
    buttons: [
      { label: 'A', type: 'link', callback: 'https://a.example/{$userMessage}', target: 'new_window', webview: 'full' },
      { label: 'B', type: 'link', callback: 'https://a.example', target: 'current_window', webview: 'tall' },
      { label: 'C', type: 'postback', callback: 'c {$userMessage}' },
      { label: 'D', type: 'postback' },
    ],
  }).say('go');
  expect(shown.messages[0]?.buttons).toEqual([
    { label: 'A', type: 'link', url: 'https://a.example/go', target: 'blank' },
    { label: 'B', type: 'link', url: 'https://a.example', target: 'self' },
    { label: 'C', type: 'postback', payload: 'c go' },
    { label: 'D', type: 'postback', payload: 'D' },
  ]);
});

test('LP-103 a quick reply has a title, a payload that is sent in its place, and a picture unless its address is unsafe', () => {
  const replies = [
    { title: 'Yes', payload: 'y', image: 'https://a.example/{$userMessage}.png' },
    { title: 'No', image: 'javascript:alert(1)' },
  ];
  const bot = asking({ id: 'q', name: 'q', type: 'quick_reply', text: 'Well?', replies });
  expect(bot.say('go').messages[0]?.quick_replies).toEqual([
    { title: 'Yes', payload: 'y', image: 'https://a.example/go.png' },
    { title: 'No', payload: 'No' },
  ]);
  expect(bot.tap('y').texts).toEqual(['You said y']);
});

test('LP-144 on a channel of plain text a card’s buttons can be typed, as its quick replies can', () => {
  const bot = asking(card, { channel: 'text' });
  expect(bot.say('go').texts).toEqual(['Tea\nTake go\nMap: https://a.example']);
  expect(asking(card).say('go').state.heard.text).toBe('go');
  const named: Interaction = {
    ...card,
    tiles: [{ title: 'T', buttons: [{ label: 'Take it', type: 'postback', callback: 'took' }] }],
  };
  const typing = asking(named, { channel: 'text' });
  typing.say('go');
  expect(typing.say('TAKE IT').texts).toEqual(['You said took']);
  const replies =
    '{"type":"quickReplies","replies":[{"type":"button","title":"Yes","click":{"actions":[{"type":"publishText","text":"y"}]}}]}';
  const quick = asking(universal(replies), { channel: 'text' });
  expect(quick.say('go').texts).toEqual(['Yes']);
  expect(quick.say('yes').texts).toEqual(['You said y']);
});

const says = (text: string, id?: string) => ({
  actions: [{ type: 'publishText', text }],
  ...(id !== undefined && { metadata: [{ type: 'ExternalId', id }] }),
});
const inCard = (title: string, ...buttons: object[]) => ({
  type: 'vertical',
  elements: [{ type: 'text', text: title }, ...buttons],
});
const buy = (id: string) => ({ type: 'button', title: 'Buy', click: says(`buy ${id}`, id) });
const shop = universal(
  JSON.stringify({ type: 'carousel', elements: [inCard('Tea', buy('T')), inCard('Rice', buy('R'))] }),
);

/** What typing this on a channel of plain text comes to, once a question was asked there. */
function typing(question: Interaction, typed: string) {
  const bot = asking(question, { channel: 'text' });
  const shown = bot.say('go').texts;
  return { shown, ...bot.say(typed) };
}

test('LP-144 LP-143 choices that look alike are told apart by their numbers, and each has its own metadata', () => {
  const { shown, texts, state } = typing(shop, '2');
  expect(shown).toEqual(['Tea\n1. Buy\nRice\n2. Buy']);
  expect(texts).toEqual(['You said buy R']);
  expect(state.heard).toMatchObject({ button_payload: 'buy R', metadata: [{ type: 'ExternalId', id: 'R' }] });
});

test('LP-144 a label that could mean several choices is asked back, nothing is chosen, and the question waits on', () => {
  const bot = asking(shop, { channel: 'text' });
  bot.say('go');
  const { texts, state } = bot.say('buy');
  expect(texts).toEqual(['Which of these do you mean?\n1. Buy (Tea)\n2. Buy (Rice)']);
  expect(state.waiting?.interaction).toBe('q');
  expect(bot.say('1.').texts).toEqual(['You said buy T']);
});

test('LP-144 choices of one label that do the same are one', () => {
  const same = { type: 'vertical', elements: [buy('T'), buy('T')] };
  expect(typing(universal(JSON.stringify(same)), 'buy').texts).toEqual(['You said buy T']);
});

test('LP-144 quick replies and buttons of a question have numbers, which can be typed as their labels can', () => {
  const replies: Interaction = {
    id: 'q',
    name: 'q',
    type: 'quick_reply',
    text: 'Well?',
    replies: [{ title: 'Yes {$userMessage}', payload: 'y {$userMessage}' }, { title: 'No' }],
  };
  const buttons: Interaction = {
    id: 'q',
    name: 'q',
    type: 'button_question',
    text: 'Press',
    buttons: [
      { label: 'Map', type: 'link', callback: 'https://a.example' },
      { label: 'A', type: 'postback', callback: 'a' },
      { label: 'B', type: 'postback' },
    ],
  };
  expect(typing(replies, '1')).toMatchObject({ shown: ['Well?\n1. Yes go\n2. No'], texts: ['You said y go'] });
  expect(typing(replies, 'no').texts).toEqual(['You said No']);
  expect(typing(buttons, '1')).toMatchObject({
    shown: ['Press\nMap: https://a.example\n1. A\n2. B'],
    texts: ['You said a'],
  });
  expect(typing(buttons, 'b').texts).toEqual(['You said B']);
});

const box = (title: string) => ({
  type: 'checkbox',
  text: title,
  click: {
    actions: [{ type: 'checked', publishText: `${title} please` }],
    metadata: [{ type: 'ExternalId', id: title }],
  },
});
const submit = { type: 'submitButton', title: 'Order', click: { actions: [{ type: 'submitAsText', submit: true }] } };
const checklist = { type: 'checklist', elements: [box('Tea'), box('Milk'), box('Rice and beans')] };
const order = universal(
  JSON.stringify({
    type: 'list',
    elements: [
      { type: 'text', text: 'What?' },
      { type: 'sectionList', elements: [{ type: 'section', sectionID: 's', elements: [checklist] }] },
      { type: 'buttonList', elements: [submit] },
    ],
  }),
);

test.each([
  ['1, 3', 'Tea please, Rice and beans please', ['Tea', 'Rice and beans']],
  ['milk and tea', 'Tea please, Milk please', ['Tea', 'Milk']],
  ['rice and beans', 'Rice and beans please', ['Rice and beans']],
  ['1 2 Order', '1 2 Order', undefined],
  ['1, 2, order', 'Tea please, Milk please', ['Tea', 'Milk']],
])('LP-144 of a list to tick off, %j says %j', (typed, said, ids) => {
  const { texts, state } = typing(order, typed);
  expect(texts).toEqual([`You said ${said}`]);
  expect(state.heard.metadata).toEqual(ids?.map((id) => ({ type: 'ExternalId', id })));
});

test('LP-144 sending a list with nothing chosen of it is asked back', () => {
  expect(typing(order, 'order').texts).toEqual(['Which of these do you mean?\n1. Tea\n2. Milk\n3. Rice and beans']);
});

test.each([
  { type: 'multiple', typed: '1, 2', said: 'You said compare', ids: ['Small', 'Large'] },
  { type: 'single', typed: 'large', said: 'You said compare', ids: ['Large'] },
  { type: 'single', typed: '1 and 2', said: 'Which of these do you mean?\n1. Small\n2. Large', ids: undefined },
  { type: 'multiple', typed: '1 and Buy', said: 'You said 1 and Buy', ids: undefined },
])(
  'LP-144 LP-143 of $type cards $typed chooses, and their button says it with their metadata',
  ({ type, typed, said, ids }) => {
    const plan = (name: string) => ({ ...inCard(name), metadata: [{ type: 'ExternalId', id: name }] });
    const plans = { type: 'carouselSelect', selectMode: { name: 'p', type }, elements: [plan('Small'), plan('Large')] };
    const compare = { type: 'button', title: 'Compare', click: says('compare'), ref: { name: 'p' } };
    const other = { type: 'button', title: 'Buy', click: says('buy') };
    const { texts, state } = typing(
      universal(
        JSON.stringify({
          type: 'vertical',
          elements: [plans, { ...compare, ref: { ...compare.ref, type: 'carouselSelect' } }, other],
        }),
      ),
      typed,
    );
    expect(texts).toEqual([said]);
    expect(state.heard.metadata).toEqual(ids?.map((id) => ({ type: 'ExternalId', id })));
  },
);

test('LP-144 where content comes to nothing that can be read, no empty message is sent', () => {
  const nothing = universal('{"type":"vertical","elements":[{"type":"vertical","elements":[]}]}');
  const { texts, state } = asking(nothing, { channel: 'text' }).say('go');
  expect(texts[0]).toContain('not set up correctly');
  expect(state.waiting).toBeNull();
});

test('typing a label or a number is no tap where there is something to tap', () => {
  const bot = asking(shop);
  bot.say('go');
  expect(bot.say('1').texts).toEqual(['You said 1']);
});

const link = `errand:sign-in:att_${'a'.repeat(25)}`;
const withLink: Answers = {
  script: () => ({ effects: [] }),
  call: () => ({ outcome: 'success', status: 200, body: '{}', variables: { external_auth_url: link } }),
};

test.each([
  ['universal content', universal(content('{$botContext.external_auth_url}'))],
  [
    'a structured question',
    {
      ...card,
      tiles: [{ title: 'T', buttons: [{ label: 'Login', type: 'link', callback: '{$botContext.external_auth_url}' }] }],
    } satisfies Interaction,
  ],
] as [string, Interaction][])(
  'a Login button in %s holds the link’s stand-in and awaits no answer: what is typed is a new question',
  (_, question) => {
    const call: Interaction = { id: 'c', name: 'c', type: 'integration', integration: 'Orders' };
    const bot = converse(
      botOf([
        dialogOf('d', starter('s', 'go'), call, question),
        dialogOf('other', starter('o', 'hello'), text('h', 'Hello.')),
      ]),
      withLink,
    );
    const { messages, state } = bot.say('go');
    expect(JSON.stringify(messages)).toContain(`"uri":"${link}"`);
    expect(state.waiting?.interaction).toBe('q');
    const typed = bot.say('hello');
    expect(typed.texts).toEqual(['Hello.']);
    expect(typed.messages).toHaveLength(1);
  },
);

/** The bot whose first script has this code, and does this. */
const withCode = (pre_process: string, ...effects: ScriptEffect[]) =>
  converse(botOf([dialogOf('d', { ...starter('s', '*'), pre_process }, text('t', 'After.'))]), {
    script: () => ({ effects }),
  });
const scripted = (...effects: ScriptEffect[]) => withCode(`say(${JSON.stringify(effects)})`, ...effects);
const send = (said: string): ScriptEffect => ({ type: 'send', text: said });

test.each([
  ['LP_CLOSECONVERSATION', send('LP_CLOSECONVERSATION')],
  ['LP_CLOSEDIALOG', { type: 'reply_immediately', texts: ['LP_CLOSEDIALOG', 'After all'] } satisfies ScriptEffect],
])('LP-120 %s from a script closes, and nothing more is said', (_, effect) => {
  const { texts, closed } = scripted(send('Bye.'), effect, send('More.')).say('go');
  expect([texts, closed]).toEqual([['Bye.'], true]);
});

test('LP-120 SET_USER_PROFILE and BLANK_MESSAGE from a script are not shown; its expressions stay as they are', () => {
  const { texts, state } = scripted(send('SET_USER_PROFILE | {"name":"{$userMessage}"}'), send('BLANK_MESSAGE')).say(
    'go',
  );
  expect(texts).toEqual(['After.']);
  expect(state.variables.session['user_profile']).toEqual({ name: '{$userMessage}' });
});

test.each(['LP_CLOSECONVERSATION', 'SET_USER_PROFILE | {"vip":true}'])(
  'LP-120 a script that repeats what the consumer typed, %j, is no order of the bot’s',
  (typed) => {
    const { texts, closed, state } = scripted(send(typed)).say(typed);
    expect([texts, closed]).toEqual([[typed, 'After.'], false]);
    expect(state.variables.session['user_profile']).toBeUndefined();
  },
);

test.each(['LP_CLOSECONVERSATION', 'LP_CLOSEDIALOG\nbye', 'SET_USER_PROFILE | {"vip":true}'])(
  'LP-120 what a script took from a variable, %j, is no order of the bot’s: its author wrote no such word there',
  (kept) => {
    for (const code of ["say(get('kept'))", "say(get('kept')) // LP_CLOSE SET_USER"]) {
      const { texts, closed, state } = withCode(code, send(kept)).say('go');
      expect([texts, closed]).toEqual([[kept, 'After.'], false]);
      expect(state.variables.session['user_profile']).toBeUndefined();
    }
  },
);

test('LP-120 a keyword in the global functions counts, and in the code of another hook it does not', () => {
  const said = (more: object, global_functions = '') => {
    const dialog = dialogOf('d', { ...starter('s', '*'), pre_process: 'bye()', ...more }, text('t', 'After.'));
    const answers: Answers = {
      script: ({ hook }) => ({ effects: hook === 'pre_process' ? [send('LP_CLOSECONVERSATION')] : [] }),
    };
    return converse({ ...botOf([dialog]), global_functions }, answers).say('go').closed;
  };
  expect(said({}, "function bye() { say('LP_CLOSECONVERSATION') }")).toBe(true);
  expect(said({ post_process: "say('LP_CLOSECONVERSATION')" })).toBe(false);
});
