import { expect, test } from 'vitest';
import { choicesIn, plainText } from './plain-choices.ts';
import { plainLines } from './plain-lines.ts';

const words = {
  locale: 'en-GB',
  picture: 'Picture',
  type_date: 'write the date',
  type_dates: 'write two dates',
  choose_one: 'write its number',
  choose_several: 'write the numbers',
};
const plain = (...contents: unknown[]) => plainText(plainLines(contents, words));
const choices = (...contents: unknown[]) => choicesIn(plainLines(contents, words));

const says = (text: string) => ({ type: 'publishText', text });
const leads = (uri: string) => ({ type: 'link', uri });
const text = (words: string, more: object = {}) => ({ type: 'text', text: words, ...more });
const button = (title: string, actions: object[], more: object = {}) => ({
  type: 'button',
  title,
  click: { actions },
  ...more,
});
const card = (...elements: object[]) => ({ type: 'vertical', elements });
const map = 'https://www.openstreetmap.org/?mlat=64.1&mlon=-21.9#map=15/64.1/-21.9';

test.each([
  [
    'a card: what is read, its choices with a number each, and links with their address',
    card(
      { type: 'image', url: 'https://a.example/tea.png', caption: 'A tea' },
      text('tea'),
      button(' Take tea ', [leads('https://a.example/tea'), says('take tea')], { subtitle: 'hot' }),
      button('More', [says('more')]),
    ),
    'A tea\nhttps://a.example/tea.png\ntea\n1. Take tea – hot: https://a.example/tea\n2. More',
  ],
  ['one choice: it needs no number', card(text('tea'), button('More', [says('more')])), 'tea\nMore'],
  [
    'choices that are numbers themselves: letters',
    card(button('2', [says('two')]), button('4', [says('four')])),
    'a. 2\nb. 4',
  ],
  ['a map: its name and where it is', { type: 'map', la: 64.1, lo: -21.9, tooltip: 'Here' }, `Here: ${map}`],
  ['a map without a name', { type: 'map', la: 64.1, lo: -21.9 }, map],
  ['a way to a place', button('Find us', [{ type: 'navigate', la: 64.1, lo: -21.9 }]), `Find us: ${map}`],
  [
    'a preview of a page',
    card(
      { type: 'linkPreview', url: 'https://a.example/news', title: 'News' },
      { type: 'linkPreview', url: 'https://b.example' },
    ),
    'News: https://a.example/news\nhttps://b.example',
  ],
  [
    'a picture: its words and its address',
    card(
      { type: 'image', url: 'https://a.example/k.png', alt: 'A kettle' },
      { type: 'image', url: 'https://a.example/p.png', accessibility: { web: { 'aria-label': 'A pot' } } },
    ),
    'A kettle: https://a.example/k.png\nA pot: https://a.example/p.png',
  ],
  [
    'pictures to tap',
    card(
      { type: 'image', url: 'https://a.example/k.png', alt: 'A kettle', click: { actions: [says('kettle')] } },
      { type: 'image', url: 'https://a.example/p.png', click: { actions: [says('pot')] } },
    ),
    '1. A kettle: https://a.example/k.png\n2. Picture: https://a.example/p.png',
  ],
  [
    'tabs: the name of each',
    {
      type: 'tabs',
      elements: [
        { ...card(text('Two days.')), tag: 'Delivery' },
        { ...card(text('Thirty days.')), tag: 'Returns' },
      ],
    },
    'Delivery\nTwo days.\nReturns\nThirty days.',
  ],
  [
    'a template: its question and its answers',
    { type: 'template', templateType: 'quickReply', title: 'Sure?', resp: ['Yes', 'No'] },
    'Sure?\n1. Yes\n2. No',
  ],
  [
    'a day to choose',
    button('Choose a day', [{ type: 'datePicker', class: 'single' }]),
    'Choose a day: write the date',
  ],
  ['days to choose', button('From, to', [{ type: 'datePicker', class: 'range' }]), 'From, to: write two dates'],
])('LP-144 %s', (_, content, shown) => {
  expect(plain(content)).toBe(shown);
});

