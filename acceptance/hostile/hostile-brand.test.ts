import { afterEach, beforeEach, expect, test } from 'vitest';
import { createEgress } from '../../src/egress/create-egress.ts';
import type { Egress } from '../../src/egress/egress.ts';
import { Secret } from '../../src/world/secret.ts';
import { silentLog, systemClock } from '../../src/world/world.ts';
import { type BrandSwitch, type HostileBrand, startHostileBrand } from './hostile-brand.ts';

const canary = 'canary+5d2f/8b71~c0ffee==';
let brand: HostileBrand;
let egress: Egress;

beforeEach(async () => {
  brand = await startHostileBrand({ accepts: (token) => token === canary });
  egress = createEgress({ allow: [brand.place], clock: systemClock, log: silentLog });
});

afterEach(async () => {
  await egress.close();
  await brand.close();
});

/** Only what never ends is cut short: a whole answer may take its time on a busy machine. */
const timeoutOf = (name?: BrandSwitch) => (name === 'never_answers' || name === 'drip' ? 1_000 : 10_000);

/** As a delegated call goes out. */
function call(name?: BrandSwitch, method = 'GET') {
  brand.misbehave(name);
  return egress.request({
    method,
    url: `${brand.url}/orders`,
    headers: { 'idempotency-key': 'step_1' },
    timeout_ms: timeoutOf(name),
    secret: { header: 'Authorization', prefix: 'Bearer ', value: new Secret(canary), origins: [brand.url] },
  });
}

test('a good call is answered and counted', async () => {
  expect(await call(undefined, 'POST')).toMatchObject({ status: 200 });
  expect(brand.effects()).toBe(1);
  expect(brand.byKey()).toEqual({ step_1: 1 });
  expect(brand.requests()[0]?.headers['authorization']).toBe(`Bearer ${canary}`);
  expect((await fetch(brand.url)).status).toBe(401);
});

test.each<[BrandSwitch, object]>([
  ['unauthorized', { status: 401, headers: { 'www-authenticate': 'Bearer realm="brand", error="invalid_token"' } }],
  ['insufficient_scope', { status: 403 }],
  ['step_up', { status: 401 }],
  ['status_500', { status: 500 }],
  ['status_429', { status: 429 }],
  ['ok_with_error', { status: 200 }],
  ['redirect', { status: 302 }],
  ['redirect_to_metadata', { status: 302 }],
  ['never_answers', { failed: 'timed_out', sent: true }],
  ['drip', { failed: 'timed_out', sent: true }],
  ['reset', { failed: 'broken', sent: true }],
  ['reset_in_body', { failed: 'broken', sent: true }],
  ['cut', { failed: 'broken', sent: true }],
  ['junk', { failed: 'broken', sent: true }],
  ['three_megabytes', { failed: 'too_large', sent: true }],
  ['gzip_bomb', { failed: 'too_large', sent: true }],
])('SS-09, UP-03: %s', async (name, expected) => {
  expect(await call(name)).toMatchObject(expected);
  expect(brand.redirected()).toEqual([]);
});

test.each<BrandSwitch>(['echo', 'echo_in_401', 'echo_in_500'])(
  'S6: nothing of an echoed token is left after %s',
  async (name) => {
    const text = JSON.stringify(await call(name));
    expect(text).toContain('•••');
    const forms = [
      canary,
      encodeURIComponent(canary),
      ...(['base64', 'base64url', 'hex'] as const).map((code) => Buffer.from(canary).toString(code)),
    ];
    for (const form of forms)
      for (let at = 0; at + 12 <= form.length; at += 4) expect(text).not.toContain(form.slice(at, at + 12));
  },
);

test('what was turned away has no effect; what was lost on the way back has', async () => {
  await call('status_503', 'POST');
  await call('insufficient_scope', 'POST');
  expect(brand.effects()).toBe(0);
  await call('reset', 'POST');
  expect(brand.effects()).toBe(1);
});

test('a switch can act a given number of times, held calls go on release, and down is down', async () => {
  brand.misbehave('status_500', { times: 1 });
  expect((await fetch(brand.url)).status).toBe(500);
  expect((await fetch(brand.url)).status).toBe(401);
  brand.misbehave('held');
  const held = fetch(brand.url);
  await expect.poll(() => brand.requests().length).toBe(3);
  brand.release();
  expect((await held).status).toBe(401);
  await brand.down();
  expect(await call()).toMatchObject({ failed: 'unreachable', sent: false });
  await brand.up();
  expect(await call()).toMatchObject({ status: 200 });
});
