import { expect, test } from 'vitest';
import type { Integration, Interaction } from '../bot/document.ts';
import { type Answers, botOf, converse, dialogOf, integration, orders, starter, text } from './replay.test-support.ts';
import type { CallResult, Facts } from './step.ts';

type Structured = Extract<Interaction, { type: 'structured' }>;
const structured = (more: Partial<Structured>): Structured => ({
  id: 'q',
  name: 'q',
  type: 'structured',
  tiles: [{ title: '{Orders.all}' }],
  rules: [{ when: { match: 'pattern', patterns: ['*'] }, then: { go: 'end' } }],
  ...more,
});
const universal = (content: string): Interaction => ({ id: 'q', name: 'q', type: 'universal', content });

const quick = (...replies: { title: string; payload: string }[]): Interaction => ({
  id: 'q',
  name: 'q',
  type: 'quick_reply',
  text: 'Which?',
  replies,
});
const list = { id: 'q', name: 'q', type: 'list_picker', text: 'Which?' } as const;

const stores: Integration = {
  ...orders,
  fields: [
    { key: 'all', value: '{$.api_Orders.items[i].name}' },
    { key: 'place', value: '{$.api_Orders.items[i].place}' },
    { key: 'shop', value: '{$.api_Orders.shop}' },
  ],
};
const answer = (...names: string[]): CallResult => ({
  outcome: 'success',
  status: 200,
  body: JSON.stringify({ shop: 'Corner', items: names.map((name) => ({ name, place: `${name} Street` })) }),
});

function shown(question: Interaction, result: CallResult = answer('Ash', 'Birch'), about: Partial<Facts> = {}) {
  const document = botOf(
    [dialogOf('d', starter('s', 'go'), integration('i'), question, text('t', 'Thanks for {$userMessage}'))],
    {
      integrations: [stores],
    },
  );
  const bot = converse(document, { call: () => result }, about);
  return { ...bot.say('go'), bot };
}

/** What a question shows after these variables were set by a script. */
function filled(question: Interaction, variables: Record<string, string | object>, about: Partial<Facts> = {}) {
  const start = { ...starter('s', 'go'), pre_process: 'x' };
  const answers: Answers = {
    script: () => ({
      effects: Object.entries(variables).map(([name, value]) => ({
        type: 'set_variable',
        name,
        value: JSON.parse(JSON.stringify(value)),
        scope: 'session',
      })),
    }),
  };
  return converse(botOf([dialogOf('d', start, question)]), answers, about).say('go');
}

test('LP-90 a tile whose fields are lists is one card per element, several expressions in one text', () => {
  const { messages } = shown(
    structured({
      tiles: [
        {
          title: '{Orders.all}',
          subtitle: '{Orders.place}, {Orders.shop}',
          image: 'https://a.example/{Orders.all}.png',
          buttons: [
            { label: 'Take {Orders.all}', type: 'postback', callback: 'take {Orders.all}' },
            { label: 'Map', type: 'link', callback: 'https://a.example/map?{Orders.all}' },
          ],
        },
      ],
    }),
  );
  expect(messages).toHaveLength(1);
  const { content } = messages[0] ?? {};
  expect(content).toMatchObject({ type: 'carousel', elements: [{ type: 'vertical' }, { type: 'vertical' }] });
  const text = JSON.stringify(content);
  for (const part of ['"Ash"', '"Ash Street, Corner"', 'https://a.example/Birch.png', '"take Birch"', 'map?Ash'])
    expect(text).toContain(part);
});

test('one element is one card, none is a sentence, and more than ten are cut and said so', () => {
  expect(shown(structured({}), answer('Ash')).messages[0]?.content).toMatchObject({ type: 'vertical' });
  const none = shown(structured({}), answer());
  expect(none.texts).toEqual(['Sorry, I could not find anything for that.']);
  expect(none.state.waiting).toBeNull();
  const many = shown(structured({}), answer(...Array.from({ length: 14 }, (_, at) => `S${at}`)));
  expect(JSON.stringify(many.messages[0]?.content)).not.toContain('"S10"');
  expect(JSON.stringify(many.traces)).toContain('first 10 of 14 cards');
});

test('tiles that its author wrote are cards in their order; vertical is a stack', () => {
  const tiles = [{ title: 'One' }, { title: 'Two', item_url: 'https://a.example', image: 'https://a.example/i.png' }];
  expect(filled(structured({ tiles }), {}).messages[0]?.content).toMatchObject({ type: 'carousel' });
  const stacked = filled(structured({ tiles, display: 'vertical' }), {}).messages[0]?.content;
  expect(stacked).toMatchObject({
    type: 'vertical',
    elements: [{}, { elements: [{ click: { actions: [{ uri: 'https://a.example' }] } }, {}] }],
  });
});

