import fc from 'fast-check';
import { expect, test } from 'vitest';
import { readLanguage } from './language.ts';

test('LP-122 getNlpResponse: tokens, sentences and phrases of a text', () => {
  const { words } = readLanguage('Hi there! My parcel, the big one, is late.\nWhy?', 'en');
  expect(words).toEqual({
    tokens: ['Hi', 'there', 'My', 'parcel', 'the', 'big', 'one', 'is', 'late', 'Why'],
    sentences: ['Hi there!', 'My parcel, the big one, is late.', 'Why?'],
    phrases: ['Hi there', 'My parcel', 'the big one', 'is late', 'Why'],
    nouns: [],
    verbs: [],
  });
});

test.each([
  ['I love it, thank you!', 'Positive'],
  ['This is terrible and I am angry', 'Negative'],
  ['where is my order', 'Neutral'],
  ['not good', 'Negative'],
  ['it is not bad', 'Positive'],
  ['I don’t like this', 'Negative'],
  ['Das ist schlecht', 'Negative'],
  ['Danke, sehr freundlich', 'Positive'],
  ['', 'Neutral'],
])('LP-122 getSentiment of "%s" is %s', (text, sentiment) => {
  expect(readLanguage(text, 'en').sentiment).toBe(sentiment);
});

test('any text, in any language, gives lists that end', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme', maxLength: 400 }), fc.string({ maxLength: 8 }), (text, language) => {
      const { words } = readLanguage(text, language);
      for (const token of words.tokens) expect(text).toContain(token);
    }),
  );
  const long = readLanguage('a. '.repeat(100_000), 'en').words;
  expect([long.tokens.length, long.sentences.length, long.phrases.length]).toEqual([300, 100, 100]);
});
