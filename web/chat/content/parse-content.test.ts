import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { submission } from './checklist.tsx';
import { allOf, type Element, type ElementType } from './element.ts';
import { parseContent } from './parse-content.ts';
import { chosenWith } from './tap-place.tsx';

function is<T extends ElementType>(element: Element | undefined, type: T): element is Extract<Element, { type: T }> {
  return element?.type === type;
}

function parsed<T extends ElementType>(type: T, value: object): Extract<Element, { type: T }> {
  const element = parseContent({ type, ...value });
  if (!is(element, type)) throw new Error(`not read as ${type}: ${JSON.stringify(element)}`);
  return element;
}

const click = (...actions: object[]) => ({ actions });
const actionsOf = (...actions: object[]) => parsed('button', { title: 'x', click: click(...actions) }).click.actions;
const leadsTo = (action: object) =>
  actionsOf(action).map((done) => (done.type === 'open' ? done.link.href : done.type));

describe('what a tap does', () => {
  test('LP-139 a link leads to its address in a new window, unless it asks for this one', () => {
    const link = { type: 'link', uri: 'https://shop.example/a', target: 'blank' };
    expect(actionsOf(link)).toMatchObject([{ type: 'open', here: false }]);
    expect(leadsTo(link)).toEqual(['https://shop.example/a']);
    expect(actionsOf({ ...link, target: 'self' })).toMatchObject([{ here: true }]);
    expect(leadsTo({ ...link, web: { uri: 'https://shop.example/web' } })).toEqual(['https://shop.example/web']);
  });

  test('LP-140 publishText says its text', () => {
    expect(actionsOf({ type: 'publishText', text: 'yes' })).toEqual([{ type: 'say', text: 'yes' }]);
  });

  test.each([
    'javascript:alert(1)',
    ' \u0001java\tscript:alert(1)',
    'JAVASCRIPT:alert(1)',
    'data:text/html,<script>alert(1)</script>',
    'vbscript:x',
    'file:///etc/passwd',
    'blob:https://shop.example/1',
    'errand:sign-in:att_1',
  ])('XS-03 %j is followed by nobody', (uri) => {
    expect(actionsOf({ type: 'link', uri })).toEqual([]);
    expect(actionsOf({ type: 'link', uri: 'https://fine.example/', web: { uri } })).toEqual([]);
    expect(parseContent({ type: 'linkPreview', url: uri, title: 'x' })).toBeUndefined();
    expect(parsed('image', { url: uri }).url).toBeUndefined();
  });

  test('XS-03 what a link says of apps is opened by nobody here', () => {
    const app = { uri: 'javascript:alert(1)' };
    expect(leadsTo({ type: 'link', uri: 'https://shop.example/', ios: app, android: app, web: {} })).toEqual([
      'https://shop.example/',
    ]);
  });

  test.each(['https://a.example/', 'http://a.example/', 'mailto:a@b.example', 'tel:+311'])(
    '%s may be followed',
    (uri) => {
      expect(leadsTo({ type: 'link', uri })).toEqual([uri]);
    },
  );

  test('a place on a map is opened where nobody needs an account', () => {
    const [link] = leadsTo({ type: 'navigate', la: 52.5, lo: 4.9 });
    expect(link).toMatch(/^https:\/\/www\.openstreetmap\.org\/\?mlat=52\.5&mlon=4\.9/);
  });

  test('LP-142 at most four actions are done, in their order, and unknown ones are left out', () => {
    const say = (text: string) => ({ type: 'publishText', text });
    expect(actionsOf(say('1'), { type: 'explode' }, say('2'), say('3'), say('4'), say('5'))).toEqual(
      ['1', '2', '3', '4'].map((text) => ({ type: 'say', text })),
    );
  });

  test('LP-143 metadata stays with the click', () => {
    const metadata = [{ type: 'ExternalId', id: 'row-7' }];
    const button = parsed('button', { title: 'x', click: { ...click({ type: 'publishText', text: 'y' }), metadata } });
    expect(button.click.metadata).toEqual(metadata);
  });

  test('times are read in seconds and in milliseconds', () => {
    const slots = (start: number) => actionsOf({ type: 'scheduleSlotList', slots: [{ id: 'a', start }] });
    expect(slots(1_900_000_800)).toEqual(slots(1_900_000_800_000));
  });
});

