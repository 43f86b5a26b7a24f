import { expect, test } from 'vitest';
import { checkDocument } from '../check.ts';
import type { Interaction } from '../document.ts';
import { contentFaults } from './content-faults.ts';

const universal = (content: string): Interaction => ({ id: 'u', name: 'u', type: 'universal', content });
const tile = { title: 'T', image: 'https://a.example/i.png', item_url: 'https://a.example' };
const structured = (more: object): Interaction => ({
  id: 's',
  name: 's',
  type: 'structured',
  tiles: [{ ...tile, ...more }],
});
const said = (interaction: Interaction) => contentFaults(interaction).map(({ path, message }) => `${path} ${message}`);

test.each([
  ['content that is right', universal('{"type":"text","text":"Hi"}')],
  ['one expression', universal('{$botContext.carousel}')],
  ['expressions outside of texts', universal('{"type":"vertical","elements":[{$botContext.cards}]}')],
  [
    'a link that is filled in',
    universal(
      '{"type":"button","title":"A","click":{"actions":[{"type":"link","uri":"{$botContext.external_auth_url}"}]}}',
    ),
  ],
  ['tiles that are filled in', structured({ image: '{Shop.image}', item_url: 'https://a.example/{Shop.id}' })],
  ['a statement', { id: 't', name: 't', type: 'text', text: 'javascript:alert(1)' } satisfies Interaction],
])('%s has no faults before it runs', (_, interaction) => {
  expect(said(interaction)).toEqual([]);
});

test('a link button without an address is told', () => {
  const faults = (callback?: string) =>
    contentFaults({
      id: 'b',
      name: 'b',
      type: 'button_question',
      text: '?',
      buttons: [{ label: 'L', type: 'link', ...(callback !== undefined && { callback }) }],
    });
  for (const callback of ['', '  ', undefined])
    expect(faults(callback)).toEqual([{ path: '/buttons/0/callback', message: 'must say where the link leads' }]);
  for (const callback of ['https://a.example', '{$botContext.x}']) expect(faults(callback)).toEqual([]);
});

test('faults of static content name their places', () => {
  expect(said(universal('{"type":"text"}'))).toEqual(['/content /text is required']);
  expect(said(universal('{oops'))).toEqual(['/content must be JSON of structured content']);
  expect(said(universal('{"type":"text","text":"a","quickReplies":{"type":"quickReplies","replies":[]}}'))).toEqual([
    '/content /quickReplies/replies must have at least 1 member',
  ]);
});

test.each(['javascript:alert(1)', 'data:text/html,{$botContext.x}', 'shop.example'])(
  'XS-06 the address %s is a fault of a tile, a button and an image',
  (address) => {
    const buttons = [{ label: 'A', type: 'link' as const, callback: address }];
    expect(said(structured({ image: address, item_url: address, buttons }))).toEqual([
      expect.stringMatching(/^\/tiles\/0\/image must be an address/),
      expect.stringMatching(/^\/tiles\/0\/item_url must be an address/),
      expect.stringMatching(/^\/tiles\/0\/buttons\/0\/callback must be an address/),
    ]);
    expect(said({ id: 'b', name: 'b', type: 'button_question', text: 'B', buttons })).toHaveLength(1);
    expect(said({ id: 'i', name: 'i', type: 'image', url: address })).toHaveLength(1);
  },
);

test('the warning says what happens otherwise: a card loses the address alone, universal content is not shown at all', () => {
  const buttons = [{ label: 'A', type: 'link' as const, callback: 'javascript:alert(1)' }];
  expect(messagesWith(structured({ buttons })).join()).toMatch(/left out; the rest is shown/);
  const odd = universal('{"type":"vertical","elements":[{"type":"text","text":"a","style":{"color":"!"}}]}');
  expect(messagesWith(odd).join()).toMatch(/style\/color must be a colour.*left out; the rest is shown/);
  expect(messagesWith(universal('{oops')).join()).toMatch(/nothing of the content is shown.*not set up correctly/);
});

test('an action that nobody performs where it stands is named; the same ones on a button are fine', () => {
  const click = (...types: string[]) => ({
    actions: types.map((type) => (type === 'link' ? { type, uri: 'https://a.example' } : { type, text: 'a' })),
  });
  const submit = { type: 'submitButton', title: 'S', click: click('link') };
  const boxes = {
    type: 'checklist',
    elements: [1, 2].map(() => ({ type: 'checkbox', text: 'T', click: click('publishText') })),
  };
  const odd = [
    { type: 'text', text: 'a', click: click('publishText') },
    { type: 'buttonList', elements: [submit] },
  ];
  const fine = [{ type: 'button', title: 'B', click: click('publishText', 'link') }, boxes];
  const content = universal(JSON.stringify({ type: 'vertical', elements: [...odd, ...fine] }));
  expect(said(content)).toEqual([
    '/content /elements/0/click/actions/0 does nothing: a "text" cannot be tapped',
    '/content /elements/1/elements/0/click/actions/0 does nothing: a "submitButton" does only submitAsText',
  ]);
});

const checked = (interaction: unknown) => {
  const dialogs = [{ id: 'd', name: 'd', type: 'standard', interactions: [interaction] }];
  return checkDocument({ format: 'errand.bot/1', name: 'B', dialogs, integrations: [] }).problems;
};
const messagesWith = (interaction: unknown) => checked(interaction).map(({ message }) => message);
const problemsWith = (interaction: unknown) => checked(interaction).map(({ path, severity }) => `${severity} ${path}`);

test('LP-101 LP-102 a structured question has at most ten tiles, whose titles and subtitles have at most 255 characters', () => {
  const path = '/dialogs/0/interactions/0/tiles';
  const long = 'x'.repeat(256);
  expect(problemsWith(structured({ title: long, subtitle: long })).join()).toContain(`error ${path}/0/title`);
  expect(problemsWith(structured({ subtitle: long })).join()).toContain(`error ${path}/0/subtitle`);
  expect(problemsWith({ ...structured({}), tiles: Array.from({ length: 11 }, () => tile) }).join()).toContain(path);
});

test('LP-96 a button’s label has at most 128 characters', () => {
  const labelled = (length: number) => structured({ buttons: [{ label: 'x'.repeat(length), type: 'postback' }] });
  expect(problemsWith(labelled(128)).join()).not.toContain('label');
  expect(problemsWith(labelled(129)).join()).toContain('error /dialogs/0/interactions/0/tiles/0/buttons/0/label');
});