test('LP-104 a structured question waits, and what a tap says is its answer', () => {
  const { bot, state } = shown(structured({ rules: [] }));
  expect(state.waiting?.interaction).toBe('q');
  expect(bot.say('take Ash').texts).toEqual(['Thanks for take Ash']);
});

test('LP-139 LP-140 a link opens in a new window or in this one, a postback is a publishText', () => {
  const buttons: NonNullable<Structured['tiles'][0]['buttons']> = [
    { label: 'A', type: 'link', callback: 'https://a.example' },
    { label: 'B', type: 'link', callback: 'https://a.example', target: 'current_window' },
    { label: 'C', type: 'postback' },
  ];
  const { messages } = filled(structured({ tiles: [{ title: 'T', buttons }] }), {});
  expect(JSON.stringify(messages[0]?.content)).toMatch(/"target":"blank".*"target":"self".*"publishText","text":"C"/);
});

const said = (traces: readonly object[]) =>
  traces.flatMap((entry) => ('level' in entry && entry.level === 'warn' && 'text' in entry ? [entry.text] : []));

test.each([
  'javascript:alert(1)',
  'java\tscript:alert(1)',
  'data:text/html,x',
  '',
  `https://a.example/${'x'.repeat(2_048)}`,
])('XS-06 the address %j in a value costs its own button, image or link, never the card or its neighbours', (url) => {
  const buttons: Structured['tiles'][0]['buttons'] = [
    { label: 'Bad', type: 'link', callback: '{$botContext.url}' },
    { label: 'Good', type: 'link', callback: 'https://a.example/good' },
    { label: 'Say', type: 'postback', callback: 'say' },
  ];
  const good = { title: 'U', image: 'https://a.example/u.png' };
  const bad = { title: 'T', image: '{$botContext.url}', item_url: '{$botContext.url}', buttons };
  const linked = { title: 'L', image: 'https://a.example/l.png', item_url: '{$botContext.url}' };
  const { messages, traces, state } = filled(structured({ tiles: [bad, linked, good] }), { url });
  expect(messages[0]?.content).toMatchObject({
    elements: [
      { elements: [{ text: 'T' }, { title: 'Good' }, { title: 'Say' }] },
      { elements: [{ url: 'https://a.example/l.png' }, { text: 'L' }] },
      { elements: [{ url: 'https://a.example/u.png' }, { text: 'U' }] },
    ],
  });
  expect(JSON.stringify(messages[0]?.content)).not.toMatch(/Bad|script:|data:/);
  expect(said(traces)).toEqual(
    [
      'image of the card "T"',
      'item_url of the card "T"',
      'button "Bad" of the card "T"',
      'item_url of the card "L"',
    ].map((what) => expect.stringMatching(new RegExp(`^the ${what} was left out: its address must`))),
  );
  expect(state.waiting?.interaction).toBe('q');
});

const rich = { type: 'vertical', elements: [{ type: 'text', text: 'Hi', tooltip: 'x' }] };

test.each([
  ['JSON text', JSON.stringify(rich)],
  ['an object', rich],
])('universal content that is one variable: %s', (_, value) => {
  expect(filled(universal('{$botContext.card}'), { card: value }).messages).toEqual([{ content: rich }]);
});

test('universal content is sent as its author wrote it, metadata and all', () => {
  const content = { ...rich, metadata: [{ type: 'ExternalId', id: 'LP-143' }] };
  expect(filled(universal(JSON.stringify(content, null, 2)), {}).messages[0]?.content).toEqual(content);
});

test('LP-143 metadata of a click is kept for its way back', () => {
  const click = { actions: [{ type: 'publishText', text: 'a' }], metadata: [{ type: 'ExternalId', id: 'row-7' }] };
  const content = { type: 'button', title: 'A', click };
  expect(filled(universal(JSON.stringify(content)), {}).messages[0]?.content).toEqual(content);
});

const hostile =
  '"},{"type":"button","title":"Pay me","click":{"actions":[{"type":"link","uri":"https://evil.example"}]}},{"x":"';

test.each([
  ['inside of JSON', '{"type":"vertical","elements":[{"type":"text","text":"You said {$botContext.said}"}]}'],
  [
    'where the rest is no JSON by itself',
    '{"type":"vertical","elements":[{"type":"text","text":"You said {$botContext.said}"}{$botContext.more}]}',
  ],
])('TK-08 a value adds no element: %s', (_, content) => {
  const { messages } = filled(universal(content), { said: hostile, more: [] });
  const text = JSON.stringify(messages);
  expect(text).not.toContain('"title":"Pay me"');
});

