import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Json } from '../../world/json.ts';
import { checkContent, shownContent } from './check-content.ts';

const text = (more: object = {}) => ({ type: 'text', text: 'Hello', ...more });
const button = (...actions: object[]) => ({ type: 'button', title: 'Go', click: { actions } });
const card = (...elements: object[]) => ({ type: 'vertical', elements });
const submit = { type: 'submitButton', title: 'Send', click: { actions: [{ type: 'submitAsText', submit: true }] } };
const box = { type: 'checkbox', text: 'Tea', click: { actions: [{ type: 'checked', publishText: 'tea' }] } };
const lined = { ...box, borderLine: true, borderColor: '#d8c9b8' };

const faultsOf = (json: unknown) => {
  const checked = checkContent(json);
  return checked.ok ? [] : checked.faults.map(({ path, message }) => `${path} ${message}`);
};

const good: [string, object][] = [
  [
    'a text',
    text({ tooltip: 'Hi', style: { bold: true, color: '#FFF', 'background-color': '#3E47A0', size: 'large' } }),
  ],
  [
    'a card',
    card(
      text(),
      button({ type: 'publishText', text: 'go' }, { type: 'link', uri: 'https://shop.example', target: 'blank' }),
    ),
  ],
  ['a row', { type: 'horizontal', percentages: [30, 70], borderLine: true, elements: [text(), text()] }],
  [
    'an image',
    {
      type: 'image',
      url: 'https://shop.example/a.png',
      caption: 'A',
      click: { metadata: [{ type: 'ExternalId', id: '7' }], actions: [] },
    },
  ],
  ['a map', { type: 'map', la: 64.1, lo: -21.9, tooltip: 'Here' }],
  ['a link preview', { type: 'linkPreview', url: 'https://shop.example', title: 'Shop' }],
  ['quick replies of a template', { type: 'template', templateType: 'quickReply', title: 'Which?', resp: ['a', 'b'] }],
  ['pairs', { type: 'keyValuePairList', elements: [{ key: 'a', value: 'b' }] }],
  ['a carousel', { type: 'carousel', padding: 10, elements: [card(text()), card(text())] }],
  [
    'a carousel of elements that are no cards',
    { type: 'carousel', elements: [text(), { type: 'image', url: 'https://shop.example/a.png' }, button()] },
  ],
  [
    'a choice of cards',
    { type: 'carouselSelect', selectMode: { name: 'one', type: 'single' }, elements: [card(text())] },
  ],
  [
    'an accordion',
    { type: 'accordionSelect', titles: [{ name: 'A' }], selectMode: { name: 'x' }, elements: [card(text())] },
  ],
  ['tabs', { type: 'tabs', elements: [{ ...card(text()), tag: 'First' }, text({ tag: 'Second' })] }],
  [
    'a list',
    {
      type: 'list',
      elements: [
        text(),
        {
          type: 'sectionList',
          elements: [{ type: 'section', sectionID: '1', elements: [{ type: 'checklist', elements: [box, lined] }] }],
        },
        { type: 'buttonList', elements: [submit] },
      ],
    },
  ],
  ['quick replies', { type: 'quickReplies', itemsPerRow: 8, replies: [button({ type: 'publishText', text: 'a' })] }],
  [
    'places, dates and slots',
    card(
      button({ type: 'navigate', la: 1, lo: 2 }),
      button({ type: 'datePicker', class: 'single' }),
      button({ type: 'scheduleSlotList', slots: [{ type: 'day', id: '1', start: 1 }] }),
    ),
  ],
  [
    'a cart and a custom action',
    card(
      button({ type: 'addToCart', items: [{ productId: 'p', quantity: 1 }] }),
      button({ type: 'custom', data: [{ key: 'k', value: 'v' }] }),
    ),
  ],
  [
    'telephone and mail',
    card(button({ type: 'link', uri: 'tel:+3541' }), button({ type: 'link', uri: 'mailto:a@b.example' })),
  ],
  ['the sign-in link', card(button({ type: 'link', uri: 'errand:sign-in:att_1', target: 'blank' }))],
];

