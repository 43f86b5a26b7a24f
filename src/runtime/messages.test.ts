import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { testDatabases } from '../store/test-database.ts';
import { orderBot } from './order-bot.test-parts.ts';
import { type RuntimeStage, setRuntimeStage } from './stage.test-parts.ts';

describe.each(await testDatabases())('messages on $kind', ({ open }) => {
  let stage: RuntimeStage;
  let bot: string;
  beforeAll(async () => {
    stage = await setRuntimeStage({ db: await open() });
    bot = await stage.publish(orderBot(stage.brand.url));
  });
  afterAll(() => stage.close());

  test('I1: an answered message is in the transcript once, at its seq', async () => {
    const chat = await stage.chat(bot);
    const seqs: number[] = [];
    for (const text of ['hi', 'echo one', 'echo two']) seqs.push((await chat.say(text)).seq);
    await chat.hears('You said echo two');
    const events = await chat.events();
    expect(events.map(({ seq }) => seq)).toEqual(events.map((_, at) => at + 1));
    for (const [at, text] of ['hi', 'echo one', 'echo two'].entries()) {
      expect(events.filter((event) => event['text'] === text)).toMatchObject([{ seq: seqs[at], from: 'consumer' }]);
    }
    expect(await chat.texts()).toEqual(['Hello.', 'You said echo one', 'You said echo two']);
  });

  test('I2 RL-02 RL-04: the same id and body again has the same answer and no second turn, also while the first runs', async () => {
    const chat = await stage.chat(bot);
    const answers = await Promise.all(Array.from({ length: 8 }, () => chat.say('echo one', 'same')));
    expect(new Set(answers.map(({ seq }) => seq)).size).toBe(1);
    await chat.hears('You said echo one');
    expect(await chat.say('echo one', 'same')).toEqual(answers[0]);
    await chat.quiet();
    expect(await chat.texts()).toEqual(['You said echo one']);
  });

  test('I2: the same body is the same whatever the order of its members', async () => {
    const chat = await stage.chat(bot);
    const [first, again] = [
      await stage.runtime.accept(chat.session, { id: 'same', text: 'echo one' }),
      await stage.runtime.accept(chat.session, { text: 'echo one', id: 'same' }),
    ];
    expect(again).toEqual(first);
    await stage.runtime.accept(chat.session, { id: 'tap', postback: 'echo two', label: 'Two' });
    await stage.runtime.accept(chat.session, { label: 'Two', postback: 'echo two', id: 'tap' });
    const other = stage.runtime.accept(chat.session, { id: 'tap', postback: 'echo two' });
    await expect(other).rejects.toMatchObject({ code: 'message_id_reused' });
  });

  test('I2 RL-03: the same id with another body is refused, and nothing runs', async () => {
    const chat = await stage.chat(bot);
    await chat.say('hi', 'same');
    await expect(chat.say('bye', 'same')).rejects.toMatchObject({ code: 'message_id_reused' });
    const tapped = stage.runtime.accept(chat.session, { id: 'same', postback: 'hi' });
    await expect(tapped).rejects.toMatchObject({ code: 'message_id_reused' });
    await chat.quiet();
    expect(await chat.texts()).toEqual(['Hello.']);
  });

  test('LP-143 the metadata of a tapped card comes back with what the tap said', async () => {
    const chat = await stage.chat(bot);
    const metadata = [{ type: 'ExternalId', id: 'row-7' }];
    const tapped = { id: 'tap', postback: 'echo one', label: 'One', metadata };
    await stage.runtime.accept(chat.session, tapped);
    await chat.hears('You said echo one');
    const events = await chat.events();
    expect(events.find(({ from }) => from === 'consumer')).toMatchObject({
      text: 'One',
      postback: 'echo one',
      metadata,
    });
    const other = { ...tapped, metadata: [{ type: 'ExternalId', id: 'row-8' }] };
    await expect(stage.runtime.accept(chat.session, other)).rejects.toMatchObject({ code: 'message_id_reused' });
  });

  test('messages that come while the bot is busy are answered in their order', async () => {
    const chat = await stage.chat(bot);
    const said = Array.from({ length: 20 }, (_, n) => `echo ${n}`);
    const seqs = await Promise.all(said.map((text) => chat.say(text, text)));
    await chat.quiet();
    const inOrder = said.toSorted((a, b) => (seqs[said.indexOf(a)]?.seq ?? 0) - (seqs[said.indexOf(b)]?.seq ?? 0));
    expect(await chat.texts()).toEqual(inOrder.map((text) => `You said ${text}`));
  });

  test('RL-12: a bot republished in the middle of a dialog finishes as it began; the next conversation is new', async () => {
    const own = await stage.publish(orderBot(stage.brand.url));
    const chat = await stage.chat(own);
    await chat.say('paint');
    await chat.hears('Which colour?');
    const changed = orderBot(stage.brand.url);
    changed.dialogs = changed.dialogs.filter(({ id }) => id !== 'colour');
    await stage.publish(changed, own);
    await chat.say('blue');
    await chat.hears('Painted blue.');
    const next = await stage.chat(own);
    await next.say('paint');
    expect(await next.hears('Not able to understand')).toMatchObject({ from: 'bot' });
  });

  test('close: nothing is answered any more but what was before, and nothing comes after the closed event', async () => {
    const chat = await stage.chat(bot);
    const before = await chat.say('echo one', 'before');
    await chat.say('where is my order?');
    await chat.offered();
    await stage.runtime.close(chat.session);
    await expect(chat.say('hi')).rejects.toMatchObject({ code: 'conversation_closed' });
    expect(await chat.say('echo one', 'before')).toEqual(before);
    await expect(chat.say('echo two', 'before')).rejects.toMatchObject({ code: 'message_id_reused' });
    await stage.runtime.close(chat.session);
    const events = await chat.events();
    expect(events.filter(({ type }) => type === 'closed')).toEqual([events.at(-1)]);
    expect(
      await stage.db.all(
        'SELECT id FROM parked_call WHERE conversation_id = ? AND ended_at IS NULL',
        chat.session.conversation_id,
      ),
    ).toEqual([]);
  });

  test('a bot that closes says its last words, and then nothing more', async () => {
    const chat = await stage.chat(bot);
    await chat.say('where is my order?');
    await chat.offered();
    await chat.say('bye');
    await chat.say('hi').catch(() => undefined);
    await chat.until(async () => ((await chat.events()).some(({ type }) => type === 'closed') ? true : undefined));
    const events = await chat.events();
    expect(events.at(-1)?.type).toBe('closed');
    expect((await chat.texts()).at(-1)).toBe('Goodbye.');
    await expect(chat.say('hi')).rejects.toMatchObject({ code: 'conversation_closed' });
  });
});

