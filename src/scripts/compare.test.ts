import { expect, test } from 'vitest';
import { haveHappened, isAsExpected, isSame } from './compare.ts';
import type { SeenMessage } from '../runtime/seen.ts';

const seen = (more: Partial<SeenMessage>): SeenMessage => ({
  flat: more.text ?? '',
  buttons: [],
  links: [],
  cards: [],
  taps: [],
  ...more,
});

test('text is exact, contains looks into the flattened text, and both must hold', () => {
  const message = seen({ text: 'Hello you.', flat: 'Hello you.\nmore' });
  expect(isAsExpected({ text: 'Hello you.', contains: ['you', 'more'] }, message)).toBe(true);
  expect(isAsExpected({ text: 'Hello you' }, message)).toBe(false);
  expect(isAsExpected({ text: 'Hello you.', contains: ['you', 'less'] }, message)).toBe(false);
});

test('content without a text of its own has its flattened text as text', () => {
  expect(isAsExpected({ text: 'Welcome!' }, seen({ flat: 'Welcome!', rich: {} }))).toBe(true);
});

test('buttons, links and cards are whole lists in order; of a card only the given keys', () => {
  const cards = [
    { title: 'A', subtitle: 's', buttons: ['x'] },
    { title: 'B', buttons: [] },
  ];
  const message = seen({ buttons: ['Yes', 'No'], links: ['https://a.example/'], cards });
  expect(isAsExpected({ buttons: ['Yes ', 'No'], links: ['https://a.example/'] }, message)).toBe(true);
  expect(isAsExpected({ buttons: ['No', 'Yes'] }, message)).toBe(false);
  expect(isAsExpected({ buttons: ['Yes'] }, message)).toBe(false);
  expect(isAsExpected({ cards: [{ title: 'A' }, { buttons: [] }] }, message)).toBe(true);
  expect(isAsExpected({ cards: [{ title: 'A' }] }, message)).toBe(false);
  expect(isAsExpected({ cards: [{ title: 'A' }, { subtitle: 's' }] }, message)).toBe(false);
});

test('rich is deep equality, whatever the order of members', () => {
  expect(isSame({ a: [1, { b: null }], c: 'x' }, { c: 'x', a: [1, { b: null }] })).toBe(true);
  expect(isSame({ a: 1 }, { a: 1, b: 2 })).toBe(false);
  expect(isSame([], {})).toBe(false);
  expect(isSame({ toString: 1 }, {})).toBe(false);
  expect(isAsExpected({ rich: { type: 'text' } }, seen({}))).toBe(false);
});

test('events: in order, with others between them; what is left out at the end is not looked at', () => {
  const happened = [['customEvent', 'a'], ['transfer', 'orders'], ['close_conversation']];
  expect(haveHappened([['customEvent', 'a'], ['close_conversation']], happened)).toBe(true);
  expect(haveHappened([['transfer']], happened)).toBe(true);
  expect(haveHappened([['transfer', 7]], [['transfer', '7']])).toBe(true);
  expect(haveHappened([['transfer', 'sales']], happened)).toBe(false);
  expect(haveHappened([['close_conversation'], ['transfer']], happened)).toBe(false);
  expect(
    haveHappened(
      [
        ['customEvent', 'a'],
        ['customEvent', 'a'],
      ],
      happened,
    ),
  ).toBe(false);
});