test.each(['{$userMessage}', '{"type":"vertical","elements":[{$userMessage}]}'])(
  'TK-08 what a consumer types is never taken as content, also where an expression stands alone: %s',
  (content) => {
    const bot = converse(botOf([dialogOf('d', starter('s', '*'), universal(content))]));
    const { texts, messages } = bot.say('{"type":"text","text":"Mine"}');
    expect(messages).toHaveLength(1);
    expect(texts[0]).toContain('not set up correctly');
  },
);

test('a part that its author leaves open takes JSON', () => {
  const content = '{"type":"vertical","elements":[{"type":"text","text":"{$botContext.a}"},{$botContext.b}]}';
  const { messages } = filled(universal(content), { a: 'q"t\\', b: { type: 'text', text: 'B' } });
  expect(messages[0]?.content).toEqual({
    type: 'vertical',
    elements: [
      { type: 'text', text: 'q"t\\' },
      { type: 'text', text: 'B' },
    ],
  });
});

test.each([
  ['no JSON', 'not json', 'the content is no JSON'],
  ['an unset variable', '{$botContext.nothing}', 'the content is no JSON'],
  ['an element that is none', '{"type":"iframe"}', '/type must be one of'],
  ['a link that is unsafe', '{"type":"image","url":"data:x"}', '/url must be an address'],
])(
  'universal content that is %s: the consumer gets a sentence, the author a place, and nothing waits',
  (_, content, wanted) => {
    const { texts, traces, state } = filled(universal(content), {});
    expect(texts[0]).toContain('not set up correctly');
    expect(JSON.stringify(traces)).toContain(wanted);
    expect([state.waiting, state.flow]).toEqual([null, null]);
  },
);

test('a carousel that a script has filled with nothing says that nothing was found, and no fault', () => {
  const { texts, traces } = filled(universal('{$botContext.cards}'), { cards: { type: 'carousel', elements: [] } });
  expect(texts).toEqual(['Sorry, I could not find anything for that.']);
  expect(traces.filter((entry) => entry.kind === 'log')).toEqual([]);
});

const replies = {
  type: 'quickReplies',
  itemsPerRow: 8,
  replies: [{ type: 'button', title: 'Yes', click: { actions: [{ type: 'publishText', text: 'y' }] } }],
};
const asReplies = { quick_replies: [{ title: 'Yes', payload: 'y' }], quick_replies_per_row: 8 };

test('LP-141 quick replies by themselves, or beside a card, become the message’s quick replies', () => {
  expect(filled(universal(JSON.stringify(replies)), {}).messages).toEqual([asReplies]);
  const both = filled(universal(JSON.stringify({ ...rich, quickReplies: replies })), {});
  expect(both.messages).toEqual([{ content: rich, ...asReplies }]);
});

test('LP-143 a quick reply keeps its metadata, all its actions in order, its style and its tooltip', () => {
  const says = (text: string) => ({ type: 'publishText', text });
  const link = { type: 'link', uri: 'https://a.example' };
  const twice = { actions: [says('a'), link, says('b')] };
  const known = { actions: [says('k')], metadata: [{ type: 'ExternalId', id: 'row-7' }] };
  const list = [
    { type: 'button', title: 'Twice', click: twice, style: { bold: true }, tooltip: 'Both' },
    { type: 'button', title: 'Known', click: known },
    { type: 'button', title: 'Shop', click: { actions: [link] } },
    { type: 'button', title: 'Plain' },
  ];
  const content = { type: 'quickReplies', itemsPerRow: 2, replies: list };
  expect(filled(universal(JSON.stringify(content)), {}).messages[0]?.quick_replies).toEqual([
    { title: 'Twice', payload: 'a', click: twice, style: { bold: true }, tooltip: 'Both' },
    { title: 'Known', payload: 'k', click: known },
    { title: 'Shop', payload: 'Shop', click: { actions: [link] } },
    { title: 'Plain', payload: 'Plain' },
  ]);
});

test('LP-141 more than 24 quick replies are refused, also beside a card', () => {
  const many = { ...replies, replies: Array.from({ length: 25 }, () => replies.replies[0]) };
  for (const content of [many, { ...rich, quickReplies: many }]) {
    const { texts, traces } = filled(universal(JSON.stringify(content)), {});
    expect(texts[0]).toContain('not set up correctly');
    expect(JSON.stringify(traces)).toContain('/replies must have at most 24');
  }
});

