import { expect, test } from 'vitest';
import { withTodaysLoops } from './old-loops.ts';

const rewritten: [string, string][] = [
  ['for each (var x in list) f(x);', 'for  (var x of _$( list))f(x);'],
  ['for  each(x in[1, (2)]){}', 'for  (x of _$([1, (2)])){}'],
  ['for each (a in f(b)) for each (c in a) {}', 'for  (a of _$( f(b)))for  (c of _$( a)){}'],
  ['for each\n(let größe in\nlist)\n{}', 'for \n(let größe of _$(\nlist))\n{}'],
];

test.each(rewritten)('%s', (old, today) => {
  expect(withTodaysLoops(old)).toBe(today);
});

const kept = [
  "say('for each (item in the list)');",
  'say("\\"for each (x in y)");',
  '/* for each (x in y) */ // for each (x in y)',
  'say(`for each (x in y)`);',
  'wait.for(each);',
];

test.each(kept)('stays as it is: %s', (code) => {
  expect(withTodaysLoops(code)).toBe(code);
});

test('a parenthesis in a text, a comment or a regular expression closes no loop', () => {
  const list = String.raw`f(')', "\")", /[/)]\)/, a /* ) */) // )`;
  expect(withTodaysLoops(`for each (x in ${list}\n) {}`)).toBe(`for  (x of _$( ${list}\n)){}`);
  expect(withTodaysLoops('for each (x in (a / b) / (c / d)) {}')).toBe('for  (x of _$( (a / b) / (c / d))){}');
});

const hostile = ['"', '\\', '/*', '/', ' ', '(', 'for each ', 'for each (x ', '=/[', '`', 'for  ', '= /'];

// Looked through again and again, it would take longer than a test may.
test.each(hostile)('reads a text of nothing but "%s" in one go', (part) => {
  const text = part.repeat(100_000);
  expect(withTodaysLoops(text)).toBe(text);
});
