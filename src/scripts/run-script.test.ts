import { expect, test } from 'vitest';
import type { Interaction } from '../bot/document.ts';
import { botOf, dialogOf, getItem, rehearsing } from './script.test-parts.ts';

const { run } = rehearsing();

const text = (id: string, says: string, more: object = {}): Interaction => ({
  id,
  name: id,
  type: 'text',
  text: says,
  ...more,
});
const asks = (id: string, says: string, more: object = {}): Interaction => ({
  id,
  name: id,
  type: 'text_question',
  text: says,
  ...more,
});
const calls: Interaction = {
  id: 'call',
  name: 'call',
  type: 'integration',
  integration: 'Item',
  rules: [{ when: { match: 'api_result', status: 'failure' }, then: { go: 'interaction', id: 'none' } }],
};

const shop = botOf(
  [
    dialogOf(
      'find',
      'find *',
      asks('which', 'Which number?', {
        rules: [{ set: [{ name: 'number', value: '{$userMessage}', scope: 'session' }], then: { go: 'next' } }],
      }),
      calls,
      text('found', 'It is a {Item.name}.', { next: { go: 'end' } }),
      text('none', 'There is no such item.', { next: { go: 'end' } }),
    ),
    dialogOf('bye', 'bye', text('farewell', 'Good bye.', { next: { go: 'close_conversation' } })),
  ],
  { integrations: [getItem] },
);
const lantern = { match: { method: 'GET', urlContains: '/items/7' }, status: 200, json: { name: 'Lantern' } };

test('a conversation with a call passes, and what was sent is what the author wrote', async () => {
  const done = await run(shop, {
    apis: [lantern],
    expectApiCalls: [
      { method: 'GET', urlContains: 'https://brand.example/items/7', headerContains: { Accept: 'json' } },
    ],
    turns: [
      { say: 'find something' },
      { expect: [{ text: 'Which number?' }] },
      { say: '7' },
      { expect: [{ contains: ['a Lantern'] }] },
    ],
  });
  expect(done).toMatchObject({ passed: true, notes: [], heard: 2 });
});

test('a call that no entry answers fails with 404, and the script says so', async () => {
  const done = await run(shop, {
    apis: [lantern],
    turns: [{ say: 'find it' }, { say: '8' }, { expect: [{ text: 'There is no such item.' }] }],
  });
  expect(done.passed).toBe(true);
  expect(done.notes).toEqual(['GET https://brand.example/items/8 was answered with 404: no entry of apis fits it']);
});

test('the turn that fails is told with what was expected and what came', async () => {
  const done = await run(shop, { turns: [{ say: 'find' }, { say: 'find it' }, { expect: [{ text: 'What?' }] }] });
  expect(done.failure).toEqual({
    turn: 3,
    what: 'messages',
    expected: [{ text: 'What?' }],
    got: [{ text: 'Which number?' }],
  });
});

test('a message more than expected is a failure, and so is one less', async () => {
  const more = await run(shop, { turns: [{ say: 'find it' }, { expect: [] }] });
  expect(more.failure).toMatchObject({ turn: 2, got: [{ text: 'Which number?' }] });
  const less = await run(shop, { turns: [{ say: 'find it' }, { expect: [{}, {}] }] });
  expect(less.passed).toBe(false);
});

test('calls that were expected and not made fail the script at its end; each call stands for one', async () => {
  const turns = [{ say: 'find it' }, { say: '7' }];
  const two = [{ urlContains: '/items' }, { urlContains: '/items/7' }];
  expect((await run(shop, { apis: [lantern], expectApiCalls: two, turns })).failure).toMatchObject({
    turn: 3,
    what: 'calls',
  });
  const twice = [...turns, { say: 'find it' }, { say: '7' }];
  expect((await run(shop, { apis: [lantern], expectApiCalls: two, turns: twice })).passed).toBe(true);
});

test('after its close the bot is silent, and the close is an event', async () => {
  const done = await run(shop, {
    turns: [
      { say: 'bye' },
      { expect: [{ text: 'Good bye.' }], events: [['close_conversation']] },
      { say: 'find it' },
      { expect: [] },
    ],
  });
  expect(done.failure).toBeUndefined();
});

