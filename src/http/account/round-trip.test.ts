import * as fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { anyDocument } from '../../bot/any-document.test-parts.ts';
import { checkDocument } from '../../bot/check.ts';
import { isLivePersonExport } from '../../bot/import/import-liveperson.ts';
import { type Account, startTestServer, type TestServer } from '../server.test-parts.ts';

let server: TestServer;
let account: Account;
beforeAll(async () => {
  server = await startTestServer();
});
afterAll(() => server.close());

/** As text: the order of members is kept, too. */
const documentIn = (body: Record<string, unknown>) => JSON.stringify(body['document']);

test('a document of whatever content comes back from the server as it was sent, through every door', async () => {
  const kinds = new Set<string>();
  await fc.assert(
    fc.asyncProperty(anyDocument, async (document) => {
      account = await server.account();
      for (const { type } of document.dialogs.flatMap(({ interactions }) => interactions)) kinds.add(type);
      expect(checkDocument(document).problems.filter(({ severity }) => severity === 'error')).toEqual([]);
      expect(isLivePersonExport(document)).toBe(false);
      const written = JSON.stringify(document);
      const created = await account.call('POST', '/bots', { json: document });
      expect([created.status, documentIn(created.body)], created.text.slice(0, 300)).toEqual([201, written]);
      const url = `/bots/${String(created.body['id'])}`;
      const read = await account.call('GET', url);
      expect(documentIn(read.body)).toBe(written);
      const again = await account.call('PUT', url, { json: read.body['document'] });
      expect(documentIn(again.body)).toBe(written);
      const { body: imported } = await account.call('POST', '/bots/import', { json: document });
      expect([imported['report'], documentIn(Object(imported['bot']))]).toEqual([null, written]);
    }),
    { numRuns: 60 },
  );
  expect(kinds.size).toBeGreaterThan(10);
});
