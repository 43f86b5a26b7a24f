import { afterEach, beforeEach, expect, test } from 'vitest';
import { randomText } from '../world/id.ts';
import { systemRandom } from '../world/world.ts';
import { isBrowserSecret, newBrowserSecret } from './browser-secret.ts';
import { setStage, type Stage } from './stage.test-parts.ts';

let stage: Stage;
beforeEach(async () => {
  stage = await setStage();
});
afterEach(() => stage.close());

test('13 L3 only what was made here is a browser secret', () => {
  const made = newBrowserSecret(stage.vault, systemRandom);
  expect(made).toMatch(/^[A-Za-z0-9_-]{43}$/);
  expect(isBrowserSecret(stage.vault, made)).toBe(true);
  const turned = `${made.slice(0, 42)}${made.endsWith('A') ? 'B' : 'A'}`;
  for (const other of [randomText(systemRandom, 32), 'A'.repeat(43), made.slice(1), `${made}A`, turned, '']) {
    expect(isBrowserSecret(stage.vault, other), other).toBe(false);
  }
});

test('13 a planted cookie gets a fresh one on the sign-in page, and the code belongs to that', async () => {
  const attemptId = await stage.ask(await stage.converse({ hosted: false }));
  const link = stage.link(attemptId);
  const planted = 'A'.repeat(43);
  const done = await stage.delegation.proceed(link, planted, null);
  const fresh = done.kind === 'look' ? done.set_browser : null;
  expect(isBrowserSecret(stage.vault, fresh ?? '')).toBe(true);
  expect((await stage.delegation.visit(link, fresh)).kind).toBe('code');
  expect((await stage.delegation.visit(link, planted)).kind).toBe('continue');
  expect(await stage.delegation.proceed(link, fresh, null)).toEqual({ kind: 'look', set_browser: null });
});
