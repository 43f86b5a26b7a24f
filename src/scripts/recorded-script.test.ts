import { createHash } from 'node:crypto';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import type { ConversationScript } from '../api/conversation-script.ts';
import type { BotDocument, Interaction } from '../bot/document.ts';
import { recordedScript } from '../runtime/recorded-script.ts';
import { dialog, integration, orderBot, says, starter } from '../runtime/order-bot.test-parts.ts';
import { recipeBot } from '../runtime/recipe-bot.test-parts.ts';
import { type Chat, type RuntimeStage, setRuntimeStage } from '../runtime/stage.test-parts.ts';
import { keepCredential, signingSecret } from '../runtime/static-credential.test-parts.ts';
import { readEvents } from '../store/event.ts';
import { botOf, rehearsing } from './script.test-parts.ts';

const { run } = rehearsing();
/** Credentials of the account's own. */
const own = ['signing', 'token', 'basic', 'query'];
const signIn = 'To do that, I need your permission. Please sign in.';

let managed: RuntimeStage;
let recipe: RuntimeStage;
beforeAll(async () => {
  managed = await setRuntimeStage();
  recipe = await setRuntimeStage({ credential: { mode: 'recipe' } });
  const of = { origins: [managed.brand.url] };
  await keepCredential(managed, { name: 'signing', type: 'webhook_signing', secret: signingSecret, document: of });
  const secret = 'canary-of-the-account';
  await keepCredential(managed, { name: 'token', type: 'access_token', secret, document: of });
  await keepCredential(managed, { name: 'basic', type: 'basic', secret, document: { ...of, user_name: 'errand' } });
  await keepCredential(managed, { name: 'query', type: 'access_token', secret, document: { ...of, parameter: 'key' } });
  await Promise.all([managed.runtime.start(), recipe.runtime.start()]);
});
afterAll(() => Promise.all([managed.close(), recipe.close()]));
afterEach(() => {
  managed.behind.customer.refuses = false;
  recipe.brand.misbehave();
});

async function recorded(
  stage: RuntimeStage,
  chat: Chat,
  [document, ...others]: [BotDocument, ...BotDocument[]],
): Promise<ConversationScript> {
  await chat.quiet();
  const events = await readEvents(stage.db, { conversation_id: chat.conversation_id, after: 0, limit: 1_000 });
  const trace = await chat.trace();
  const own_credentials = own.filter((name) =>
    JSON.stringify([document, ...others]).includes(`"credential":"${name}"`),
  );
  const about = { document, others, environment: {}, channel: 'web', locale: 'en', own_credentials } as const;
  const script = recordedScript({ ...about, events, trace });
  expect(JSON.stringify(script)).not.toMatch(/errand:|att_/);
  // As a file holds it.
  return JSON.parse(JSON.stringify(script));
}

test('a conversation with a sign-in, a confirmation and calls is played again', async () => {
  const document = orderBot(managed.brand.url);
  const chat = await managed.chat(await managed.publish(document));
  await chat.say('hi');
  await chat.hears('Hello.');
  await chat.say('where is my order?');
  await chat.hears(signIn);
  await chat.signIn();
  await chat.hears('It is a Lantern.');
  await chat.say('drop it');
  const asked = await chat.hears('Shall I?');
  await chat.tap(/errand:confirm:[\w-]+:yes/.exec(JSON.stringify(asked))?.[0] ?? '', 'Yes');
  await chat.hears('Dropped');
  await chat.say('bye');
  await chat.hears('Goodbye.');
  const script = await recorded(managed, chat, [document]);
  expect(script).toMatchObject({ setup: { sign_in: 'grant' } });
  expect(script.turns).toContainEqual({ tap: 'Yes' });
  expect(script.turns.at(-1)).toEqual({ expect: [{ text: 'Goodbye.' }], events: [['close_conversation']] });
  expect(script).not.toHaveProperty('notes');
  const done = await run(document, script);
  expect({ failure: done.failure, notes: done.notes }).toEqual({ failure: undefined, notes: [] });
});

test("the seed's recipe is played again: refused without a token, answered with it", async () => {
  const document = recipeBot(recipe.brand.url);
  const chat = await recipe.chat(await recipe.publish(document));
  recipe.brand.misbehave('unauthorized', { times: 1 });
  await chat.say('where is my order?');
  await chat.hears('Please verify that it is you.');
  await chat.quiet();
  recipe.brand.misbehave();
  await chat.signIn();
  await chat.hears('It is a Lantern.');
  const script = await recorded(recipe, chat, [document]);
  expect(script.apis?.map(({ status }) => status)).toEqual([401, 200]);
  const done = await run(document, script);
  expect({ failure: done.failure, notes: done.notes }).toEqual({ failure: undefined, notes: [] });
});

