import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { Secret } from '../world/secret.ts';
import { systemRandom } from '../world/world.ts';
import { newSigningSecret, signatureHeaders, signingKey } from './webhook-signature.ts';

type Receiver = (request: { headers: Record<string, string>; body: string }, secret: string, now?: number) => boolean;

/** The example of the documentation, as a reader would copy it. */
async function documentedReceiver(): Promise<Receiver> {
  const page = readFileSync(new URL('../../docs/integrations.md', import.meta.url), 'utf8');
  const code = /```js\n([\s\S]*?)```/.exec(page)?.[1] ?? '';
  const example: { isFromErrand: Receiver } = await import(`data:text/javascript,${encodeURIComponent(code)}`);
  return example.isFromErrand;
}

const secret = newSigningSecret(systemRandom);
const at = 1_800_000_000_000;
const body = '{"a":"ö"}';
const headers = signatureHeaders(new Secret(secret), { id: 'call_1', at, body });

test('the example of the specification comes out', () => {
  // The values that the Standard Webhooks libraries test with.
  const signed = signatureHeaders(new Secret('whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw'), {
    id: 'msg_p5jXN8AQM9LWM0D4loKWxJek',
    at: 1_614_265_330_000,
    body: '{"test": 2432232314}',
  });
  expect(signed['webhook-signature']).toBe('v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=');
});

test('the documented receiver takes what is signed, and nothing else', async () => {
  const isFromErrand = await documentedReceiver();
  expect(isFromErrand({ headers, body }, secret, at)).toBe(true);
  expect(isFromErrand({ headers, body: `${body} ` }, secret, at)).toBe(false);
  expect(isFromErrand({ headers, body }, newSigningSecret(systemRandom), at)).toBe(false);
  expect(isFromErrand({ headers: { ...headers, 'webhook-id': 'call_2' }, body }, secret, at)).toBe(false);
  expect(isFromErrand({ headers, body }, secret, at + 301_000)).toBe(false);
  expect(isFromErrand({ headers: {}, body }, secret, at)).toBe(false);
  expect(isFromErrand({ headers: { ...headers, 'webhook-signature': 'v1,x v2,y' }, body }, secret, at)).toBe(false);
});

test.each(['', 'whsec_', 'whsec_c2hvcnQ=', 'secret', `whsec_${'A'.repeat(100)}`, 'whsec_***'])(
  '%j is no signing secret',
  (text) => {
    expect(signingKey(text)).toBeUndefined();
    expect(() => signatureHeaders(new Secret(text), { id: 'a', at, body })).toThrow('no signing secret');
  },
);
