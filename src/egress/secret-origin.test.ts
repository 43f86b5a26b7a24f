import { describe, expect, test } from 'vitest';
import { createAllowList } from './allow-list.ts';
import { refuseSecretOrigin } from './secret-origin.ts';

const allowed = createAllowList(['127.0.0.1:4400']);

function passes(url: string, origins: string[]): boolean {
  return refuseSecretOrigin(new URL(url), origins, allowed) === undefined;
}

describe('refuseSecretOrigin', () => {
  test.each([
    'https://evil-brand.example/',
    'https://brand.example.evil/',
    'https://api.brand.example/',
    'https://brand.example:8443/',
    'http://brand.example/',
    'https://brand.example./',
    'https://brаnd.example/',
    'https://xn--brnd-53d.example/',
  ])('SS-10, X1: nothing goes to %s when only https://brand.example is declared', (url) => {
    expect(passes(url, ['https://brand.example'])).toBe(false);
  });

  test.each([
    ['https://brand.example/a', 'https://brand.example'],
    ['https://BRAND.example/a', 'https://brand.example'],
    ['https://brand.example/a', 'https://Brand.Example:443'],
    ['https://bücher.example/', 'https://xn--bcher-kva.example'],
    ['http://127.0.0.1:4400/', 'http://127.0.0.1:4400'],
  ])('SS-10: %s is the origin %s', (url, origin) => {
    expect(passes(url, [origin])).toBe(true);
  });

  test.each([
    'https://brand.example/path',
    'https://*',
    '*',
    '',
    'brand.example',
    'https://brand.example?',
    'https://u@brand.example',
    'null',
  ])('SS-10: the entry %j is no origin and matches nothing', (origin) => {
    expect(passes('https://brand.example/path', [origin])).toBe(false);
  });

  test('a declared origin without TLS gets no secret unless the operator allow-listed it', () => {
    expect(passes('http://brand.example/', ['http://brand.example'])).toBe(false);
  });
});
