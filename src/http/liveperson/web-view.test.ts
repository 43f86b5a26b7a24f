import { createHash } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { isObject, startTestServer, type TestServer } from '../server.test-parts.ts';

let server: TestServer;
let bot: string;
let closedBot: string;
beforeAll(async () => {
  server = await startTestServer();
  const account = await server.account();
  const published = async (more: object) => {
    const id = await account.create('/bots', document(more));
    await account.create(`/bots/${id}/publish`, {});
    return id;
  };
  bot = await published({ web_view_api: true });
  closedBot = await published({});
});
afterAll(() => server.close());

const path = '/thirdparty-services-0.1/webview';

function document(more: object) {
  const interactions = [
    { id: 's', name: 's', type: 'starter', patterns: ['form done'] },
    { id: 't', name: 't', type: 'text', text: 'Thank you for the form.' },
  ];
  const dialogs = [{ id: 'd', name: 'd', type: 'standard', interactions }];
  return { format: 'errand.bot/1', name: 'Form', dialogs, integrations: [], ...more };
}

async function open(of = bot) {
  const { body } = await server.call('POST', `/v1/bots/${of}/conversations`, { json: {} });
  return {
    ids: { botId: of, conversationId: String(body['conversation_id']), userId: String(body['consumer_id']) },
    token: String(body['session_token']),
  };
}
type Opened = Awaited<ReturnType<typeof open>>;

const keyOf = ({ ids }: Opened) => createHash('sha256').update(`${ids.conversationId} || ${ids.botId}`).digest('hex');
const send = (chat: Opened, more: object = {}, key = keyOf(chat)) =>
  server.call('POST', path, { headers: { authorization: key }, json: { ...chat.ids, ...more } });

async function state(chat: Opened): Promise<unknown> {
  const row = await server.db.get<{ state: string }>(
    'SELECT state FROM conversation WHERE id = ?',
    chat.ids.conversationId,
  );
  const parsed: unknown = row?.state ? JSON.parse(row.state) : {};
  return isObject(parsed) && isObject(parsed['engine']) ? parsed['engine']['web_view'] : undefined;
}

/** Whatever the conversation's transcript holds once `wanted` is in it. */
async function transcript(chat: Opened, wanted: string) {
  const seen: unknown[] = [];
  while (!JSON.stringify(seen).includes(wanted)) {
    const url = `/v1/conversations/${chat.ids.conversationId}/events?after=${seen.length}&wait=25`;
    const { status, body } = await server.call('GET', url, { token: chat.token });
    expect(status).toBe(200);
    if (Array.isArray(body['events'])) seen.push(...body['events']);
  }
  return seen;
}

test.each([['lower'], ['upper']])(
  'LP-132 LP-133 LP-136 variables and a message are taken, the key in %s case',
  async (letters) => {
    const chat = await open();
    const key = letters === 'upper' ? keyOf(chat).toUpperCase() : keyOf(chat);
    const contextVariables = [
      { name: 'size', value: 'XL' },
      { employeeId: 'x', value: 'no name' },
      { name: 'n', value: 3 },
    ];
    expect(await send(chat, { message: 'form done', contextVariables }, key)).toMatchObject({
      status: 200,
      body: { success: true },
    });
    await transcript(chat, 'Thank you for the form.');
    expect(await state(chat)).toEqual({ size: 'XL', n: '3' });
  },
);

test('LP-137 a message that matches a starter starts its dialog and stands in the transcript, marked', async () => {
  const chat = await open();
  await send(chat, { message: 'form done' });
  expect(await transcript(chat, 'Thank you')).toMatchObject([
    { from: 'consumer', text: 'form done', through: 'web_view' },
    { from: 'bot', text: 'Thank you for the form.' },
  ]);
});

test('a sign-in link that a page sends back is masked before it is kept', async () => {
  const chat = await open();
  const secret = `${'a'.repeat(25)}${'B'.repeat(22)}`;
  const link = `https://desk.example/sign-in/${secret}`;
  await send(chat, { message: `see ${link}`, contextVariables: [{ name: 'from', value: link }] });
  await transcript(chat, '"from":"bot"');
  expect(await state(chat)).toEqual({ from: 'https://desk.example/sign-in/•••' });
  const kept = await Promise.all(
    ['event', 'inbox', 'trace'].map((table) =>
      server.db.all(`SELECT * FROM ${table} WHERE conversation_id = ?`, chat.ids.conversationId),
    ),
  );
  expect(JSON.stringify(kept)).toContain('see https://desk.example/sign-in/•••');
  expect(JSON.stringify(kept)).not.toContain(secret);
});

test('LP-134 a wrong key, a foreign user, a bot that has it off, an unknown conversation: 401 alike, and nothing changed', async () => {
  const chat = await open();
  const off = await open(closedBot);
  const stranger = { ...chat, ids: { ...chat.ids, userId: 'somebody' } };
  const unknown = { ...chat, ids: { ...chat.ids, conversationId: 'conv_none' } };
  const answers = [
    await send(chat, { message: 'form done' }, 'f'.repeat(64)),
    await send(chat, { message: 'form done' }, ''),
    await send(stranger, { message: 'form done' }),
    await send(off, { message: 'form done' }),
    await send(unknown, { message: 'form done' }),
  ];
  for (const answer of answers) expect(answer).toMatchObject({ status: 401, body: { code: 'unauthorized' } });
  expect(new Set(answers.map(({ body }) => body['detail'])).size).toBe(1);
  const events = await server.call('GET', `/v1/conversations/${chat.ids.conversationId}/events`, { token: chat.token });
  expect(events.body['events']).toEqual([]);
});

test.each(['botId', 'conversationId', 'userId'])('LP-135 without %s: 400, and the field is named', async (field) => {
  const chat = await open();
  expect(await send(chat, { [field]: undefined })).toMatchObject({
    status: 400,
    body: { code: 'invalid_body', errors: [{ pointer: `/${field}` }] },
  });
});

test('LP-138 the names of the platform cannot be set from outside', async () => {
  const chat = await open();
  const contextVariables = ['cidp_accessToken', 'external_auth_url', '__proto__', 'mine'].map((name) => ({
    name,
    value: 'x',
  }));
  await send(chat, { contextVariables, message: 'form done' });
  await transcript(chat, 'Thank you');
  expect(await state(chat)).toEqual({ mine: 'x' });
});

test('what comes this way is never a sign-out or an answer to the platform', async () => {
  const chat = await open();
  await send(chat, { message: 'sign out' });
  const seen = await transcript(chat, '"bot"');
  expect(JSON.stringify(seen)).toContain('Not able to understand your question');
});

test('pages of any site may call it, without cookies', async () => {
  const preflight = await server.call('OPTIONS', path, {
    headers: {
      origin: 'https://form.example',
      'access-control-request-method': 'POST',
      'access-control-request-headers': 'authorization,content-type',
    },
  });
  expect(preflight).toMatchObject({ status: 204, headers: { 'access-control-allow-origin': '*' } });
  expect(preflight.headers).not.toHaveProperty('access-control-allow-credentials');
});