test('a declined sign-in is one in the script', async () => {
  const document = orderBot(managed.brand.url);
  const chat = await managed.chat(await managed.publish(document));
  managed.behind.customer.refuses = true;
  await chat.say('where is my order?');
  await chat.hears(signIn);
  await chat.signIn();
  await chat.hears('You did not give permission');
  const script = await recorded(managed, chat, [document]);
  expect(script).toMatchObject({ setup: { sign_in: 'decline' } });
  expect((await run(document, script)).failure).toBeUndefined();
});

test('an outage that was tried again and again, and the same call answered differently later', async () => {
  const document = orderBot(managed.brand.url);
  const chat = await managed.chat(await managed.publish(document));
  managed.brand.misbehave('status_503');
  await chat.say('look');
  await chat.hears('could not find anything');
  managed.brand.misbehave();
  await chat.say('look');
  await chat.hears('Saw ');
  const script = await recorded(managed, chat, [document]);
  const done = await run(document, script);
  expect(done.failure).toBeUndefined();
});

test('a long silence is one in the script, so that a session ends there too', async () => {
  const document = orderBot(managed.brand.url);
  const chat = await managed.chat(await managed.publish(document));
  await chat.say('paint');
  await chat.hears('Which colour?');
  await chat.quiet();
  managed.pass(2 * 3_600_000);
  await chat.say('blue');
  await chat.quiet();
  const script = await recorded(managed, chat, [document]);
  const silence = script.turns.flatMap((turn) => ('advance' in turn ? [turn.advance] : []));
  expect(silence).toEqual([expect.any(Number)]);
  expect(silence[0]).toBeGreaterThanOrEqual(2 * 3_600_000);
  expect((await run(document, script)).failure).toBeUndefined();
});

test('who talks on before she signs in: the script says what it cannot play', async () => {
  const document = orderBot(managed.brand.url);
  const chat = await managed.chat(await managed.publish(document));
  await chat.say('where is my order?');
  await chat.hears(signIn);
  await chat.say('hi');
  await chat.hears('Hello.');
  await chat.signIn();
  await chat.hears('It is a Lantern.');
  const script = await recorded(managed, chat, [document]);
  expect(script.notes).toContain('went on talking before she followed a sign-in');
});

const bot = (name: string, dialogs: BotDocument['dialogs'], more: Partial<BotDocument> = {}): BotDocument => ({
  format: 'errand.bot/1',
  name,
  dialogs,
  integrations: [],
  ...more,
});

test('what was typed is typed again though a quick reply in view posts the same, and a tap is tapped', async () => {
  const replies = [
    { title: 'One', payload: 'p1' },
    { title: 'Two', payload: 'p2' },
  ];
  const told = "botContext.setBotVariable('how', String(botContext.getQuickReplyPayload()), true, false);";
  const ask: Interaction = {
    id: 'q',
    name: 'q',
    type: 'quick_reply',
    text: 'Which?',
    replies,
    process_user_response: told,
  };
  const document = bot('Chooser', [dialog('d', starter('s', 'hi'), ask, says('t', 'Posted {$botContext.how}.'))]);
  const chat = await managed.chat(await managed.publish(document));
  await chat.say('hi');
  await chat.hears('Which?');
  await chat.say('p1');
  await chat.hears('Posted null.');
  await chat.say('hi');
  await chat.hears('Which?', 2);
  await chat.tap('p2', 'Two');
  await chat.hears('Posted p2.');
  const script = await recorded(managed, chat, [document]);
  expect(script.turns.filter((turn) => !('expect' in turn))).toEqual([
    { say: 'hi' },
    { say: 'p1', typed: true },
    { say: 'hi' },
    { tap: 'Two' },
  ]);
  expect(script).not.toHaveProperty('notes');
  expect((await run(document, script)).failure).toBeUndefined();
});

test('a tap on an older button whose label another one has by now is told of', async () => {
  const reply = (payload: string): Interaction => ({
    id: payload,
    name: payload,
    type: 'quick_reply',
    text: `Ask ${payload}`,
    replies: [{ title: 'Go', payload }],
  });
  const document = bot('Twice', [dialog('one', starter('one-s', 'one'), reply('p-one'), reply('p-two'))]);
  const chat = await managed.chat(await managed.publish(document));
  await chat.say('one');
  await chat.hears('Ask p-one');
  await chat.say('well');
  await chat.hears('Ask p-two');
  await chat.tap('p-one', 'Go');
  await chat.quiet();
  const script = await recorded(managed, chat, [document]);
  expect(script.turns).toContainEqual({ say: 'p-one' });
  expect(script.notes).toContain('"Go" was tapped where no script can tap it');
});

