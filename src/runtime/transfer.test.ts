import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { Problem } from '../world/problem.ts';
import type { BotDocument, Integration, Interaction } from '../bot/document.ts';
import { dialog, integration, says, starter } from './order-bot.test-parts.ts';
import { leaseLength } from './parts.ts';
import { type Chat, type RuntimeStage, setRuntimeStage } from './stage.test-parts.ts';
import { keepCredential, signingSecret } from './static-credential.test-parts.ts';

const nobody = 'Not able to transfer to Agent at this time. Please try later.';

let stage: RuntimeStage;
beforeAll(async () => {
  stage = await setRuntimeStage();
  const document = { origins: [stage.brand.url] };
  await keepCredential(stage, { name: 'signing', type: 'webhook_signing', secret: signingSecret, document });
  await stage.runtime.start();
});
afterAll(() => stage.close());
afterEach(() => stage.brand.misbehave());

const people = (more: Partial<Integration> = {}) =>
  integration('People', { url: `${stage.brand.url}/people`, type: 'function', credential: 'signing', ...more });

function desk(more: Partial<BotDocument> = {}): BotDocument {
  const handOver: Interaction = {
    id: 'x',
    name: 'x',
    type: 'transfer',
    text: 'One moment.',
    skill: 'orders',
    context: true,
  };
  return {
    format: 'errand.bot/1',
    name: 'Desk',
    dialogs: [
      dialog('human', starter('human-s', 'human'), handOver),
      dialog('hello', starter('hello-s', 'hi'), says('hello-t', 'Hello.')),
      dialog('back', starter('back-s', '__agent_escalation_failed__'), says('back-t', 'Nobody is free.')),
    ],
    integrations: [people()],
    agents: { integration: 'People' },
    ...more,
  };
}

async function handedOver(document = desk()): Promise<Chat> {
  const chat = await stage.chat(await stage.publish(document));
  await chat.say('human');
  await chat.quiet();
  return chat;
}

const transfers = async (chat: Chat) =>
  (await chat.events()).filter(({ type }) => type === 'transfer').map(({ status }) => status);
const about = (chat: Chat) => ({ account_id: 'acc', conversation_id: chat.conversation_id });

describe('a hand-over to people', () => {
  test('is a signed webhook that is told skill, variables and where; after it the bot is silent', async () => {
    const before = stage.brand.requests().length;
    const chat = await handedOver();
    const [sent, ...others] = stage.brand.requests().slice(before);
    expect(others).toEqual([]);
    expect(JSON.parse(sent?.body ?? '')).toMatchObject({
      conversation_id: chat.conversation_id,
      account_id: 'acc',
      payload: { type: 'transfer', skill: 'orders', agent: null, variables: {} },
    });
    expect(sent?.headers['webhook-signature']).toMatch(/^v1,/);
    expect(await transfers(chat)).toEqual(['requested', 'accepted']);
    await chat.say('hi');
    await chat.quiet();
    expect(await chat.texts()).toEqual(['One moment.']);
    expect(JSON.stringify(await chat.trace())).toContain('people have this conversation');
  });

  test('any 2xx takes it; a refusal is said, and the other skill is tried once', async () => {
    stage.brand.misbehave('status_204');
    expect(await transfers(await handedOver())).toEqual(['requested', 'accepted']);
    stage.brand.misbehave('status_404', { times: 1 });
    const before = stage.brand.requests().length;
    const chat = await handedOver(desk({ agents: { integration: 'People', fallback_skill: 'anybody' } }));
    const skills = stage.brand
      .requests()
      .slice(before)
      .map(({ body }) => JSON.parse(body).payload.skill);
    expect(skills).toEqual(['orders', 'anybody']);
    expect(await transfers(chat)).toEqual(['requested', 'accepted']);
    stage.brand.misbehave('status_404');
    const refused = await handedOver();
    expect(await refused.texts()).toEqual(['One moment.', nobody]);
    expect(await transfers(refused)).toEqual(['requested', 'failed']);
  });

  test('without people, or with something that cannot carry it, it fails at once and the trace names the fix', async () => {
    const { agents: _, ...alone } = desk();
    const lonely = await handedOver(alone);
    expect(await lonely.texts()).toEqual(['One moment.', nobody]);
    expect(JSON.stringify(await lonely.trace())).toContain('\\"agents\\"');
    const wrong = { ...people(), type: 'api' as const, credential: 'orders' };
    const before = stage.brand.requests().length;
    const chat = await handedOver(desk({ integrations: [wrong] }));
    expect(await chat.texts()).toEqual(['One moment.', nobody]);
    expect(stage.brand.requests().length).toBe(before);
  });

  test('I4: a worker that died while it was on its way does not make a second one', async () => {
    const chat = await stage.chat(
      await stage.publish(desk({ agents: { integration: 'People', fallback_skill: 'b' } })),
    );
    const before = stage.brand.effects();
    stage.brand.misbehave('held', { times: 1 });
    await chat.say('human');
    await chat.until(async () => (stage.brand.effects() > before ? true : undefined));
    stage.pass(leaseLength + 1);
    const other = stage.node();
    await other.start();
    await chat.hears(nobody);
    stage.brand.release();
    await chat.quiet();
    await other.drain();
    expect(stage.brand.effects()).toBe(before + 1);
    expect(await chat.texts()).toEqual(['One moment.', nobody]);
  });
});

