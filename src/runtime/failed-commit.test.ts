/** Commits that fail, as on a full disk: just then a worker may have begun with what was to be committed. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openSqlite } from '../store/sqlite.ts';
import { Problem } from '../world/problem.ts';
import type { Interaction } from '../bot/document.ts';
import { calls, dialog, integration, orderBot, says, starter } from './order-bot.test-parts.ts';
import { type Chat, type RuntimeStage, setRuntimeStage } from './stage.test-parts.ts';
import { keepCredential, signingSecret } from './static-credential.test-parts.ts';

const folder = mkdtempSync(join(tmpdir(), 'errand-commit-'));
/** So many of the next commits fail. */
let failing = 0;
let stage: RuntimeStage;
let bot: string;
beforeAll(async () => {
  const beforeCommit = () => {
    if (failing <= 0) return;
    failing -= 1;
    throw new Problem('unavailable', 'The disk is full.');
  };
  stage = await setRuntimeStage({ db: openSqlite({ file: join(folder, 'errand.db'), beforeCommit }) });
  const document = orderBot(stage.brand.url);
  // Long enough that a claim made meanwhile meets it at work.
  const slow = { pre_process: 'var n = 0; for (var i = 0; i < 100000; i++) n += i;' };
  document.dialogs.push(
    dialog('slow', starter('slow-s', 'slowly *'), { ...says('slow-t', 'Slowly {$userMessage}'), ...slow }),
    dialog('hire', starter('hire-s', 'hire'), calls('hire-c', 'Book', slow), says('hire-t', 'Hired {Book.item}.')),
  );
  bot = await stage.publish(document);
  await stage.runtime.start();
});
afterAll(async () => {
  await stage.close();
  rmSync(folder, { recursive: true, force: true });
});

interface Said {
  id: string;
  text: string;
  /** Undefined: refused. */
  seq: number | undefined;
}

const refused = (error: unknown) => {
  if (error instanceof Problem && error.code === 'unavailable') return { seq: undefined };
  throw error;
};

const said = (chat: Chat, { id, text }: { id: string; text: string }): Promise<Said> =>
  chat
    .say(text, id)
    .catch(refused)
    .then(({ seq }) => ({ id, text, seq }));

const deed = fc.record({
  text: fc.constantFrom('echo', 'slowly', 'book', 'hire', 'hi'),
  fails: fc.integer({ min: 0, max: 2 }),
  again: fc.boolean(),
});
type Deed = typeof deed extends fc.Arbitrary<infer T> ? T : never;

/** Says it while commits fail, once more where it is wanted; the next deed does not wait for the answer. */
async function perform(chat: Chat, { text, fails, again }: Deed, at: number): Promise<Said> {
  failing = fails;
  const message = { id: `d${at}`, text: text === 'echo' || text === 'slowly' ? `${text} ${at}` : text };
  const first = await said(chat, message);
  return first.seq === undefined && again ? await said(chat, message) : first;
}

const answers: Record<string, (text: string) => string> = {
  echo: (text) => `You said ${text}`,
  slowly: (text) => `Slowly ${text}`,
  book: () => 'Booked Lantern.',
  hire: () => 'Hired Lantern.',
  hi: () => 'Hello.',
};

test('I1 I2 I3 I4: what was accepted is answered once and called once; what was refused was never heard', {
  timeout: 120_000,
}, async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(deed, { minLength: 2, maxLength: 10 }), async (deeds) => {
      const chat = await stage.chat(bot);
      await chat.say('hi', 'known');
      await chat.hears('Hello.');
      const before = stage.brand.requests().length;
      const all: Said[] = [{ id: 'known', text: 'hi', seq: 1 }];
      for (const [at, one] of deeds.entries()) all.push(await perform(chat, one, at));
      failing = 0;
      await chat.until(async () => {
        await stage.bus.publish('work', chat.conversation_id);
        const waits = await stage.db.get(
          'SELECT 1 AS one FROM inbox WHERE conversation_id = ? AND done_at IS NULL',
          chat.conversation_id,
        );
        return waits || (await chat.row()).lease_until > 0 ? undefined : true;
      });
      await chat.quiet();
      const events = await chat.events();
      expect(events.map(({ seq }) => seq)).toEqual(events.map((_, at) => at + 1));
      const accepted = all.filter(({ seq }) => seq !== undefined);
      const heard = events.filter(({ from }) => from === 'consumer').map(({ message_id: id, seq }) => ({ id, seq }));
      expect(heard).toEqual(accepted.map(({ id, seq }) => ({ id, seq })));
      const wanted = accepted.map(({ text }) => answers[text.split(' ')[0] ?? '']?.(text));
      // A call whose result could not be kept is said to be unknown, and is not made again.
      const told = (await chat.texts()).filter((text) => !/do not know whether/.test(text));
      const unknown = (await chat.texts()).length - told.length;
      expect(told.toSorted()).toEqual(expect.arrayContaining(wanted.filter((text) => !/Lantern/.test(text ?? ''))));
      expect(told.length + unknown).toBe(wanted.length);
      const keys = stage.brand
        .requests()
        .slice(before)
        .map(({ headers }) => headers['idempotency-key']);
      const booked = accepted.filter(({ text }) => text === 'book' || text === 'hire');
      expect(new Set(keys).size).toBe(keys.length);
      expect(keys).toHaveLength(booked.length);
    }),
    { numRuns: 40 },
  );
});

test('I1: what a refused message says is told to nobody, the brand’s own recogniser neither', async () => {
  await keepCredential(stage, {
    name: 'signing',
    type: 'webhook_signing',
    secret: signingSecret,
    document: { origins: [stage.brand.url] },
  });
  const document = orderBot(stage.brand.url);
  const byIntent: Interaction = { id: 'help-s', name: 'help-s', type: 'starter', intent: 'help' };
  document.dialogs.push(dialog('help', byIntent, says('help-t', 'Here to help.')));
  const url = `${stage.brand.url}/understand`;
  document.integrations.push(
    integration('Understand', { type: 'function', method: 'POST', credential: 'signing', url }),
  );
  document.intents = [{ id: 'help', name: 'Help', phrases: ['help me'] }];
  const chat = await stage.chat(await stage.publish({ ...document, recogniser: { integration: 'Understand' } }));
  await chat.say('hi');
  await chat.hears('Hello.');
  await chat.quiet();
  const asked = () => stage.brand.requests().length;
  const before = asked();
  failing = 1;
  expect(await said(chat, { id: 'secret', text: 'a private question' })).toMatchObject({ seq: undefined });
  await chat.say('another question', 'next');
  await chat.until(async () => (asked() > before ? true : undefined));
  await chat.quiet();
  const bodies = stage.brand.requests().slice(before);
  expect(bodies).toHaveLength(1);
  expect(JSON.stringify(bodies)).not.toContain('a private question');
});