const handingOver = (): BotDocument =>
  bot(
    'Desk',
    [
      dialog('human', starter('human-s', 'human'), { id: 'x', name: 'x', type: 'transfer', text: 'One moment.' }),
      dialog('hello', starter('hello-s', 'hi'), says('hello-t', 'Hello.')),
    ],
    {
      agents: { integration: 'People' },
      integrations: [
        integration('People', { url: `${managed.brand.url}/people`, type: 'function', credential: 'signing' }),
      ],
    },
  );

test('what people said after a hand-over is left out and told of, and so is the call that told them', async () => {
  const document = handingOver();
  const chat = await managed.chat(await managed.publish(document));
  await chat.say('human');
  await chat.quiet();
  const about = { account_id: 'acc', conversation_id: chat.conversation_id };
  await managed.runtime.sayForPeople({ ...about, text: 'This is Ann.' });
  await chat.say('hi');
  await chat.quiet();
  await managed.runtime.sayForPeople({ ...about, text: 'What is it?' });
  const script = await recorded(managed, chat, [document]);
  expect(JSON.stringify(script.turns)).not.toMatch(/Ann|What is it/);
  expect(script.notes).toContain('What people said is left out');
  expect(script.expectApiCalls).toEqual([]);
  expect((await run(document, script)).failure).toBeUndefined();
});

test.each(['ended', 'failed'] as const)(
  'people who gave a conversation back (%s) are told of: a script leaves it with them',
  async (status) => {
    const document = handingOver();
    const chat = await managed.chat(await managed.publish(document));
    await chat.say('human');
    await chat.quiet();
    await managed.runtime.report({ account_id: 'acc', conversation_id: chat.conversation_id, status });
    await chat.quiet();
    await chat.say('hi');
    await chat.hears('Hello.');
    const script = await recorded(managed, chat, [document]);
    expect(script.notes).toContain('People gave the conversation back to the bot; here they keep it');
  },
);

test('people who did not take it do not take it in the script', async () => {
  const document = handingOver();
  const chat = await managed.chat(await managed.publish(document));
  managed.brand.misbehave('status_404');
  await chat.say('human');
  await chat.quiet();
  managed.brand.misbehave();
  const script = await recorded(managed, chat, [document]);
  expect(script).toMatchObject({ setup: { transfer: 'fail' } });
  expect((await run(document, script)).failure).toBeUndefined();
});

test('who was handed to another bot and back: the script names the bots, and is played again', async () => {
  const to = (name: string, message: string): Interaction => ({
    id: 'to',
    name: 'to',
    type: 'route',
    bot: name,
    message,
  });
  const call: Interaction = { id: 'c', name: 'c', type: 'integration', integration: 'Look' };
  const first = bot('First desk', [
    dialog('go', starter('go-s', 'bill'), to('Second desk', 'bill 7')),
    dialog('hello', starter('hello-s', 'hi'), says('hello-t', 'First here.')),
  ]);
  const look = [integration('Look', { url: `${managed.brand.url}/look` })];
  const second = bot(
    'Second desk',
    [
      dialog('bill', starter('bill-s', 'bill *'), call, says('bill-t', 'Saw {Look.item}.')),
      dialog('back', starter('back-s', 'back'), to('First desk', 'hi')),
    ],
    { integrations: look },
  );
  const [first_id, second_id] = [await managed.publish(first), await managed.publish(second)];
  const chat = await managed.chat(first_id);
  await chat.say('bill');
  await chat.hears('Saw ');
  await chat.say('back');
  await chat.hears('First here.');
  const script = await recorded(managed, chat, [first, second]);
  expect(script.bots).toEqual([`${second_id}.json`]);
  expect(script.notes).toBe(
    `The conversation was handed to another bot: save version 1 of "First desk" as bot.json, version 1 of "Second desk" as ${second_id}.json.`,
  );
  expect((await run(first, script, [second])).failure).toBeUndefined();
});

test('of a sign-in that was still open beside one that was followed, the notes say that it is followed here', () => {
  const step = (status: string, outcome?: string) => ({
    kind: 'sign_in',
    n: 1,
    turn: 1,
    at: 0,
    attempt_id: 'a',
    status,
    ...(outcome && { outcome }),
  });
  const document = botOf([]);
  const recorded = { document, environment: {}, channel: 'web', locale: 'en', events: [] } as const;
  const followed = [step('offered'), step('ended', 'granted')];
  expect(recordedScript({ ...recorded, trace: followed }).notes).toBeUndefined();
  expect(recordedScript({ ...recorded, trace: [...followed, step('offered')] }).notes).toContain('still open');
});

