import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { bearerChallenge } from './challenge.ts';
import { processorTime } from '../world/processor-time.test-parts.ts';

describe('bearerChallenge', () => {
  test.each([
    ['Bearer', {}],
    ['Bearer realm="shop"', {}],
    ['Bearer error="invalid_token", error_description="it, \\"expired\\""', { error: 'invalid_token' }],
    ['bearer error=invalid_token', { error: 'invalid_token' }],
    [
      'Bearer error="insufficient_scope", scope=" orders.read   orders.write "',
      { error: 'insufficient_scope', scope: 'orders.read orders.write' },
    ],
    [
      'Bearer error="insufficient_user_authentication", acr_values="urn:gold urn:silver", max_age="300"',
      { error: 'insufficient_user_authentication', acr_values: 'urn:gold urn:silver', max_age: 300 },
    ],
    ['Basic realm="x", Bearer error="invalid_token"', { error: 'invalid_token' }],
    ['Negotiate abcd==, Bearer scope="a"', { scope: 'a' }],
    ['Bearer error="invalid_token", Basic realm="x", error="other"', { error: 'invalid_token' }],
    ['Bearer error="a_b", Bearer error="c_d"', { error: 'a_b' }],
    ['Bearer max_age="-1", error="UPPER!"', {}],
    ['Bearer scope="ein ümlaut"', {}],
    [`Bearer scope="${'a '.repeat(900)}"`, {}],
  ])('X7, X8: reads %s', (header, expected) => {
    expect(bearerChallenge(header)).toEqual(expected);
  });

  test.each([
    undefined,
    '',
    'Basic realm="x"',
    'Bearer error="a", error="b"',
    'Bearer scope="a", SCOPE="b"',
    'Bearer error="unclosed',
    'Bearer "',
    '=',
    `Bearer ${'a'.repeat(10_000)}`,
  ])('X9: makes nothing of %j', (header) => {
    expect(bearerChallenge(header)).toBeUndefined();
  });

  test('never throws, never takes long', () => {
    const junk = fc.oneof(
      fc.string({ maxLength: 500 }),
      fc.string({ unit: fc.constantFrom('"', '\\', ',', ' ', '=', 'a', 'Bearer '), maxLength: 2_000 }),
    );
    fc.assert(
      fc.property(junk, (text) => {
        const started = processorTime();
        bearerChallenge(`Bearer ${text}`);
        expect(processorTime() - started).toBeLessThan(100);
      }),
    );
  });
});
