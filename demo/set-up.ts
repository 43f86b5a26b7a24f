import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Secret } from '../src/world/secret.ts';
import type { Brand } from './brand/start-brand.ts';

/** What the demo made of itself, over the same HTTP API that everybody has. */
export interface DemoSetup {
  account_id: string;
  api_key: string;
  brand_url: string;
  bots: { id: string; name: string; mode: 'managed' | 'recipe'; chat_url: string }[];
}

export interface DemoParts {
  url: string;
  adminKey: Secret;
  brand: Brand;
  dataDir: string;
}

/** The id by which the recipe's export knows its credential. */
export const recipeCredentialId = 'b7f6c0d2a1e94f3b8c5d6e7f8091a2b3c4d5e6f7';

/** Finds the demo as an earlier start left it, or sets it up: account, provider, credentials, both bots, published. */
export async function setUpDemo(parts: DemoParts): Promise<DemoSetup> {
  const file = join(parts.dataDir, 'setup.json');
  const kept = await keptSetup(file, parts);
  if (kept) return kept;
  const setup = await makeDemo(parts);
  await writeFile(file, `${JSON.stringify(setup, null, 2)}\n`, { mode: 0o600 });
  return setup;
}

async function keptSetup(file: string, parts: DemoParts): Promise<DemoSetup | undefined> {
  const text = await readFile(file, 'utf8').catch(() => undefined);
  if (text === undefined) return undefined;
  // The file is written by `setUpDemo` only.
  const setup = JSON.parse(text) as DemoSetup;
  if (setup.brand_url !== parts.brand.url) return undefined;
  const answer = await fetch(`${parts.url}/v1/accounts/${setup.account_id}/bots`, {
    headers: { authorization: `Bearer ${setup.api_key}` },
  });
  if (!answer.ok) return undefined;
  return { ...setup, bots: setup.bots.map((bot) => ({ ...bot, chat_url: `${parts.url}/chat/${bot.id}` })) };
}

async function makeDemo({ url, adminKey, brand }: DemoParts): Promise<DemoSetup> {
  const account = await post(`${url}/v1/accounts`, adminKey.reveal(), { name: 'Brightwater Goods' });
  const base = `${url}/v1/accounts/${account.id}`;
  const key = account.api_key ?? '';
  const provider = await post(`${base}/identity-providers`, key, {
    name: 'Brightwater sign-in',
    issuer: brand.url,
    client_id: brand.client.id,
    client_secret: brand.client.secret,
    token_endpoint_auth_method: 'client_secret_basic',
  });
  const managed = await post(`${base}/credentials`, key, {
    name: 'Brand sign-in',
    type: 'consumer_authentication',
    identity_provider_id: provider.id,
    scope: 'orders.read orders.write',
    origins: [brand.url],
  });
  brand.addRedirectUri(`${url}/callback/${account.id}/${managed.id}`);
  brand.addRedirectUri(`${url}/callback/${account.id}/redirectCode`);
  await post(`${base}/credentials`, key, {
    name: 'Brand sign-in (recipe)',
    type: 'consumer_authentication',
    identity_provider_id: provider.id,
    authentication_url: `${brand.url}/auth?client_id=${brand.client.id}&response_type=code&scope=orders.read%20orders.write`,
    origins: [brand.url],
    import_id: recipeCredentialId,
  });
  await post(`${base}/environments`, key, { name: 'demo', variables: { brand: brand.url } });
  const managedBot = await post(`${base}/bots`, key, await demoBot('order-desk.json', brand.url));
  const { bot: recipeBot } = await post(`${base}/bots/import`, key, await demoBot('order-desk-recipe.json', brand.url));
  const bots: DemoSetup['bots'] = [];
  for (const [bot, mode] of [
    [managedBot, 'managed'],
    [recipeBot, 'recipe'],
  ] as const) {
    if (!bot) throw new Error(`the ${mode} demo bot was not made`);
    await post(`${base}/bots/${bot.id}/publish`, key, {});
    bots.push({ id: bot.id, name: bot.name ?? mode, mode, chat_url: `${url}/chat/${bot.id}` });
  }
  return { account_id: account.id, api_key: key, brand_url: brand.url, bots };
}

/** The example bots name the brand at its default address. */
async function demoBot(file: string, brandUrl: string): Promise<unknown> {
  const text = await readFile(new URL(`bots/${file}`, import.meta.url), 'utf8');
  return JSON.parse(text.replaceAll('http://127.0.0.1:4400', brandUrl));
}

interface Made {
  id: string;
  name?: string;
  api_key?: string;
  bot?: Made;
}

async function post(url: string, key: string, body: unknown): Promise<Made> {
  const answer = await fetch(url, {
    method: 'POST',
    headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
  const text = await answer.text();
  if (!answer.ok) throw new Error(`setting up the demo: ${new URL(url).pathname} answered ${answer.status}: ${text}`);
  return text === '' ? { id: '' } : JSON.parse(text);
}