test.each(good)('LP-142 %s is structured content', (_, content) => {
  expect(checkContent(content)).toEqual({ ok: true, content });
});

const lenient: [string, object][] = [
  ['a link into apps', button({ type: 'link', uri: 'https://a.example', ios: { uri: 'shopapp://cart' }, android: {} })],
  ['actions that say little', card(button({ type: 'custom' }), button({ type: 'scheduleSlotList' }))],
  ['a cart without quantities', button({ type: 'addToCart', items: [{ productId: 'p' }] })],
  [
    'words for those who listen, on actions',
    button({ type: 'link', uri: 'https://a.example', accessibility: { web: { 'aria-label': 'Shop' } } }),
  ],
  ['a box with them', { ...box, click: { actions: [{ type: 'checked', publishText: 'a', accessibility: {} }] } }],
  ['a list with padding', { type: 'checklist', padding: 4, elements: [box, box] }],
  [
    'a fold with padding and a display',
    {
      type: 'accordionSelect',
      padding: 2,
      display: { size: 'compact' },
      titles: [{ name: 'A' }],
      selectMode: { name: 'x' },
      elements: [text()],
    },
  ],
  ['a button that refers to nothing in particular', { ...button(), ref: {} }],
  ['rows of quick replies as long as one likes', { type: 'quickReplies', itemsPerRow: 12, replies: [button()] }],
  ['a quick reply that does not say it is a button', { type: 'quickReplies', replies: [{ title: 'Yes' }] }],
  ['percentages that come to more', { type: 'horizontal', percentages: [130, -4], elements: [text(), text()] }],
  [
    'a hundred entries of metadata',
    { ...button(), click: { metadata: Array.from({ length: 100 }, (_, id) => ({ type: 'ExternalId', id })) } },
  ],
];

test.each(lenient)('%s is taken, as other renderers take it', (_, content) => {
  expect(checkContent(content)).toEqual({ ok: true, content });
});

test.each(['javascript:alert(1)', 'data:text/html,x', 'errand:sign-in:a b', ' vbscript:x', 'no address'])(
  'XS-06 a link into an app is no %s',
  (uri) => {
    for (const place of ['ios', 'android'])
      expect(faultsOf(button({ type: 'link', uri: 'https://a.example', [place]: { uri } })).join()).toMatch(
        new RegExp(`/${place}/uri must be an address`),
      );
  },
);

const shownAs = (content: Json) => {
  const shown = shownContent(content);
  return shown.ok ? shown.content : shown.faults;
};
const image = (url: Json, more: { [name: string]: Json } = {}) => ({ type: 'image', url, ...more });
const hello = { type: 'text', text: 'Hello' };
const leads = (uri: Json) => ({ type: 'link', uri });
const go = (...actions: Json[]) => ({ type: 'button', title: 'Go', click: { actions } });

test.each<[string, { [name: string]: Json }, Json]>([
  ['an empty address', image(''), []],
  ['no address', { type: 'image' }, []],
  ['null', image(null), []],
  ['a relative one', image('/a.png'), []],
  ['an unsafe one', image('javascript:alert(1)'), []],
  ['an unset variable', image('{$botContext.nothing}', { caption: 'A kettle' }), [{ type: 'text', text: 'A kettle' }]],
  [
    'an unset variable and a tap',
    image('', { alt: 'A kettle', click: { actions: [{ type: 'publishText', text: 'k' }] } }),
    [{ type: 'button', title: 'A kettle', click: { actions: [{ type: 'publishText', text: 'k' }] } }],
  ],
])('XS-06 an image with %s costs itself alone, and leaves its words', (_, bad, left) => {
  expect(shownContent({ type: 'vertical', elements: [hello, bad, hello] })).toMatchObject({
    ok: true,
    content: { elements: [hello, ...(Array.isArray(left) ? left : []), hello] },
    left_out: [{ path: '/elements/1/url' }],
  });
});