test('variables of a page are no turn, and are told of, with a message and without one', async () => {
  const document = { ...orderBot(managed.brand.url), web_view_api: true };
  const chat = await managed.chat(await managed.publish(document));
  const page = async (variables: Record<string, string>, message?: string) => {
    const { conversation_id, consumer_id: user_id } = chat;
    const { bot_id } = await chat.row();
    const key = createHash('sha256').update(`${conversation_id} || ${bot_id}`).digest('hex');
    await managed.runtime.webView({ key, bot_id, conversation_id, user_id, variables, ...(message && { message }) });
    await chat.quiet();
  };
  await page({ early: '1' });
  await chat.say('echo one');
  await chat.hears('You said echo one');
  await page({ size: 'XL' });
  await chat.say('echo two');
  await chat.hears('You said echo two');
  await page({ colour: 'blue' }, 'echo three');
  await chat.hears('You said echo three');
  const script = await recorded(managed, chat, [document]);
  expect(script.turns).toEqual(
    ['echo one', 'echo two', 'echo three'].flatMap((say) => [{ say }, { expect: [{ text: `You said ${say}` }] }]),
  );
  expect(script.notes).toContain('Web View variables (early, size, colour)');
  expect((await run(document, script)).failure).toBeUndefined();
  await page({}, 'Sign out');
  expect((await recorded(managed, chat, [document])).notes).toContain(
    'A page said "Sign out", which only the bot heard',
  );
});

test.each([
  ['token', {}],
  ['basic', {}],
  ['query', {}],
  ['signing', { type: 'function', method: 'POST' }],
] as const)(
  "calls with a credential of the account's own (%s) are played with a made-up secret",
  async (credential, more) => {
    const look = integration('Look', { url: `${managed.brand.url}/look?of=all`, credential, ...more });
    const call: Interaction = { id: 'c', name: 'c', type: 'integration', integration: 'Look' };
    const document = bot('Own', [dialog('look', starter('s', 'look'), call, says('t', 'Saw {Look.item}.'))], {
      integrations: [look],
    });
    const chat = await managed.chat(await managed.publish(document));
    await chat.say('look');
    await chat.hears('Saw Lantern.');
    const script = await recorded(managed, chat, [document]);
    expect(script.setup).toEqual({ credentials: { [credential]: { accessToken: 'made-up-secret' } } });
    expect(JSON.stringify(script)).not.toContain('canary');
    const done = await run(document, script);
    expect({ failure: done.failure, notes: done.notes }).toEqual({ failure: undefined, notes: [] });
  },
);

test('files are left out and told of; after one that was refused the script goes on as the conversation did', async () => {
  const ask: Interaction = {
    id: 'u',
    name: 'u',
    type: 'file_upload',
    text: 'Send it.',
    accept: ['pdf'],
    integration: 'Take',
  };
  const take = integration('Take', { type: 'file', url: `${managed.brand.url}/files` });
  const dialogs = [
    dialog('send', starter('s', 'send'), ask, says('t', 'Filed.')),
    dialog('hello', starter('h', 'hi'), says('h-t', 'Hello.')),
  ];
  const document = bot('Files', dialogs, { integrations: [take] });
  const chat = await managed.chat(await managed.publish(document));
  await chat.say('send');
  await chat.hears('Send it.');
  await managed.runtime.acceptFile(chat.session, { name: 'a.exe', bytes: Buffer.from('MZ') });
  await chat.hears('The file type is invalid');
  await chat.say('hi');
  await chat.quiet();
  const refused = await recorded(managed, chat, [document]);
  expect(refused.turns.filter((turn) => 'say' in turn)).toEqual([{ say: 'send' }, { say: 'hi' }]);
  expect(refused.notes).toMatch(/sent a file \("a.exe"\).* left out with what the bot said to it\.$/);
  expect((await run(document, refused)).failure).toBeUndefined();
  await managed.runtime.acceptFile(chat.session, { name: 'a.pdf', bytes: Buffer.from('%PDF-1.7') });
  await chat.hears('Filed.');
  const taken = await recorded(managed, chat, [document]);
  expect(taken).toMatchObject({ turns: refused.turns, apis: [], expectApiCalls: [] });
  expect(taken.notes).toContain('Here the bot waits for it');
});

test('calls that were blocked, by the network or by their credential, are told of', async () => {
  const integrations = [
    integration('Inside', { url: 'http://10.0.0.1/look' }),
    integration('Elsewhere', { url: 'https://elsewhere.example/', credential: 'orders', scope: 'orders.read' }),
  ];
  const call = (name: string): Interaction => ({ id: name, name, type: 'integration', integration: name });
  const dialogs = [
    dialog('one', starter('one-s', 'one'), call('Inside')),
    dialog('two', starter('two-s', 'two'), call('Elsewhere')),
  ];
  const document = bot('Blocked', dialogs, { integrations });
  const chat = await managed.chat(await managed.publish(document));
  await chat.say('one');
  await chat.say('two');
  const { notes } = await recorded(managed, chat, [document]);
  expect(notes).toContain('Inside had no answer (blocked)');
  expect(notes).toContain('Elsewhere was blocked (The credential "orders" does not name this URL\'s origin)');
});
