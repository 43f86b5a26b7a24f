import { expect, test } from 'vitest';
import { numberedPlaceholders } from './numbered-placeholders.ts';

test.each([
  ['SELECT 1', 'SELECT 1'],
  ['a = ? AND b = ?', 'a = $1 AND b = $2'],
  ["a = '?' AND b = ?", "a = '?' AND b = $1"],
  ["a = 'it''s ?' AND b = ?", "a = 'it''s ?' AND b = $1"],
  ['"odd?name" = ?', '"odd?name" = $1'],
])('%s', (sql, numbered) => {
  expect(numberedPlaceholders(sql)).toBe(numbered);
});
