import { expect, test } from 'vitest';
import { asJavaScript } from './java-regex.ts';

const matches = (regex: string, text: string): boolean => {
  const { source, flags } = asJavaScript(regex);
  return new RegExp(source, flags).test(text);
};

test.each([
  ['^\\p{L}+$', 'Grüße', '12'],
  ['^\\p{Lu}', 'Ärger', 'ärger'],
  ['^[\\p{L} ]+$', 'Zoë Ångström', 'Zoë 1'],
  ['^\\p{Alpha}+$', 'abc', 'äbc'],
  ['^\\P{Alpha}+$', '123', 'a23'],
  ['^[\\p{Digit}\\p{Upper}-]+$', 'AB-12', 'ab-12'],
  ['^\\p{Punct}+$', '?![]`~', 'a'],
  ['\\Qa.b(c)\\E\\d', 'a.b(c)7', 'axb(c)7'],
  ['\\Q[^x]', '[^x]', 'y'],
  ['\\Aorder\\z', 'order', 'my order'],
  ['(?i)\\AORDER\\Z', 'order', 'orders'],
  ['^[0-9]++$', '123', 'x'],
  ['^a?+b*+c{2}+$', 'bbcc', 'cd'],
  ['^[*+]$', '+', 'a'],
  ['^\\Qa-b\\E\\p{L}$', 'a-bä', 'a-b1'],
  ['[\\A]', 'A', '^'],
  ['^\\d{3}$', '123', '12'],
  ['\\\\p\\{L\\}', '\\p{L}', 'x'],
])('Java’s %s is JavaScript’s', (regex, yes, no) => {
  expect(matches(regex, yes)).toBe(true);
  expect(matches(regex, no)).toBe(false);
});

test('what JavaScript has as well stays as it is written', () => {
  for (const regex of ['a+b', '^(\\w+)\\s\\1$', '[\\]a-z]{2,}', '(?<year>\\d{4})-\\k<year>', 'x\\-y', '\\u00e4'])
    expect(asJavaScript(regex)).toEqual({ source: regex, flags: '' });
});

test('a class that the flag u would break the rest of stays without it', () => {
  expect(asJavaScript('\\p{L}\\-\\_')).toEqual({ source: '\\p{L}\\-\\_', flags: '' });
});