test('LP-144 appointments are a numbered list in the order of time, each with its id', () => {
  const slots = [
    { type: 'slot', id: 'S2', start: 1_900_087_200, title: 'Ben', description: 'By telephone' },
    { type: 'slot', id: 'S1', start: 1_900_000_800_000, end: 1_900_002_600_000 },
    { type: 'slot', id: 'S3', start: Number.MAX_VALUE },
  ];
  const shown = button('Choose an hour', [{ type: 'scheduleSlotList', slots }]);
  expect(plain(shown)).toBe(
    'Choose an hour\n1. 17 Mar 2030, 18:00 – 18:30 UTC\n2. 18 Mar 2030, 18:00 UTC – Ben – By telephone',
  );
  expect(choices(shown).map(({ metadata }) => metadata)).toEqual([
    [{ type: 'ExternalId', id: 'S1' }],
    [{ type: 'ExternalId', id: 'S2' }],
  ]);
});

const box = (words: string) => ({
  type: 'checkbox',
  text: words,
  click: { actions: [{ type: 'checked', publishText: words }] },
});
const list = {
  type: 'list',
  elements: [
    text('What?'),
    {
      type: 'sectionList',
      elements: [
        { type: 'section', sectionID: 's', elements: [{ type: 'checklist', elements: [box('Tea'), box('Milk')] }] },
      ],
    },
    {
      type: 'buttonList',
      elements: [{ type: 'submitButton', title: 'Order', click: {} }, button('Nothing', [says('no')])],
    },
  ],
};
const plan = (name: string) => ({
  ...card(text(name), text(`About ${name}`)),
  metadata: [{ type: 'ExternalId', id: name }],
});
const plans = (type: string, more: object = {}) =>
  card(
    { type, selectMode: { name: 'plans', ...more }, elements: [plan('Small'), plan('Large')], ...more },
    button('Compare', [says('compare')], { ref: { type, name: 'plans' } }),
  );

test('LP-144 what is ticked off or chosen is numbered, and its button says how to answer', () => {
  expect(plain(list)).toBe('What?\n1. Tea\n2. Milk\nOrder: write the numbers\n3. Nothing');
  const one = plans('carouselSelect', { selectMode: { name: 'plans', type: 'single' } });
  expect(plain(one)).toBe('1. Small\nAbout Small\n2. Large\nAbout Large\nCompare: write its number');
});

test('LP-144 what is folded has the names and prices of its folds', () => {
  const titles = [{ name: 'S', additional: '2 EUR' }, { name: 'L' }];
  expect(plain(plans('accordionSelect', { titles }))).toBe(
    '1. S – 2 EUR\nSmall\nAbout Small\n2. L\nLarge\nAbout Large\nCompare: write the numbers',
  );
});

test('LP-144 cards that no button sends are read, not chosen', () => {
  const alone = {
    type: 'carouselSelect',
    selectMode: { name: 'x', type: 'multiple' },
    elements: [plan('Small'), plan('Large')],
  };
  expect(plain(alone)).toBe('Small\nAbout Small\nLarge\nAbout Large');
});

test('LP-144 a body and its quick replies are one list, also a reply that does not say it is a button', () => {
  const replies = { type: 'quickReplies', replies: [{ title: 'Yes', click: { actions: [says('y')] } }] };
  expect(plain(card(button('Buy', [says('buy')])), replies)).toBe('1. Buy\n2. Yes');
});

test('what is no content is passed over, and never throws', () => {
  const odd = [null, 1, 'x', [], { type: 'vertical', elements: 'no' }, { type: 'button' }, { elements: [null, 3] }];
  const slots = button('x', [{ type: 'scheduleSlotList', slots: [{ start: 'soon' }, 7] }, { type: 'navigate' }]);
  expect(plain(...odd, slots, { type: 'accordionSelect', elements: [1], titles: 7 })).toBe('x');
  let deep: object = text('x');
  for (let depth = 0; depth < 100; depth += 1) deep = card(deep);
  expect(plain(deep)).toBe('');
});