describe('looks', () => {
  test('only colours come through', () => {
    const { look } = parsed('text', {
      text: 'x',
      style: { color: '#fff', 'background-color': 'url(https://evil.example/x)', 'border-color': 'red;position:fixed' },
    });
    expect(look.style).toEqual({ color: '#fff' });
  });

  test('the line below a checkbox has its author’s colour, which can be nothing but a colour', () => {
    const line = (borderColor: string) => parsed('checkbox', { text: 'x', borderColor }).borderColor;
    expect([line('#d8c9b8'), line('red;position:fixed')]).toEqual(['#d8c9b8', undefined]);
  });

  test('shares of the width stay within 0 and 100', () => {
    expect(parsed('horizontal', { elements: [], percentages: [130, -4, 50] }).percentages).toEqual([100, 0, 50]);
  });

  test('a radius has its bounds, and sizes their names', () => {
    const { look } = parsed('button', { title: 'x', style: { 'border-radius': 99_999, size: 'giant', bold: true } });
    expect(look).toEqual({ style: { 'border-radius': '40px', 'font-weight': '650' }, size: undefined });
  });
});

describe('what is odd', () => {
  test('an element of tomorrow shows its words, or what is inside it', () => {
    expect(parseContent({ type: 'hologram', title: 'Look' })).toMatchObject({ type: 'text', text: 'Look' });
    const inside = { type: 'stack', elements: [{ type: 'text', text: 'a' }, { type: 'constructor' }] };
    expect(allOf(parsed('vertical', { elements: [inside] })).map(({ type }) => type)).toEqual([
      'vertical',
      'group',
      'text',
    ]);
    expect(parseContent({ type: 'hologram' })).toBeUndefined();
  });

  test('what lacks its own is left out, and its neighbours stay', () => {
    const { elements } = parsed('vertical', {
      elements: [
        { type: 'text' },
        { type: 'button' },
        { type: 'map', la: 'x', lo: 1 },
        null,
        7,
        { type: 'text', text: 'b' },
      ],
    });
    expect(elements).toMatchObject([{ type: 'text', text: 'b' }]);
  });

  test('too deep and too much is cut', () => {
    let deep: object = { type: 'text', text: 'x' };
    for (let depth = 0; depth < 2_000; depth += 1) deep = { type: 'vertical', elements: [deep] };
    const wide = { type: 'vertical', elements: Array.from({ length: 5_000 }, () => ({ type: 'text', text: 'x' })) };
    for (const content of [deep, wide]) {
      const element = parseContent(content);
      expect(element && allOf(element).length).toBeLessThanOrEqual(500);
    }
  });

  test('any JSON is read without a fault', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        expect(parseContent({ type: 'vertical', elements: [value] })).toMatchObject({ type: 'vertical' });
      }),
    );
  });
});

describe('choices', () => {
  const cards: Element[] = ['a', 'b'].map((text) => parsed('text', { text }));
  const pick = (multiple: boolean, ...at: number[]) =>
    at.reduce<ReadonlyMap<string, Element[]>>((before, index) => {
      const card = cards[index];
      return card ? chosenWith(before, { name: 'plan', card, multiple }) : before;
    }, new Map());

  test('a single choice is the last one, a multiple choice all of them, and a second tap takes back', () => {
    expect(pick(false, 0, 1).get('plan')).toEqual([cards[1]]);
    expect(pick(true, 0, 1).get('plan')).toEqual(cards);
    expect(pick(true, 0, 1, 0).get('plan')).toEqual([cards[1]]);
  });

  test('a checklist says what is ticked, with the metadata of each', () => {
    const box = (text: string, id: string, publishText?: string) =>
      parsed('checkbox', {
        text,
        click: { actions: publishText ? [{ type: 'checked', publishText }] : [], metadata: [{ id }] },
      });
    const own = { actions: [], metadata: [{ id: 'form' }] };
    expect(submission([box('Tea', '1', 'tea please'), box('Milk', '2')], own)).toEqual({
      actions: [{ type: 'say', text: 'tea please, Milk' }],
      metadata: [{ id: 'form' }, { id: '1' }, { id: '2' }],
    });
    expect(submission([], own).actions).toEqual([]);
  });
});
