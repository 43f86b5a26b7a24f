import { benchBots, type BotName } from './bots.ts';

export type BotIds = Record<BotName, string>;

/** Everything over the HTTP API: an account, the stub as its provider and brand, one published bot of each kind. */
export async function setUp(at: { url: string; adminKey: string; brand: string }): Promise<BotIds> {
  const account = await post(`${at.url}/v1/accounts`, at.adminKey, { name: 'Bench' });
  const create = (path: string, body: object) =>
    post(`${at.url}/v1/accounts/${account.id}${path}`, account.api_key ?? '', body);
  const provider = await create('/identity-providers', {
    name: 'Stub',
    authorization_endpoint: `${at.brand}/authorize`,
    token_endpoint: `${at.brand}/token`,
    public_key: 'CONSUMER_DELEGATION',
    client_id: 'bench',
    client_secret: 'bench',
  });
  await create('/credentials', {
    name: 'Brand',
    type: 'consumer_authentication',
    identity_provider_id: provider.id,
    scope: 'orders',
    origins: [at.brand],
  });
  const ids: BotIds = { text: '', script: '', order: '' };
  for (const name of ['text', 'script', 'order'] as const) {
    const { id } = await create('/bots', benchBots(at.brand)[name]);
    await create(`/bots/${id}/publish`, {});
    ids[name] = id;
  }
  return ids;
}

interface Made {
  id: string;
  api_key?: string;
}

async function post(url: string, key: string, body: object): Promise<Made> {
  const answer = await fetch(url, {
    method: 'POST',
    headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
  const text = await answer.text();
  if (!answer.ok) throw new Error(`${new URL(url).pathname} answered ${answer.status}: ${text}`);
  return text === '' ? { id: '' } : JSON.parse(text);
}
