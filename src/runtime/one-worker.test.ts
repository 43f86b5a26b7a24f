import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { sentence } from '../api/sentences.ts';
import { testDatabases } from '../store/test-database.ts';
import { simulatedClock } from '../world/simulated-clock.ts';
import { orderBot } from './order-bot.test-parts.ts';
import { leaseLength } from './parts.ts';
import { type RuntimeStage, setRuntimeStage } from './stage.test-parts.ts';

const unknown = sentence('en', 'outcome.result_unknown');

describe.each(await testDatabases())('two server processes on one $kind database', ({ open }) => {
  let stage: RuntimeStage;
  let bot: string;
  beforeAll(async () => {
    stage = await setRuntimeStage({ db: await open() });
    bot = await stage.publish(orderBot(stage.brand.url));
  });
  afterAll(() => stage.close());

  test('I3: messages to both at once are turns one after another, each once', async () => {
    const other = stage.node();
    const chat = await stage.chat(bot);
    const said = Array.from({ length: 24 }, (_, n) => `echo ${n}`);
    const accepted = await Promise.all(
      said.map(async (text, n) => {
        const { seq } = await (n % 2 ? other : stage.runtime).accept(chat.session, { id: text, text });
        return { text, seq };
      }),
    );
    await chat.quiet();
    const inOrder = accepted.sort((one, two) => one.seq - two.seq).map(({ text }) => `You said ${text}`);
    expect(await chat.texts()).toEqual(inOrder);
    const { turn, last_position } = await chat.row();
    expect([turn, last_position]).toEqual([24, 24]);
  });

  /** A call held at the brand while its worker sleeps past its lease and another one takes the conversation over. */
  async function takenOver(text: string) {
    const [first, other] = [stage.node(), stage.node()];
    const chat = await stage.chat(bot, { on: first });
    const before = stage.brand.requests().length;
    const requests = () => stage.brand.requests().slice(before);
    stage.brand.misbehave('held', { times: 1 });
    await chat.say(text);
    await chat.until(async () => (requests().length > 0 ? true : undefined));
    stage.pass(leaseLength + 1);
    await other.accept(chat.session, { id: 'later', text: 'echo later' });
    await chat.hears('You said echo later');
    return { chat, requests, first };
  }

  test('I3 I4 RL-10: a worker paused past its lease writes nothing; its call is not sent again, and the consumer is told', async () => {
    const { chat, requests, first } = await takenOver('book');
    const events = await chat.events();
    stage.brand.release();
    await first.drain();
    expect(await chat.events()).toEqual(events);
    expect(await chat.texts()).toEqual([unknown, 'You said echo later']);
    expect(requests()).toHaveLength(1);
    const steps = await stage.db.all<{ status: string; result: string | null }>(
      'SELECT status, result FROM step WHERE conversation_id = ?',
      chat.conversation_id,
    );
    expect(steps).toEqual([{ status: 'done', result: null }]);
  });

  test('I4 RL-11: a repeatable call is sent again by the next worker, with the same Idempotency-Key', async () => {
    for (const text of ['repeat', 'look']) {
      const { chat, requests } = await takenOver(text);
      stage.brand.release();
      expect((await chat.texts())[0]).toMatch(/(Repeated|Saw) Lantern\./);
      expect(requests()).toHaveLength(2);
      expect(new Set(requests().map(({ headers }) => headers['idempotency-key'])).size).toBe(1);
    }
  });
});

describe('a lease', () => {
  let stage: RuntimeStage;
  let bot: string;
  beforeAll(async () => {
    stage = await setRuntimeStage();
    bot = await stage.publish(orderBot(stage.brand.url));
  });
  afterAll(() => stage.close());

  test('I3: is kept while its worker lives, however long a call takes', async () => {
    const clock = simulatedClock(Date.now());
    const node = stage.node({ world: { ...stage.world, clock } });
    const chat = await stage.chat(bot, { on: node });
    stage.brand.misbehave('held', { times: 1 });
    await chat.say('look');
    const { epoch, lease_until } = await chat.until(async () => {
      const row = await chat.row();
      return row.state.includes('under_way') ? row : undefined;
    });
    for (let past = 0; past < 5; past += 1) {
      const before = (await chat.row()).lease_until;
      await chat.until(async () => (clock.alarms() > 0 ? true : undefined));
      clock.advance(leaseLength / 2);
      await chat.until(async () => ((await chat.row()).lease_until > before ? true : undefined));
    }
    expect(clock.now()).toBeGreaterThan(lease_until);
    stage.brand.release();
    await chat.hears('Saw Lantern.');
    await chat.quiet();
    expect((await chat.row()).epoch).toBe(epoch);
    expect(clock.alarms()).toBe(0);
  });

  test('of a process that died is over at the next start, and what waited is worked', async () => {
    const chat = await stage.chat(bot);
    await chat.say('hi');
    await chat.quiet();
    // As a crash leaves it: accepted, claimed, and nobody there.
    const id = chat.conversation_id;
    await stage.db.write(async (tx) => {
      await tx.run('UPDATE inbox SET done_at = NULL, body = \'{"text":"echo again"}\' WHERE conversation_id = ?', id);
      await tx.run('UPDATE conversation SET lease_until = ? WHERE id = ?', Date.now() + 3_600_000, id);
    });
    await stage.node().start();
    expect(await chat.hears('You said echo again')).toMatchObject({ from: 'bot' });
  });
});
