import { createHmac } from 'node:crypto';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import type { Integration } from '../bot/document.ts';
import { calls, dialog, integration, says, starter } from './order-bot.test-parts.ts';
import { type Chat, type RuntimeStage, setRuntimeStage } from './stage.test-parts.ts';
import { keepCredential, signingSecret } from './static-credential.test-parts.ts';

const token = 'tok_canary-4f9b21aa77';
const password = 'pass-canary:öé-9931';
const apiKey = 'key-canary/5521&x=1';

let stage: RuntimeStage;
beforeAll(async () => {
  stage = await setRuntimeStage();
  const origins = [stage.brand.url];
  await keepCredential(stage, {
    name: 'token',
    type: 'access_token',
    secret: token,
    document: { origins, token_type: 'Token', header: 'Authorization' },
  });
  await keepCredential(stage, {
    name: 'elsewhere',
    type: 'access_token',
    secret: token,
    document: { origins: ['https://other.example'], token_type: 'Bearer', header: 'Authorization' },
  });
  await keepCredential(stage, {
    name: 'query',
    type: 'access_token',
    secret: apiKey,
    document: { origins, parameter: 'api_key' },
  });
  await keepCredential(stage, {
    name: 'basic',
    type: 'basic',
    secret: password,
    document: { origins, user_name: 'errand' },
  });
  await keepCredential(stage, {
    name: 'signing',
    type: 'webhook_signing',
    secret: signingSecret,
    document: { origins },
  });
  await keepCredential(stage, {
    name: 'signing elsewhere',
    type: 'webhook_signing',
    secret: signingSecret,
    document: { origins: ['https://other.example'] },
  });
  await keepCredential(stage, {
    name: "another account's",
    type: 'access_token',
    secret: token,
    document: { origins, token_type: 'Bearer', header: 'Authorization' },
    account_id: await anotherAccount(),
  });
  await stage.runtime.start();
});
afterAll(() => stage.close());
afterEach(() => stage.brand.misbehave());

async function anotherAccount(): Promise<string> {
  await stage.db.write((tx) => tx.run("INSERT INTO account (id, name, created_at) VALUES ('stranger', 'S', 1)"));
  return 'stranger';
}

/** One call of an integration, and what the brand got. */
async function call(more: Partial<Integration>): Promise<{ chat: Chat; heard: string; sent: Sent | undefined }> {
  const before = stage.brand.requests().length;
  const bot = await stage.publish({
    format: 'errand.bot/1',
    name: 'Desk',
    dialogs: [dialog('d', starter('s', 'go *'), calls('c', 'Brand'), says('t', 'It is a {Brand.item}.'))],
    integrations: [integration('Brand', { url: `${stage.brand.url}/x`, ...more })],
  });
  const chat = await stage.chat(bot);
  await chat.say('go "now"');
  await chat.quiet();
  return { chat, heard: (await chat.texts()).join('|'), sent: stage.brand.requests()[before] };
}

type Sent = ReturnType<RuntimeStage['brand']['requests']>[number];

describe('a credential with a secret of the account', () => {
  test('LP-31 an access token goes out under its free-text type, in place of a header of the author', async () => {
    const { sent, heard } = await call({
      credential: 'token',
      headers: [{ key: 'Authorization', value: 'Bearer mine' }],
    });
    expect(sent?.headers['authorization']).toBe(`Token ${token}`);
    expect(heard).toBe('It is a Lantern.');
  });

  test('LP-30 basic builds its header from user and password', async () => {
    const { sent } = await call({ credential: 'basic' });
    expect(sent?.headers['authorization']).toBe(`Basic ${Buffer.from(`errand:${password}`).toString('base64')}`);
  });

  test('an API that takes its key in the query gets it there, and only there', async () => {
    const { sent, chat } = await call({ credential: 'query', parameters: [{ key: 'q', value: '1' }] });
    expect(sent?.path).toBe(`/x?q=1&api_key=${encodeURIComponent(apiKey)}`);
    expect(JSON.stringify(await chat.trace())).not.toContain('5521');
    const twice = await call({ credential: 'query', parameters: [{ key: 'api_key', value: '1' }] });
    expect(twice.sent).toBeUndefined();
  });

  test('it goes to its exact origins only, and to no other account', async () => {
    for (const credential of ['elsewhere', 'signing elsewhere', "another account's", 'nobody']) {
      const type = credential.startsWith('signing') ? 'function' : 'api';
      const { sent, heard } = await call({ credential, type });
      expect(sent, credential).toBeUndefined();
      expect(heard, credential).toMatch(/not set up correctly|could not find anything/);
    }
  });

  test.each(['token', 'basic', 'query', 'signing'])(
    'LP-95 TK-13 the secret of "%s" shows nowhere, also where the brand echoes it',
    async (credential) => {
      stage.brand.misbehave('echo');
      const { chat } = await call({ credential, ...(credential === 'signing' ? { type: 'function' } : {}) });
      const shown = JSON.stringify([await chat.events(), await chat.trace(), await chat.row(), stage.logged]);
      const steps = JSON.stringify(await stage.db.all('SELECT * FROM step'));
      const kept = JSON.stringify(await stage.db.all('SELECT * FROM credential'));
      const encoded = Buffer.from(`errand:${password}`).toString('base64');
      for (const secret of [token, password, apiKey, encoded, signingSecret]) {
        for (const form of [secret, encodeURIComponent(secret), JSON.stringify(secret).slice(1, -1)]) {
          expect(`${shown}${steps}${kept}`).not.toContain(form);
        }
      }
      expect(shown).toContain('•••');
    },
  );
});

