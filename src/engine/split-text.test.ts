import fc from 'fast-check';
import { expect, test } from 'vitest';
import { partsOf, splitText } from './split-text.ts';

test('short texts stay whole', () => {
  expect(splitText('hello')).toEqual(['hello']);
});

test('long texts are split between words, and nothing but white space is lost', () => {
  fc.assert(
    fc.property(fc.array(fc.stringMatching(/^[a-z]{1,30}$/), { minLength: 1, maxLength: 300 }), (words) => {
      const parts = splitText(words.join(' '));
      expect(parts.every((part) => part.length <= 1_000)).toBe(true);
      expect(parts.join(' ')).toBe(words.join(' '));
    }),
  );
});

test('a word longer than a message is cut, but not inside a character', () => {
  const parts = splitText(`${'x'.repeat(999)}${'🫖'.repeat(600)}`);
  expect(parts.join('')).toBe(`${'x'.repeat(999)}${'🫖'.repeat(600)}`);
  expect(parts.every((part) => part.isWellFormed())).toBe(true);
});

test('LP-117 an author breaks a text where the tag stands; what is left of nothing is no message', () => {
  expect(partsOf('a tag::breakWithDelay=5 b', false)).toEqual([{ text: 'a' }, { text: 'b', delay_ms: 5 }]);
  expect(partsOf('tag::breakWithDelay=70 b', false)).toEqual([{ text: 'b', delay_ms: 70 }]);
  expect(partsOf('tag::breakWithDelay=5', false)).toEqual([]);
  expect(partsOf('tag::breakWithDelay=soon', false)).toEqual([{ text: 'tag::breakWithDelay=soon' }]);
});

test('a long text stays whole where its author allows that', () => {
  const long = 'word '.repeat(1_000).trim();
  expect(partsOf(long, true)).toEqual([{ text: long }]);
  expect(partsOf(long, false).length).toBeGreaterThan(4);
});

test('white space without end is done with before the test would time out, and is no message', () => {
  expect(partsOf(' '.repeat(400_000), false)).toEqual([]);
});
