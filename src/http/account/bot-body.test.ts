import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Account, greeter, startTestServer, type TestServer } from '../server.test-parts.ts';

let server: TestServer;
let account: Account;
let bot: string;
beforeAll(async () => {
  server = await startTestServer();
  account = await server.account();
  bot = await account.create('/bots', greeter());
});
afterAll(() => server.close());

const { format: _, ...formless } = greeter();
const embed_origins = ['https://shop.example'];

test('what has a member of a document or an export is one, and is told where it is wrong', async () => {
  const cases: [object, string][] = [
    [formless, '/format'],
    [{ ...greeter(), format: 'errand.bot/9' }, '/format'],
    [{ dialogs: [] }, '/format'],
    [{ integrations: [] }, '/format'],
    [{ global_functions: 'x' }, '/dialogs'],
    [{ ...formless, embed_origins }, '/format'],
    [{ conversationMessage: 'x' }, '/conversationMessage'],
    [{ groups: [] }, '/conversationMessage'],
    [{ responder: [], bot: { name: 'B' } }, '/conversationMessage'],
  ];
  const unknown = { ...greeter(), embed_origin: [] };
  for (const [json, pointer] of [...cases, [unknown, '/embed_origin'] as const])
    for (const [method, path] of [
      ['POST', '/bots'],
      ['POST', '/bots/import'],
      ['PUT', `/bots/${bot}`],
    ] as const) {
      const answer = await account.call(method, path, { json });
      const errors = expect.arrayContaining([expect.objectContaining({ pointer })]);
      expect(answer, answer.text).toMatchObject({ status: 422, body: { code: 'invalid_document', errors } });
    }
});

test('a name alone is no bot to create, and a new name of the one there is', async () => {
  expect(await account.call('POST', '/bots', { json: { name: 'Minimal' } })).toMatchObject({
    status: 422,
    body: { code: 'invalid_document', errors: [{ pointer: '/format' }] },
  });
  const renamed = await account.call('PUT', `/bots/${bot}`, { json: { name: 'Renamed' } });
  expect(renamed).toMatchObject({ status: 200, body: { name: 'Renamed', document: greeter() } });
});

test('embed_origins stand around a document or beside its members', async () => {
  const beside = await account.call('POST', '/bots', { json: { ...greeter(), embed_origins } });
  expect(beside).toMatchObject({ status: 201, body: { embed_origins } });
  expect(beside.body['document']).toEqual(greeter());
  const one = `/bots/${String(beside.body['id'])}`;
  expect(await account.call('PUT', one, { json: greeter() })).toMatchObject({ status: 200, body: { embed_origins } });
  const none = await account.call('PUT', one, { json: { ...greeter(), embed_origins: [] } });
  expect(none).toMatchObject({ status: 200, body: { embed_origins: [] } });
  const exported = { conversationMessage: [], bot: { name: 'Exported' }, embed_origins };
  expect(await account.call('POST', '/bots', { json: exported })).toMatchObject({
    status: 201,
    body: { name: 'Exported', embed_origins },
  });
  for (const wrong of [['https://shop.example/'], 'x', [1]])
    expect((await account.call('POST', '/bots', { json: { ...greeter(), embed_origins: wrong } })).status).toBe(400);
});