describe('a function', () => {
  const definition: Partial<Integration> = { type: 'function', method: 'GET', credential: 'signing' };

  test('is a signed webhook: the receiver verifies it with the secret that both know', async () => {
    const { sent, chat } = await call({ ...definition, body: '{"said": "{$userMessage}", "n": 1}' });
    expect(sent?.method).toBe('POST');
    const { conversation_id, account_id } = { ...(await chat.row()), conversation_id: chat.conversation_id };
    const row = await chat.row();
    expect(JSON.parse(sent?.body ?? '')).toEqual({
      conversation_id,
      bot_id: row.bot_id,
      account_id,
      locale: 'en',
      payload: { said: 'go "now"', n: 1 },
    });
    const { 'webhook-id': id, 'webhook-timestamp': at, 'webhook-signature': signature } = sent?.headers ?? {};
    const key = Buffer.from(signingSecret.slice('whsec_'.length), 'base64');
    const expected = createHmac('sha256', key).update(`${id}.${at}.${sent?.body}`).digest('base64');
    expect(signature).toBe(`v1,${expected}`);
    expect(id).toBe(sent?.headers['idempotency-key']);
    expect(Math.abs(Date.now() / 1000 - Number(at))).toBeLessThan(60);
  });

  test('its answer is kept as that of an API', async () => {
    const { heard, chat } = await call(definition);
    expect(heard).toBe('It is a Lantern.');
    expect(JSON.stringify(await chat.trace())).toContain('"outcome":"success"');
  });

  test('without a body it is given the variables that its input schema names, and no others', async () => {
    const input_schema = { type: 'object', properties: { colour: { type: 'string' }, unset: {}, __proto__x: {} } };
    const before = stage.brand.requests().length;
    const bot = await stage.publish({
      format: 'errand.bot/1',
      name: 'Desk',
      dialogs: [
        dialog(
          'd',
          starter('s', 'go'),
          {
            id: 'q',
            name: 'q',
            type: 'text_question',
            text: 'Colour?',
            rules: [
              {
                then: { go: 'next' },
                set: [
                  { name: 'colour', value: '{$userMessage}', scope: 'session' },
                  { name: 'private', value: 'x', scope: 'session' },
                ],
              },
            ],
          },
          calls('c', 'Brand'),
        ),
      ],
      integrations: [integration('Brand', { url: `${stage.brand.url}/f`, ...definition, input_schema })],
    });
    const chat = await stage.chat(bot);
    await chat.say('go');
    await chat.hears('Colour?');
    await chat.say('red');
    await chat.quiet();
    expect(JSON.parse(stage.brand.requests()[before]?.body ?? '{}')).toMatchObject({ payload: { colour: 'red' } });
    expect(stage.brand.requests()[before]?.body).not.toContain('private');
  });

  test('without a signing credential it is not called, and the trace says what to do', async () => {
    for (const credential of [undefined, 'token']) {
      const { sent, chat } = await call({ type: 'function', ...(credential ? { credential } : {}) });
      expect(sent).toBeUndefined();
      expect(JSON.stringify(await chat.trace())).toContain('webhook_signing');
    }
  });

  test('I4 it is posted once when nobody knows what became of it, whatever its method says', async () => {
    const before = stage.brand.requests().length;
    stage.brand.misbehave('reset');
    const { heard } = await call(definition);
    expect(stage.brand.requests().length).toBe(before + 1);
    expect(heard).toContain('did not send it again');
  });

  test('every try of a repeatable one is signed anew under the same id', async () => {
    const before = stage.brand.requests().length;
    stage.brand.misbehave('status_500', { times: 1 });
    const { heard } = await call({ ...definition, repeatable: true });
    expect(heard).toBe('It is a Lantern.');
    const tries = stage.brand.requests().slice(before);
    expect(tries.length).toBe(2);
    expect(new Set(tries.map(({ headers }) => headers['webhook-id'])).size).toBe(1);
  });
});
