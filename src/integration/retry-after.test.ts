import { expect, test } from 'vitest';
import { retryAfter } from './retry-after.ts';

const now = Date.parse('2026-01-01T00:00:00Z');

test.each([
  ['3', 3_000],
  [' 0 ', 0],
  ['86400', 86_400_000],
  ['Thu, 01 Jan 2026 00:00:10 GMT', 10_000],
  ['Wed, 31 Dec 2025 00:00:00 GMT', 0],
  ['-5', undefined],
  ['soon', undefined],
  ['1e9', undefined],
  ['99999999999', undefined],
  ['Mon junk', undefined],
  ['', undefined],
  [undefined, undefined],
])('UP-04: Retry-After %j is %s ms', (value, expected) => {
  expect(retryAfter(value, now)).toBe(expected);
});