test('events are a subset in order; one that has not happened fails the turn', async () => {
  const done = await run(shop, { turns: [{ say: 'bye' }, { expect: [{}], events: [['close_dialog']] }] });
  expect(done.failure).toMatchObject({ what: 'events', got: [['close_conversation']] });
});

test('advance moves the clock: a session ends, and nothing is said by itself', async () => {
  const done = await run(shop, {
    turns: [
      { say: 'find it' },
      { expect: [{ text: 'Which number?' }] },
      { advance: 61 * 60_000 },
      { expect: [] },
      { say: '7' },
      { expect: [{}] },
    ],
  });
  expect(done.passed).toBe(true);
  expect(done.trace.some(({ kind }) => kind === 'call')).toBe(false);
});

test('hooks run in the jail, at the time of the script and with its environment', async () => {
  const code = `botContext.printDebugMessage('on ' + new Date().toISOString().slice(0, 10));
    botContext.setBotVariable('x', Math.random(), true, false);`;
  const bot = botOf([dialogOf('a', 'a', text('t', '{$env.greeting} {$botContext.x}', { pre_process: code }))]);
  const script = {
    setup: { environment: { greeting: 'Hei' } },
    turns: [{ say: 'a' }, { expect: [{ contains: 'Hei 0.' }] }],
  };
  const [one, other] = [await run(bot, script), await run(bot, script)];
  expect(one.failure).toBeUndefined();
  const said = ({ trace }: typeof one) => trace.filter(({ kind }) => kind === 'message').map((item) => item.text);
  expect(said(one)).toEqual(said(other));
  expect(JSON.stringify(one.trace)).toContain('on 2026-01-05');
});

test('a tapped button posts what the platform posts; one that is not there names those that are', async () => {
  const replies = [{ title: ' Yes ', payload: 'bye' }, { title: 'No' }];
  const bot = botOf([
    dialogOf(
      'q',
      'q',
      {
        id: 'qr',
        name: 'qr',
        type: 'quick_reply',
        text: 'Well?',
        replies,
        rules: [{ when: { match: 'pattern', patterns: ['bye'] }, then: { go: 'next' } }],
      },
      text('t', 'Bye.'),
    ),
  ]);
  const passed = await run(bot, {
    turns: [
      { say: 'q' },
      { expect: [{ text: 'Well?', buttons: ['Yes', 'No'] }] },
      { tap: 'Yes' },
      { expect: [{ text: 'Bye.' }] },
    ],
  });
  expect(passed.failure).toBeUndefined();
  const failed = await run(bot, { turns: [{ say: 'q' }, { tap: 'Perhaps' }] });
  expect(failed.failure).toEqual({
    turn: 2,
    what: 'tap',
    expected: 'Perhaps',
    got: expect.arrayContaining(['Yes', 'No']),
  });
});

test('each script has a fresh consumer: nothing is left of another one', async () => {
  const bot = botOf([
    dialogOf('set', 'set', text('s', 'Set.', { pre_process: "botContext.setBotVariable('kept', 'old', true, true);" })),
    dialogOf('get', 'get', text('g', 'Kept: {$botContext.kept}')),
  ]);
  await run(bot, { turns: [{ say: 'set' }, { expect: [{}] }] });
  const done = await run(bot, { turns: [{ say: 'get' }, { expect: [{ text: 'Kept: {$botContext.kept}' }] }] });
  expect(done.failure).toBeUndefined();
});

test('a credential of the account carries the token that the script gives', async () => {
  const bot = botOf(shop.dialogs, { integrations: [{ ...getItem, credential: 'import:abc' }] });
  const done = await run(bot, {
    setup: { credentials: { abc: { securityProtocol: 'OAUTH2', accessToken: 'sheet-token' } } },
    apis: [{ ...lantern, match: { urlContains: '/7', headerContains: { authorization: 'Bearer sheet-token' } } }],
    turns: [{ say: 'find it' }, { say: '7' }, { expect: [{ text: 'It is a Lantern.' }] }],
  });
  expect(done.failure).toBeUndefined();
});

