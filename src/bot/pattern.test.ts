import { expect, test } from 'vitest';
import { parsePattern } from './pattern.ts';

test.each([
  'where is my order',
  '*back*',
  '(hi|hello|hey)*',
  'thank(|s)',
  '((a|b)c|)*',
  "(gday|g'day)*",
  'Quiz Me!',
  '',
])('%j is a pattern', (source) => {
  expect(parsePattern(source).ok).toBe(true);
});

test.each([
  ['(hi', 'not closed'],
  ['hi)', 'no "("'],
  ['a|b)', 'no "("'],
  ['('.repeat(60), 'deeper'],
])('%j is none', (source, why) => {
  expect(parsePattern(source)).toMatchObject({ ok: false, message: expect.stringContaining(why) });
});