test('what is beside of it keeps its place: columns and cards stay as many', () => {
  const empty = { type: 'vertical', elements: [] };
  expect(shownAs({ type: 'horizontal', percentages: [30, 70], elements: [image(''), hello] })).toEqual({
    type: 'horizontal',
    percentages: [30, 70],
    elements: [empty, hello],
  });
  const cards = { type: 'carousel', elements: [image('', { alt: 'A' }), image('https://a.example/b.png')] };
  expect(shownAs(cards)).toMatchObject({ elements: [{ type: 'text', text: 'A' }, { type: 'image' }] });
});

test('a bad look, an unknown member and an extra that is wrong are stripped, and each is named', () => {
  const odd = {
    ...hello,
    style: { color: 'url(https://a.example)', bold: true, position: 'fixed' },
    html: '<b>',
    tooltip: null,
    rtl: 'yes',
  };
  const shown = shownContent({
    type: 'vertical',
    border: 'thick',
    display: { size: 'huge', aspectRatio: 'square' },
    elements: [odd],
  });
  expect(shown).toEqual({
    ok: true,
    content: { type: 'vertical', display: { aspectRatio: 'square' }, elements: [{ ...hello, style: { bold: true } }] },
    left_out: expect.arrayContaining([
      expect.objectContaining({ path: '/border' }),
      expect.objectContaining({ path: '/elements/0/style/color' }),
      expect.objectContaining({ path: '/elements/0/html' }),
    ]),
  });
});

test('XS-06 an unsafe link costs itself, and its button where that does nothing else', () => {
  const say = { type: 'publishText', text: 'x' };
  const both = go(leads('javascript:alert(1)'), say);
  const content = {
    type: 'vertical',
    elements: [both, go(leads('javascript:alert(1)')), go(say), { type: 'linkPreview', url: 'x', title: 'T' }],
  };
  expect(shownAs(content)).toEqual({ type: 'vertical', elements: [go(say), go(say), { type: 'text', text: 'T' }] });
  const web = go({ ...leads('https://a.example'), web: { uri: 'javascript:alert(1)' } });
  expect(shownAs({ type: 'vertical', elements: [hello, web] })).toEqual({ type: 'vertical', elements: [hello] });
});

test('where nothing remains, or the structure is wrong, nothing is shown', () => {
  expect(shownContent(image('javascript:alert(1)'))).toMatchObject({ ok: false, faults: [{ path: '/url' }] });
  expect(shownContent({ type: 'vertical', elements: [go(leads('x'))] })).toMatchObject({ ok: false });
  expect(shownContent({ type: 'vertical', elements: [image(''), { type: 'text' }] })).toMatchObject({ ok: false });
});

test('what is left out is never shown, whatever is wrong', () => {
  const holds = fc.check(
    fc.property(fc.jsonValue(), fc.jsonValue(), (value, other) => {
      const json = JSON.parse(
        JSON.stringify({ ...hello, style: value, click: { actions: [leads(JSON.stringify(other))] } }),
      );
      const shown = shownContent({ type: 'vertical', elements: [json, image(json), hello] });
      return !shown.ok || checkContent(shown.content).ok;
    }),
  );
  expect(holds.failed).toBe(false);
});

const long = 'x'.repeat(6_000);
const bad: [string, unknown, string][] = [
  ['no object', 'text', ' must be an element: an object with a "type"'],
  ['an unknown type', { type: 'iframe' }, '/type must be one of "text"'],
  ['a text too long', text({ text: long }), '/text must have at most 5000 characters'],
  ['a title too long', { type: 'button', title: 'x'.repeat(129) }, '/title must have at most 128 characters'],
  ['a tooltip too long', text({ tooltip: 'x'.repeat(257) }), '/tooltip must have at most 256'],
  ['a caption too long', { type: 'image', url: 'https://a.example', caption: 'x'.repeat(129) }, '/caption must have'],
  [
    'five actions',
    button(...Array.from({ length: 5 }, () => ({ type: 'publishText', text: 'x' }))),
    '/click/actions must have at most 4',
  ],
  ['one card in a carousel', { type: 'carousel', elements: [card(text())] }, '/elements must have at least 2 members'],
  [
    'eleven cards',
    { type: 'carousel', elements: Array.from({ length: 11 }, () => card(text())) },
    '/elements must have at most 10',
  ],
  [
    'a carousel as a card',
    { type: 'carousel', elements: [card(text()), { type: 'carousel', elements: [text(), text()] }] },
    '/elements/1/type must be "vertical" or "horizontal"',
  ],
  [
    '25 quick replies',
    { type: 'quickReplies', replies: Array.from({ length: 25 }, () => button()) },
    '/replies must have at most 24',
  ],
  ['a missing title', card({ type: 'button' }), '/elements/0/title is required'],
  ['an unknown member', text({ html: '<b>' }), '/html is not known here'],
  ['an unknown action', button({ type: 'run', code: '1' }), '/click/actions/0/type must be one of "publishText"'],
  ['a style with a URL', text({ style: { color: 'url(https://a.example)' } }), '/style/color must be a colour'],
  ['a line with a URL', { ...box, borderColor: 'url(https://a.example)' }, '/borderColor must be a colour'],
  ['a style with more', text({ style: { position: 'fixed' } }), '/style/position is not known here'],
];