describe('overload and ends', () => {
  let stage: RuntimeStage;
  let bot: string;
  beforeAll(async () => {
    stage = await setRuntimeStage();
    bot = await stage.publish(orderBot(stage.brand.url));
  });
  afterAll(() => stage.close());

  test('I9: what is too much is refused, and what was accepted is answered right', async () => {
    const busy = stage.node({ turns_at_most: 3 });
    stage.brand.misbehave('held');
    const chats = await Promise.all(
      Array.from({ length: 6 }, () => stage.chat(bot, { on: busy }).catch(() => undefined)),
    );
    const said = await Promise.allSettled(chats.map((chat) => chat?.say('look')));
    const refused = said.filter(({ status }) => status === 'rejected');
    expect(refused.length).toBeGreaterThan(0);
    for (const one of refused) expect(one).toMatchObject({ reason: { code: 'unavailable' } });
    stage.brand.misbehave();
    for (const [at, chat] of chats.entries()) if (said[at]?.status === 'fulfilled') await chat?.hears('Saw Lantern.');
  });

  test('drain: turns under way end, new ones are refused', async () => {
    const node = stage.node();
    const chat = await stage.chat(bot, { on: node });
    stage.brand.misbehave('held');
    await chat.say('look');
    const drained = node.drain();
    await expect(chat.say('hi')).rejects.toMatchObject({ code: 'unavailable' });
    stage.brand.misbehave();
    await drained;
    expect(await chat.texts()).toEqual(['Saw Lantern.']);
  });

  test("links are delivered to their own conversation's session only, whoever quotes them", async () => {
    const [mine, other] = [await stage.chat(bot), await stage.chat(bot)];
    await mine.say('where is my order?');
    const attempt = await mine.offered();
    expect(JSON.stringify(await mine.events())).toContain('http://localhost:4300/sign-in/');
    await other.say(`echo errand:sign-in:${attempt}`);
    const answer = await other.hears('You said');
    expect(JSON.stringify(answer)).not.toContain('/sign-in/');
    const stored = await stage.db.all<{ body: string }>('SELECT body FROM event');
    expect(JSON.stringify(stored)).not.toContain('/sign-in/');
  });

  test("another conversation's token opens nothing", async () => {
    const [mine, other] = [await stage.chat(bot), await stage.chat(bot)];
    const opening = stage.runtime.session(mine.conversation_id, other.session_token);
    await expect(opening).rejects.toMatchObject({ code: 'unauthorized' });
  });
});
