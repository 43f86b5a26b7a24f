import fc from 'fast-check';
import { expect, test } from 'vitest';
import { namesIn, render } from './template.ts';

const view = {
  name: 'Mia',
  'Orders.item': 'Kettle',
  'Orders.all': ['A', 'B'],
  'slot.city': 'Bonn',
  '$env.host': 'api.example',
  $userMessage: 'hi',
  'my.count': '3',
};

test.each([
  ['Hello {$botContext.name}', 'Hello Mia'],
  ['{$botcontext.name}', 'Mia'],
  ['{Orders.item} of {Orders.all}', 'Kettle of A, B'],
  ['{$botContext.slot.city}', 'Bonn'],
  ['https://{$env.host}/x', 'https://api.example/x'],
  ['You said {$userMessage}', 'You said hi'],
  [
    '{$botContext.unset} {Orders.unset} {$env.unset} {$unset}',
    '{$botContext.unset} {Orders.unset} {$env.unset} {$unset}',
  ],
  ['{"q":"{$userMessage}","n":{"a.b":1}}', '{"q":"hi","n":{"a.b":1}}'],
  ['{$botContext.__proto__}{$botContext.constructor}', '{$botContext.__proto__}{$botContext.constructor}'],
])('%j becomes %j', (text, expected) => {
  expect(render(text, view)).toBe(expected);
});

test('each value is encoded for its place', () => {
  expect(render('?q={$userMessage}', { $userMessage: 'a b&c' }, encodeURIComponent)).toBe('?q=a%20b%26c');
});

test('TK-08 a value is never expanded again, whatever it holds', () => {
  const secret = 'the secret';
  const pieces = fc.array(fc.constantFrom('{', '}', '$botContext.secret', '{$botContext.secret}', '$&', '$1', 'x'), {
    maxLength: 8,
  });
  fc.assert(
    fc.property(pieces, (typed) => {
      const value = typed.join('');
      expect(render('[{$userMessage}]', { $userMessage: value, secret })).toBe(`[${value}]`);
    }),
  );
});

test('names of integrations and fields may have words and an apostrophe; code, rules of style and sentences are none', () => {
  const names = ["Mia's Orders.order number", 'Orders.größe in cm', "Orders.owner's name", 'Orders.a.b', 'My Shop.x'];
  expect(namesIn(names.map((name) => `{${name}}`).join(' '))).toEqual(names);
  const none = ['{ a.b c }', '{color: red; margin: 0.5em auto;}', '{"a":"b. c d"}', "{'a'.b}", '{Note. Read this}'];
  expect(namesIn(none.join(' '))).toEqual([]);
  expect(render('{Orders.order number}', { 'Orders.order number': 7 })).toBe('7');
});

test('the names a text refers to', () => {
  expect(namesIn('{$botContext.a}{$env.b}{C.d}{e}{$userMessage}')).toEqual(['a', '$env.b', 'C.d', '$userMessage']);
});
