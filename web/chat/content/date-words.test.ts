import { expect, test } from 'vitest';
import { dayOf, dayWords } from './date-words.ts';

test.each([
  ['d MMMM yyyy', 'en', '3 April 2026'],
  ['MM/dd/yy', 'en', '04/03/26'],
  ['EEEE, MMM d', 'en', 'Friday, Apr 3'],
  ['dd.MM.yyyy', 'de', '03.04.2026'],
  ['YYYY-MM-DD', 'de', '2026-04-03'],
  [undefined, 'en-US', 'Apr 3, 2026'],
])('a day by the pattern %j in %s', (format, locale, words) => {
  expect(dayWords('2026-04-03', format, locale)).toBe(words);
});

test('what is no day is said as it is', () => {
  expect(dayWords('', 'd', 'en')).toBe('');
});

test('a moment is on the day of the one who reads it', () => {
  expect(dayOf(new Date(2026, 3, 3, 23, 59).getTime())).toBe('2026-04-03');
});
