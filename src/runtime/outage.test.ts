import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { sentence } from '../api/sentences.ts';
import { orderBot } from './order-bot.test-parts.ts';
import type { Runtime } from './runtime.ts';
import { type Chat, type RuntimeStage, setRuntimeStage } from './stage.test-parts.ts';
import { type Moment, type UnreliableStore, unreliableStore } from './unreliable-store.test-parts.ts';

let stage: RuntimeStage;
let bot: string;
let store: UnreliableStore;
let node: Runtime;
beforeAll(async () => {
  stage = await setRuntimeStage();
  bot = await stage.publish(orderBot(stage.brand.url));
  store = unreliableStore(stage.db);
  node = stage.node({ db: store.db });
  await node.start();
});
afterAll(() => stage.close());

/** What a client does: the same message again until it is answered. */
async function sayUntilAnswered(chat: Chat, text: string): Promise<void> {
  const id = `${text}-${(await chat.events()).length}`;
  for (;;) {
    const answered = await chat.say(text, id).catch((error: { code?: string }) => {
      if (error.code !== 'unavailable') throw error;
    });
    if (answered) return;
  }
}

/** Until nothing waits; wake-ups come as they would from another process. */
async function settled(chat: Chat): Promise<void> {
  await chat.until(async () => {
    stage.bus.publish('work', chat.conversation_id);
    const waits = await stage.db.get(
      'SELECT position FROM inbox WHERE conversation_id = ? AND done_at IS NULL',
      chat.conversation_id,
    );
    return waits || (await chat.row()).lease_until > 0 ? undefined : true;
  });
}

const signInThen = async (chat: Chat) => {
  await settled(chat);
  await chat.signIn();
};

const scenarios: Record<string, (chat: Chat) => Promise<void>> = {
  'two messages': async (chat) => {
    await sayUntilAnswered(chat, 'hi');
    await sayUntilAnswered(chat, 'echo two');
  },
  'a call that may be repeated': (chat) => sayUntilAnswered(chat, 'look'),
  'a call that may not': (chat) => sayUntilAnswered(chat, 'book'),
  'two calls in a turn': (chat) => sayUntilAnswered(chat, 'twice'),
  'a question that waits for a sign-in': async (chat) => {
    await sayUntilAnswered(chat, 'where is my order?');
    await signInThen(chat);
  },
  'a question asked twice before the sign-in': async (chat) => {
    await sayUntilAnswered(chat, 'where is my order?');
    await settled(chat);
    await sayUntilAnswered(chat, 'where is my order?');
    await signInThen(chat);
  },
  'an order that waits for a sign-in and a yes': async (chat) => {
    await sayUntilAnswered(chat, 'drop it');
    await signInThen(chat);
    await settled(chat);
    await sayUntilAnswered(chat, 'yes');
  },
  'a bot that closes': (chat) => sayUntilAnswered(chat, 'bye'),
};

async function play(scenario: (chat: Chat) => Promise<void>) {
  store.lose(0, 'before');
  const chat = await stage.chat(bot, { on: node });
  const [requests, effects] = [stage.brand.requests().length, stage.brand.effects()];
  return {
    chat,
    async run(n: number, when: Moment) {
      store.lose(n, when);
      await scenario(chat);
      await settled(chat);
      const texts = await chat.texts();
      return {
        texts,
        writes: store.writes(),
        requests: stage.brand.requests().slice(requests),
        effects: stage.brand.effects() - effects,
        seqs: (await chat.events()).map(({ seq }) => seq),
      };
    },
  };
}

const unknown = sentence('en', 'outcome.result_unknown');

describe.each(Object.keys(scenarios))('OP-03 I4: the store is lost at any one write of %s', (name) => {
  const scenario = scenarios[name];
  test('nothing is lost, doubled or done twice', { timeout: 60_000 }, async () => {
    if (!scenario) throw new Error(name);
    const calm = await (await play(scenario)).run(0, 'before');
    for (let n = 1; n <= calm.writes; n += 1) {
      for (const when of ['before', 'after'] as const) {
        const lost = await (await play(scenario)).run(n, when);
        const at = `write ${n}, ${when}`;
        expect(lost.seqs, at).toEqual(lost.seqs.map((_, i) => i + 1));
        expect(lost.effects, at).toBeLessThanOrEqual(calm.effects);
        const isUnknown = lost.texts.at(-1) === unknown;
        expect(isUnknown ? lost.texts.slice(0, -1) : lost.texts, at).toEqual(
          isUnknown ? calm.texts.slice(0, -1) : calm.texts,
        );
        if (!isUnknown) expect(lost.effects, at).toBe(calm.effects);
        const keys = new Set(lost.requests.map(({ headers }) => headers['idempotency-key']));
        expect(keys.size, at).toBeLessThanOrEqual(calm.requests.length);
      }
    }
  });
});