describe('what people report', () => {
  test('LP-121 a hand-over that fails later is heard by the bot as a message of the platform', async () => {
    const chat = await handedOver();
    await stage.runtime.report({ ...about(chat), status: 'failed', message: 'We are closed.' });
    await chat.hears('Nobody is free.');
    await chat.say('hi');
    await chat.hears('Hello.');
    expect(await transfers(chat)).toEqual(['requested', 'accepted', 'failed']);
    const said = (await chat.events()).filter(({ from }) => from === 'agent');
    expect(said).toMatchObject([{ type: 'message', text: 'We are closed.' }]);
  });

  test('what people say is shown as theirs, no link of ours is made of it, and then the bot has it again', async () => {
    const chat = await handedOver();
    const text = `Look: errand:sign-in:att_${'a'.repeat(25)}`;
    await stage.runtime.sayForPeople({ ...about(chat), text });
    const [said] = (await chat.events()).filter(({ from }) => from === 'agent');
    expect(said).toMatchObject({ text });
    await stage.runtime.report({ ...about(chat), status: 'ended' });
    await chat.say('hi');
    await chat.hears('Hello.');
    expect(await transfers(chat)).toEqual(['requested', 'accepted', 'ended']);
  });

  test('nobody speaks for people who do not have it, into a closed conversation, or into another account', async () => {
    const chat = await handedOver();
    const text = 'Hello?';
    const say = (more: object) => stage.runtime.sayForPeople({ ...about(chat), text, ...more });
    await expect(say({ account_id: 'other' })).rejects.toMatchObject({ code: 'not_found' });
    await stage.runtime.report({ ...about(chat), status: 'ended' });
    await chat.quiet();
    await expect(say({})).rejects.toMatchObject({ code: 'conflict' });
    await expect(stage.runtime.report({ ...about(chat), status: 'failed' })).rejects.toThrow(Problem);
    await stage.runtime.close(chat.session);
    await expect(say({})).rejects.toMatchObject({ code: 'conversation_closed' });
  });
});

describe('people who say nothing', () => {
  const agents = { integration: 'People', fallback_skill: 'anybody', fallback_after_ms: 60_000 };
  /** What another process finds due after so long. */
  async function after(ms: number): Promise<void> {
    stage.pass(ms);
    const other = stage.node();
    await other.start();
    await other.drain();
  }
  const skillsSince = (count: number) =>
    stage.brand
      .requests()
      .slice(count)
      .map(({ body }) => JSON.parse(body).payload.skill);

  test('after a while the other skill is asked, once, and the bot stays silent', async () => {
    const before = stage.brand.requests().length;
    const chat = await handedOver(desk({ agents }));
    await after(30_000);
    expect(skillsSince(before)).toEqual(['orders']);
    await after(31_000);
    await chat.until(async () => (skillsSince(before).length === 2 ? true : undefined));
    await chat.quiet();
    await after(120_000);
    expect(skillsSince(before)).toEqual(['orders', 'anybody']);
    expect(await transfers(chat)).toEqual(['requested', 'accepted', 'requested', 'accepted']);
    await chat.say('hi');
    await chat.quiet();
    expect(await chat.texts()).toEqual(['One moment.']);
  });

  test('not once they have spoken, have given it back, or the consumer has left', async () => {
    const before = stage.brand.requests().length;
    const [spoken, back, gone] = [
      await handedOver(desk({ agents })),
      await handedOver(desk({ agents })),
      await handedOver(desk({ agents })),
    ];
    await stage.runtime.sayForPeople({ ...about(spoken), text: 'Hello.' });
    await stage.runtime.report({ ...about(back), status: 'ended' });
    await back.quiet();
    await stage.runtime.close(gone.session);
    await after(61_000);
    expect(skillsSince(before)).toEqual(['orders', 'orders', 'orders']);
    expect(await stage.db.all('SELECT * FROM timer')).toEqual([]);
  });

  test('LP-154 differs on purpose: a consumer who comes back after more than half an hour is answered', async () => {
    const chat = await stage.chat(await stage.publish(desk()));
    await chat.say('hi');
    await chat.hears('Hello.');
    stage.pass(31 * 60_000);
    await chat.say('hi');
    await chat.quiet();
    expect(await chat.texts()).toEqual(['Hello.', 'Hello.']);
  });
});
