import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { mask, Secret } from '../world/secret.ts';
import { createScrub } from './scrub.ts';

const token = 'canary/Ab+9~x.y_z-0123456789==';
const scrub = createScrub([new Secret(token)]);

describe('createScrub', () => {
  test.each([
    ['raw', token],
    ['percent-encoded', encodeURIComponent(token)],
    ['percent-encoded in lower case', encodeURIComponent(token).toLowerCase().replace('canary%2fab', 'canary%2fAb')],
    ['percent-encoded twice', encodeURIComponent(encodeURIComponent(token))],
    ['JSON with escaped slashes', token.replaceAll('/', '\\/')],
    [
      'JSON with unicode escapes',
      token.replaceAll('/', '\\u002f').replaceAll('+', '\\u002b').replaceAll('=', '\\u003d'),
    ],
    ['hex', Buffer.from(token).toString('hex')],
  ])('S6: takes out the %s form whole', (_name, form) => {
    expect(scrub(`{"echo":"${form}"}`)).toBe(`{"echo":"${mask}"}`);
  });

  test('S6: finds it in base64 of anything around it', () => {
    const inner = Buffer.from(token).toString('base64').slice(4, -8);
    for (const around of ['', 'Bearer ', 'a', 'user:', '{"authorization":"Bearer ']) {
      for (const coding of ['base64', 'base64url'] as const) {
        const text = scrub(Buffer.from(`${around}${token}"}`).toString(coding));
        expect(text).toContain(mask);
        expect(Buffer.from(text.replace(mask, ''), coding).toString()).not.toContain(token.slice(2, -2));
        expect(text).not.toContain(inner);
      }
    }
  });

  test('S6: base64 goes whole, whatever its length and place: no sign with bits of the secret stays', () => {
    for (const secret of [token, `${token}x`, `${token}xy`]) {
      for (const coding of ['base64', 'base64url'] as const) {
        const encoded = (text: string) => Buffer.from(text).toString(coding);
        const take = createScrub([new Secret(secret)]);
        expect(take(`"${encoded(secret)}"`)).toBe(`"${mask}"`);
        for (const before of ['a', 'ab', 'abc', 'Bearer '])
          expect(take(encoded(before + secret))).toBe(
            encoded(before).slice(0, Math.floor((before.length * 8) / 6)) + mask,
          );
        const followed = encoded(`${secret}, and more`);
        expect(take(followed)).toBe(mask + followed.slice(Math.ceil((secret.length * 8) / 6)));
      }
    }
  });

  test('S6: no honest coding of any token keeps it readable', () => {
    const tokens = fc.stringMatching(/^[A-Za-z0-9._~+/=-]{12,60}$/);
    const codings = fc.constantFrom<((text: string) => string)[]>(
      (text) => text,
      encodeURIComponent,
      (text) => JSON.stringify({ text }),
      (text) => Buffer.from(text).toString('base64'),
      (text) => Buffer.from(text).toString('base64url'),
      (text) => new URLSearchParams({ text }).toString(),
    );
    fc.assert(
      fc.property(tokens, codings, fc.stringMatching(/^[a-z ]{0,5}$/), (text, coding, before) => {
        expect(createScrub([new Secret(text)])(coding(`${before}${text}`))).toContain(mask);
      }),
    );
  });

  test('leaves honest text and tiny secrets alone', () => {
    expect(scrub('{"status":"shipped"}')).toBe('{"status":"shipped"}');
    expect(createScrub([new Secret('ab')])('about')).toBe('about');
  });
});