test.each(bad)('LP-142 %s is refused, and its place is named', (_, content, wanted) => {
  expect(faultsOf(content).join('\n')).toContain(wanted);
});

test.each([
  'javascript:alert(1)',
  'JaVaScRiPt:alert(1)',
  ' javascript:alert(1)',
  'data:text/html,x',
  'vbscript:x',
  'file:///etc',
  '//a.example',
  'blob:https://a.example/1',
  'errand:sign-in:a b',
])('XS-06 a link to %s is refused, as an action, an image and a preview', (uri) => {
  expect(faultsOf(button({ type: 'link', uri })).join()).toContain('/click/actions/0/uri must be an address');
  expect(faultsOf({ type: 'image', url: uri }).join()).toContain('/url must be an address');
  expect(faultsOf({ type: 'linkPreview', url: uri }).join()).toContain('/url must be an address');
});

test('a sign-in link is followed by a tap, never fetched as an image or looked at for a preview', () => {
  expect(faultsOf({ type: 'image', url: 'errand:sign-in:att_1' }).join()).toContain('/url must be an address');
  expect(faultsOf({ type: 'linkPreview', url: 'errand:sign-in:att_1' }).join()).toContain('/url must be an address');
});

test('a sign-in link inside of another address is refused, in whatever place', () => {
  const uri = 'https://evil.example/a.png?u=errand:sign-in:att_1';
  const wanted = 'must be an address without the sign-in link in it';
  expect(faultsOf(button({ type: 'link', uri })).join()).toContain(`/uri ${wanted}`);
  const phone = { type: 'link', uri: 'https://a.example', ios: { uri } };
  expect(faultsOf(button(phone)).join()).toContain(`/ios/uri ${wanted}`);
  expect(faultsOf({ type: 'image', url: uri }).join()).toContain(`/url ${wanted}`);
  expect(faultsOf({ type: 'linkPreview', url: uri }).join()).toContain(`/url ${wanted}`);
});

test('what is deep, wide, huge or without end is refused, and quickly', () => {
  let deep: object = text();
  for (let level = 0; level < 10_000; level += 1) deep = { type: 'vertical', elements: [deep] };
  expect(faultsOf(deep)).toEqual([' is too large: nested deeper than 24 levels']);
  const wide = card(...Array.from({ length: 256 }, () => card(text(), text())));
  expect(faultsOf(wide).join()).toContain('one too many');
  expect(faultsOf(text({ text: 'x'.repeat(10_000_000) })).join()).toContain('is too large');
  const wrong = card(...Array.from({ length: 256 }, () => ({ type: 'nothing' })));
  expect(faultsOf(wrong)).toHaveLength(50);
});

test('names of the language itself are names like others, and known to nobody', () => {
  const json: unknown = JSON.parse('{"type":"text","text":"a","__proto__":{"polluted":true},"constructor":1}');
  expect(faultsOf(json)).toEqual(['/__proto__ is not known here', '/constructor is not known here']);
  expect(faultsOf({ type: '__proto__' }).join()).toContain('/type must be one of');
  expect(faultsOf({ type: 'toString' }).join()).toContain('/type must be one of');
});
