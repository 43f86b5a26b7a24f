import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { BotDocument } from '../bot/document.ts';
import { importLivePerson } from '../bot/import/import-liveperson.ts';
import { snippet } from './order-bot.test-parts.ts';
import { type RuntimeStage, setRuntimeStage } from './stage.test-parts.ts';

let stage: RuntimeStage;
beforeAll(async () => {
  stage = await setRuntimeStage({ credential: { mode: 'recipe' } });
  await stage.runtime.start();
});
afterAll(() => stage.close());

/** The seed's dialog as it is exported, towards the stage's brand, with an answer to show at its end. */
function asExport(brand: string): BotDocument {
  const text = readFileSync(new URL('../bot/import/fixtures/seed-dialog.json', import.meta.url), 'utf8')
    .replace('https://api.brand.example/me/orders', `${brand}/orders`)
    .replace('{$.api_Orders.items[i].id}', '{$.api_Orders.item}')
    .replace(
      '"interactionType": "TEXT"',
      '"interactionType": "TEXT", "content": {"results": {"tile": {"tileData": [{"text": "It is a {Orders.id}."}]}}}',
    );
  return importLivePerson(JSON.parse(text), { credentials: [{ name: 'orders', mode: 'recipe' }] }).document;
}

/** The same dialog as an author writes it in a bot document. */
const asDocument = (brand: string): BotDocument => ({
  format: 'errand.bot/1',
  name: 'The seed',
  dialogs: [
    {
      id: 'orders',
      name: 'Orders',
      type: 'standard',
      interactions: [
        { id: 'ask', name: 'start', type: 'starter', patterns: ['*my orders*'] },
        {
          id: 'call',
          name: 'get_orders',
          type: 'integration',
          integration: 'Orders',
          pre_process: snippet,
          rules: [
            { when: { match: 'api_result', status: 'failure' }, then: { go: 'interaction', id: 'login' } },
            { when: { match: 'api_result', status: 'success' }, then: { go: 'interaction', id: 'answer' } },
          ],
        },
        {
          id: 'login',
          name: 'login',
          type: 'button_question',
          text: 'Please verify',
          buttons: [
            {
              label: 'Login',
              type: 'link',
              callback: '{$botContext.external_auth_url}',
              target: 'new_window',
              webview: 'full',
            },
          ],
        },
        { id: 'answer', name: 'show', type: 'text', text: 'It is a {Orders.id}.' },
      ],
    },
  ],
  integrations: [
    {
      id: 'orders',
      name: 'Orders',
      type: 'api',
      method: 'GET',
      url: `${brand}/orders`,
      headers: [{ key: 'Authorization', value: 'Bearer {$botContext.cidp_accessToken}' }],
      credential: 'orders',
      response_variable: 'Orders',
      fields: [{ key: 'id', value: '{$.api_Orders.item}' }],
    },
  ],
});

/** What a consumer and the brand see of the whole errand, without what differs each time. */
async function errand(document: BotDocument): Promise<{ events: string[]; headers: string[] }> {
  const before = stage.brand.requests().length;
  const chat = await stage.chat(await stage.publish(document));
  stage.brand.misbehave('unauthorized', { times: 1 });
  await chat.say('show me my orders');
  await chat.hears('Please verify');
  await chat.signIn();
  await chat.hears('It is a Lantern.');
  await chat.say('my orders again');
  await chat.hears('It is a Lantern.', 2);
  await chat.say('zzz');
  await chat.quiet();
  const events = (await chat.events()).map((event) =>
    JSON.stringify({ ...event, at: '' }).replace(/\/sign-in\/[\w-]+|att_\w+/g, '…'),
  );
  const sent = stage.brand.requests().slice(before);
  return { events, headers: sent.map(({ headers }) => String(headers['authorization']).replace(/[\w-]{20,}$/, '…')) };
}

test('LP-14 LP-156 LP-158 the seed’s dialog as an export and as a bot document: the same to see, the same requests', async () => {
  const exported = await errand(asExport(stage.brand.url));
  const written = await errand(asDocument(stage.brand.url));
  expect(written).toEqual(exported);
  expect(exported.headers).toEqual(['Bearer {$botContext.cidp_accessToken}', 'Bearer …', 'Bearer …']);
  expect(exported.events.some((event) => event.includes('"label":"Login"'))).toBe(true);
});
