import { expect, test } from 'vitest';
import { startTestServer } from './server.test-parts.ts';

test('LD-06: a flood of one kind is refused with when to come back, and other kinds go on', async () => {
  const server = await startTestServer({ config: { rateLimits: { conversations: 3, messages: 2 } } });
  const bot = await server.publishedBot(await server.account());
  const open = () => server.call('POST', `/v1/bots/${bot}/conversations`, { json: {} });
  const opened = [await open(), await open(), await open()];
  expect(opened.map(({ status }) => status)).toEqual([201, 201, 201]);
  const refused = await open();
  expect(refused).toMatchObject({
    status: 429,
    body: { code: 'rate_limited' },
    headers: { 'retry-after': expect.stringMatching(/^\d+$/) },
  });
  const say = (at: number, id: string) =>
    server.call('POST', `/v1/conversations/${opened[at]?.body['conversation_id']}/messages`, {
      token: String(opened[at]?.body['session_token']),
      json: { id, text: 'hi' },
    });
  expect([(await say(0, 'a')).status, (await say(0, 'b')).status, (await say(0, 'c')).status]).toEqual([202, 202, 429]);
  expect((await say(1, 'a')).status).toBe(202);
  await server.close();
});