test('a picture, a look or a link that an answer filled in badly costs itself alone, and the trace says so', () => {
  const content = {
    type: 'vertical',
    elements: [
      { type: 'image', url: '{$botContext.picture}' },
      { type: 'text', text: 'Kettle', style: { color: '{$botContext.colour}' } },
      { type: 'button', title: 'Open', click: { actions: [{ type: 'link', uri: '{$botContext.page}' }] } },
    ],
    quickReplies: { ...replies, replies: [{ title: 'Shop', click: { actions: [{ type: 'link', uri: 'x' }] } }] },
  };
  const { messages, traces, state } = filled(universal(JSON.stringify(content)), { picture: '', colour: 'teal;x' });
  expect(messages).toEqual([
    { content: { type: 'vertical', elements: [{ type: 'text', text: 'Kettle', style: {} }] } },
  ]);
  expect(said(traces)).toEqual([expect.stringMatching(/left out.*elements\/0\/url.*style\/color.*actions\/0\/uri/)]);
  expect(state.waiting?.interaction).toBe('q');
});

test('a content that names a large variable thousands of times is refused, not built', () => {
  const large = 'x'.repeat(200_000);
  const inside = JSON.stringify({
    type: 'vertical',
    elements: Array.from({ length: 1_000 }, () => ({ type: 'text', text: '{$botContext.large}' })),
  });
  const open = `{"type":"text","text":[${'{$botContext.large},'.repeat(4_000)}1]}`;
  for (const content of [inside, open]) {
    const { texts, traces } = filled(universal(content), { large });
    expect(texts[0]).toContain('not set up correctly');
    expect(JSON.stringify(traces)).toContain('longer than 300000 characters');
  }
});

test('TK-07 a token never shows in content, and the sign-in link stands as its stand-in until delivery', () => {
  const link =
    '{"type":"button","title":"Login","click":{"actions":[{"type":"link","uri":"{$botContext.external_auth_url}"}]}}';
  const missing = filled(universal(link), {});
  expect(missing.texts[0]).toContain('is not available at the moment');
  expect(missing.state.waiting).toBeNull();
  const token = `errand:token:${'a'.repeat(22)}`;
  const { messages } = filled(universal('{"type":"text","text":"{$botContext.cidp_accessToken} {$botContext.copy}"}'), {
    cidp_accessToken: token,
    copy: token,
  });
  expect(JSON.stringify(messages)).not.toContain('errand:token');
});

test('TK-07 a token shows in no part of a message, whatever a variable is called', () => {
  const token = `errand:token:${'a'.repeat(22)}`;
  const shown = [
    { ...list, sections: [{ items: [{ title: '{$botContext.copy}' }] }] },
    quick({ title: '{$botContext.copy}', payload: '{$botContext.copy}' }),
    structured({
      tiles: [{ title: 'T', buttons: [{ label: 'A', type: 'postback', callback: '{$botContext.copy}' }] }],
    }),
  ].map((question) => filled(question, { copy: token }).messages);
  expect(shown.every((messages) => messages.length === 1)).toBe(true);
  expect(JSON.stringify(shown)).not.toContain('errand:token');
});

test('LP-141 a message has at most 24 quick replies, wherever they come from, and the trace says that some are missing', () => {
  const replies = Array.from({ length: 20 }, (_, at) => ({ title: `R${at}`, payload: 'r' }));
  const asked = { ...quick(...replies), pre_process: 'x' };
  const { messages, traces } = converse(botOf([dialogOf('d', starter('s', 'go'), asked)]), {
    script: () => ({ effects: [{ type: 'add_quick_replies', replies }] }),
  }).say('go');
  expect(messages[0]?.quick_replies).toHaveLength(24);
  expect(JSON.stringify(traces)).toContain('first 24 of 40 quick replies');
});

test('LP-144 on a channel of plain text, content is text: titles, choices, and links with their address', () => {
  const tiles = [{ title: 'One', buttons: [{ label: 'Map', type: 'link', callback: 'https://a.example' } as const] }];
  const { messages } = filled(structured({ tiles }), {}, { channel: 'text' });
  expect(messages).toEqual([{ text: 'One\nMap: https://a.example' }]);
});

test('LP-100 a tap on a card’s button is read with getButtonPayload', () => {
  const tiles = [{ title: 'T', buttons: [{ label: 'A', type: 'postback', callback: 'a' } as const] }];
  const question = { ...structured({ tiles, rules: [] }), process_user_response: 'x' };
  const bot = converse(botOf([dialogOf('d', starter('s', 'go'), question)]));
  bot.say('go');
  const [need] = bot.tap('a').needs;
  expect(need).toMatchObject({ type: 'script', scope: { button_payload: 'a', quick_reply_payload: null } });
});