test('to say what a button in view posts is to tap it: scripts see its payload', async () => {
  const replies = [{ title: 'Yes', payload: 'the yes' }];
  const code = "botContext.setBotVariable('p', String(botContext.getQuickReplyPayload()), true, false);";
  const quick: Interaction = {
    id: 'qr',
    name: 'qr',
    type: 'quick_reply',
    text: 'Well?',
    replies,
    process_user_response: code,
  };
  const bot = botOf([dialogOf('q', 'q', quick, text('t', 'Payload: {$botContext.p}'))]);
  const said = await run(bot, {
    turns: [{ say: 'q' }, { say: 'the yes' }, { expect: [{ text: 'Payload: the yes' }] }],
  });
  expect(said.failure).toBeUndefined();
  const typed = await run(bot, { turns: [{ say: 'q' }, { say: 'yes!' }, { expect: [{ text: 'Payload: null' }] }] });
  expect(typed.failure).toBeUndefined();
});

test('a hand-over to people is taken, and then the bot is silent; or it fails, where the script says so', async () => {
  const people: Interaction = { id: 'p', name: 'p', type: 'transfer', text: 'One moment.', skill: 'orders' };
  const bot = botOf([dialogOf('human', 'human', people), dialogOf('hi', 'hi', text('t', 'Hello.'))]);
  const taken = await run(bot, {
    turns: [
      { say: 'human' },
      { expect: [{ text: 'One moment.' }], events: [['transfer', 'orders']] },
      { say: 'hi' },
      { expect: [] },
    ],
  });
  expect(taken.failure).toBeUndefined();
  const refused = await run(bot, {
    setup: { transfer: 'fail' },
    turns: [{ say: 'human' }, { expect: [{}, {}] }, { say: 'hi' }, { expect: [{ text: 'Hello.' }] }],
  });
  expect(refused.failure).toBeUndefined();
});

test('what setup.nlu says of an utterance starts by intent', async () => {
  const starter: Interaction = { id: 's', name: 's', type: 'starter', intent: 'order-7' };
  const bot = botOf([{ id: 'd', name: 'd', type: 'standard', interactions: [starter, text('t', 'Ordered.')] }]);
  const setup = { nlu: [{ utterance: 'Bring me one', intentId: 'order-7' }] };
  const done = await run(bot, { setup, turns: [{ say: 'bring me  one' }, { expect: [{ text: 'Ordered.' }] }] });
  expect(done.failure).toBeUndefined();
});

test('a conversation is handed to another bot of the account', async () => {
  const front = botOf([
    dialogOf('paint', 'paint', { id: 'r', name: 'r', type: 'route', bot: 'Painter' }),
    dialogOf('hi', 'hi', text('h', 'Hello.')),
  ]);
  const painter = botOf([dialogOf('p', 'paint*', text('t', 'Painted.'))], { name: 'Painter' });
  const script = {
    turns: [{ say: 'hi' }, { expect: [{ text: 'Hello.' }] }, { say: 'paint' }, { expect: [{ text: 'Painted.' }] }],
  };
  expect((await run(front, script, [painter])).failure).toBeUndefined();
  expect((await run(front, script)).passed).toBe(false);
});

test('LP-143 a tap posts the metadata of what was tapped, as it does in the chat', async () => {
  const click = { metadata: [{ type: 'ExternalId', id: 'row-7' }], actions: [{ type: 'publishText', text: 'buy it' }] };
  const content = JSON.stringify({ type: 'vertical', elements: [{ type: 'button', title: 'Buy', click }] });
  const card: Interaction = {
    id: 'card',
    name: 'card',
    type: 'universal',
    content,
    process_user_response: "botContext.sendMessage(JSON.stringify(botContext.getMetadata('ExternalId')));",
  };
  const done = await run(botOf([dialogOf('shop', 'shop', card, text('t', 'Bought.'))]), {
    turns: [
      { say: 'shop' },
      { expect: [{ buttons: ['Buy'] }] },
      { tap: 'Buy' },
      { expect: [{ contains: 'row-7' }, { text: 'Bought.' }] },
    ],
  });
  expect(done.failure).toBeUndefined();
});
