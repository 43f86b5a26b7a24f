/** The attempt machine under every order of events (reference/delegation 4.7). */
import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { systemRandom } from '../world/world.ts';
import { isFinal, mayMove, outcomeByReason, outcomeOf, statusByReason, transitions } from './attempt.ts';
import type { AttemptStatus } from '../store/attempt.ts';
import { newBrowserSecret } from './browser-secret.ts';
import { type Conversation, setStage, type Stage } from './stage.test-parts.ts';

const statuses = Object.keys(transitions) as AttemptStatus[];

test('a final state is left by nothing, and every reason belongs to one', () => {
  for (const status of statuses.filter(isFinal)) for (const to of statuses) expect(mayMove(status, to)).toBe(false);
  for (const [reason, status] of Object.entries(statusByReason)) {
    expect(isFinal(status)).toBe(true);
    expect(outcomeOf({ status, reason })).toBe(outcomeByReason[reason as keyof typeof outcomeByReason]);
  }
});

test('granted is reached through quarantine only, quarantine through exchanging only, and that through redirected only', () => {
  const from = (to: AttemptStatus) => statuses.filter((status) => mayMove(status, to));
  expect(from('granted')).toEqual(['quarantined']);
  expect(from('quarantined')).toEqual(['exchanging']);
  expect(from('exchanging')).toEqual(['redirected']);
  expect(from('redirected')).toEqual(['bound', 'redirected']);
});

let stage: Stage;
beforeAll(async () => {
  stage = await setStage();
});
afterAll(() => stage.close());

type Event =
  | 'ask'
  | 'own_continue'
  | 'stranger_continue'
  | 'provider'
  | 'callback'
  | 'stranger_callback'
  | 'cancel'
  | 'sign_out'
  | 'wait'
  | 'work'
  | 'wrong_code';
const event = fc.constantFrom<Event>(
  'ask',
  'own_continue',
  'stranger_continue',
  'provider',
  'callback',
  'stranger_callback',
  'cancel',
  'sign_out',
  'wait',
  'work',
  'wrong_code',
);

/** One conversation, its own browser and a stranger's, and whatever they do. */
function play(mia: Conversation) {
  const stranger = newBrowserSecret(stage.vault, systemRandom);
  const seen = new Set<string>();
  let attemptId = '';
  let url = '';
  let returned: { account_id: string; leaf: string; query: string } | undefined;
  const step: Record<Event, () => Promise<unknown>> = {
    async ask() {
      attemptId = await stage.ask(mia).catch(() => attemptId);
      seen.add(attemptId);
    },
    async own_continue() {
      const gone = await stage.delegation.proceed(stage.link(attemptId), mia.browser, null);
      if (gone.kind === 'redirect') url = gone.url;
    },
    async stranger_continue() {
      const gone = await stage.delegation.proceed(stage.link(attemptId), stranger, null);
      expect(gone.kind).toBe('look');
    },
    async provider() {
      if (url !== '') returned = await stage.walk(url);
    },
    callback: async () => returned && stage.delegation.callback({ ...returned, browser: mia.browser }),
    stranger_callback: async () => returned && stage.delegation.callback({ ...returned, browser: stranger }),
    cancel: () => stage.db.write((tx) => stage.delegation.cancel(tx, mia.id, attemptId)),
    async sign_out() {
      await stage.db.write((tx) => stage.delegation.end(tx, mia.id));
      mia.generation += 1;
    },
    wait: async () => stage.pass(4 * 60_000),
    work: () => stage.delegation.work(),
    wrong_code: () => stage.type(mia, 'BBB BBB'),
  };
  return { seen, run: (name: Event) => step[name]() };
}

test('whatever happens in whatever order: one notice for each end, one request for each code, no grant without its own browser', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.oneof(event, fc.tuple(event, event)), { minLength: 1, maxLength: 14 }),
      async (schedule) => {
        const mia = await stage.converse();
        const game = play(mia);
        await game.run('ask');
        // A pair happens at the same time.
        for (const now of schedule) await Promise.all(Array.isArray(now) ? now.map(game.run) : [game.run(now)]);
        const notices = (await stage.notices(mia)).map((notice) => notice.attempt_id);
        expect(new Set(notices).size).toBe(notices.length);
        for (const id of game.seen) {
          const attempt = await stage.attempt(id);
          expect(notices.includes(id)).toBe(isFinal(attempt.status));
          if (isFinal(attempt.status)) expect(attempt).toMatchObject({ verifier: null, nonce: null, quarantine: null });
          if (attempt.status === 'granted') expect(attempt.bound_browser).toBe(mia.browser_hash);
        }
        const codes = stage.provider.tokenRequests().flatMap((request) => request.code ?? []);
        expect(new Set(codes).size).toBe(codes.length);
        const connection = await stage.connection(mia);
        // What is usable was granted after the last sign-out.
        if (connection?.access_token) {
          const usable = await stage.db.all(
            "SELECT a.id FROM attempt a JOIN conversation c ON c.id = a.conversation_id AND c.generation = a.generation WHERE c.id = ? AND a.status = 'granted'",
            mia.id,
          );
          expect(usable.length).toBeGreaterThan(0);
        }
        if (connection && connection.ended_at !== null) expect(connection.access_token).toBeNull();
      },
    ),
    { numRuns: 40 },
  );
}, 60_000);
