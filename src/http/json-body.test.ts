import { describe, expect, test } from 'vitest';
import { bodyText, nesting, parseBody } from './json-body.ts';

describe('JSON bodies', () => {
  test('LD-08: 100,000 levels are refused before they are parsed', () => {
    expect(() => parseBody('['.repeat(100_000) + ']'.repeat(100_000))).toThrow(/nested/);
    expect(() => parseBody('{"a":'.repeat(100_000))).toThrow(/nested/);
  });

  test('brackets in strings are no nesting', () => {
    expect(nesting(JSON.stringify({ text: '[[[[{{{{"\\[[' }))).toBe(1);
    expect(nesting('[[],[[]]]')).toBe(3);
    expect(nesting('"unterminated [[[')).toBe(0);
  });

  test('TN-05: __proto__ is refused, however it is written', () => {
    expect(() => parseBody('{"__proto__":{"admin":true}}')).toThrow(/__proto__/);
    expect(() => parseBody('{"a":[{"\\u005f_proto__":1}]}')).toThrow(/__proto__/);
    expect(parseBody('{"text":"__proto__"}')).toEqual({ text: '__proto__' });
  });

  test('what is not UTF-8 is refused instead of read as something else', () => {
    const words = Buffer.from('{"text":"café ☕"}');
    for (const type of ['application/json', 'application/json; charset=utf-8', 'application/json;charset="UTF-8"'])
      expect(bodyText(words, { 'content-type': type })).toBe('{"text":"café ☕"}');
    const latin = Buffer.from('{"text":"caf\xe9"}', 'latin1');
    expect(() => bodyText(latin, { 'content-type': 'application/json' })).toThrow('The body is not UTF-8.');
    for (const charset of ['iso-8859-1', 'utf-16', 'bogus'])
      expect(() => bodyText(words, { 'content-type': `application/json; charset=${charset}` })).toThrow(charset);
    expect(() => bodyText(words, { 'content-encoding': 'gzip' })).toThrow('Content-Encoding');
  });

  test('no text is no body, and broken JSON is refused without being repeated', () => {
    expect(parseBody('  ')).toBeUndefined();
    for (const text of ['null', ' null\n']) expect(() => parseBody(text)).toThrow('The body is not valid.');
    expect(() => parseBody('{"a":secret')).toThrow('The body is not JSON.');
  });
});
