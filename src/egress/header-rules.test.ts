import { describe, expect, test } from 'vitest';
import { Secret } from '../world/secret.ts';
import type { OutgoingRequest } from './egress.ts';
import { refuseHeaders } from './header-rules.ts';

function refused(headers: Record<string, string>, secret?: Partial<NonNullable<OutgoingRequest['secret']>>): boolean {
  const whole = {
    header: 'Authorization',
    prefix: 'Bearer ',
    value: new Secret('canary-token'),
    origins: [],
    ...secret,
  };
  const request = { method: 'GET', url: 'https://brand.example', headers, ...(secret ? { secret: whole } : {}) };
  return refuseHeaders(request) !== undefined;
}

describe('refuseHeaders', () => {
  test.each([
    'Host',
    'Content-Length',
    'Transfer-Encoding',
    'connection',
    'Metadata-Flavor',
    'Metadata',
    'X-aws-ec2-metadata-token',
    'X-AWS-EC2-Metadata-Token-TTL-Seconds',
    'Proxy-Authorization',
    'Upgrade',
    'Expect',
    'TE',
    'Trailer',
    'Accept-Encoding',
    'a b',
    'a:b',
    'a\r\nb',
    '',
    'ä',
  ])('SS-07: refuses the name %j', (name) => {
    expect(refused({ [name]: 'x' })).toBe(true);
  });

  test.each(['a\r\nx: y', 'a\nb', 'a\rb', 'a\u0000b', 'a\u007fb', 'a\u001bb', 'a\u010ab', '•••', '\ud800'])(
    'SS-07, X4: refuses the value %j',
    (value) => {
      expect(refused({ 'x-name': value })).toBe(true);
    },
  );

  test('takes ordinary headers', () => {
    expect(refused({ accept: 'application/json', 'Idempotency-Key': 'step_1', 'x-name': 'Zoë' })).toBe(false);
    expect(refused({ Range: 'bytes=0-5' })).toBe(false);
  });

  test('refuses a part of an answer, and a second header, where a secret is attached', () => {
    expect(refused({}, {})).toBe(false);
    expect(refused({ range: 'bytes=0-5' }, {})).toBe(true);
    expect(refused({ authorization: 'Bearer x' }, {})).toBe(true);
    expect(refused({ a: '1', A: '2' })).toBe(true);
    expect(refused({}, { header: 'Host' })).toBe(true);
  });

  test.each(['', 'a b', 'a\r\nx: y', 'a\u0000', 'tökén', 'x'.repeat(20_000)])(
    'T11: refuses a token that is not clean',
    (text) => {
      expect(refused({}, { value: new Secret(text) })).toBe(true);
    },
  );
});
