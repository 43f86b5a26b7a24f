import { expect, test } from 'vitest';
import { patternWords } from '../api/pattern-words.ts';
import { startTestServer } from './server.test-parts.ts';

test('every pattern of the API is told in words, and a choice in its values', async () => {
  const server = await startTestServer();
  const { text } = await server.call('GET', '/openapi.json');
  const patterns = [...text.matchAll(/"pattern":("(?:[^"\\]|\\.)*")/g)].map(([, json]) =>
    String(JSON.parse(json ?? '')),
  );
  expect(patterns.length).toBeGreaterThan(10);
  expect(patterns.filter((pattern) => !Object.hasOwn(patternWords, pattern))).toEqual([]);

  const account = await server.account();
  const provider = { name: 'x', issuer: 'https://a.example', client_id: 'x', pkce: 5, token_endpoint_auth_method: 'x' };
  expect((await account.call('POST', '/identity-providers', { json: provider })).body['errors']).toEqual([
    {
      pointer: '/token_endpoint_auth_method',
      detail: 'must be one of "client_secret_basic", "client_secret_post", "none"',
    },
    { pointer: '/pkce', detail: 'must be one of "S256", "off"' },
  ]);
  const bot = await server.publishedBot(account);
  const conversation = await server.call('POST', `/v1/bots/${bot}/conversations`, { json: { channel: 'sms' } });
  expect(conversation.body['errors']).toEqual([{ pointer: '/channel', detail: 'must be one of "web", "text"' }]);
  const opened = await server.call('POST', `/v1/bots/${bot}/conversations`, { json: {} });
  const events = `/v1/conversations/${String(opened.body['conversation_id'])}/events?wait=99`;
  const waited = await server.call('GET', events, { token: String(opened.body['session_token']) });
  expect(waited.body['errors']).toEqual([{ pointer: '/wait', detail: 'must be a whole number from 0 to 25' }]);
  const settings = await account.call('POST', '/bots', { json: { nme: 'x', embed_origins: ['foo'] } });
  expect(settings.body['errors']).toEqual([
    { pointer: '/nme', detail: 'unknown field' },
    { pointer: '/embed_origins/0', detail: 'must be an origin such as https://api.brand.example' },
  ]);
  await server.close();
});
