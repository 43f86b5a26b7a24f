import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { type HostileBrand, startHostileBrand } from '../hostile/hostile-brand.ts';
import { type HostileProvider, startHostileProvider } from '../hostile/hostile-provider.ts';
import type { Haystack } from './byte-search.ts';
import { type CanaryProvider, startCanaryProvider } from './canary-provider.ts';
import { type Consumer, converse } from './consumer.ts';
import { createJar, type Jar, type Page } from './jar.ts';
import { nosyBot } from './nosy-bot.ts';
import { openAccount, type Outsider } from './outsider.ts';
import { recipeExport } from './outsider-bots.ts';
import { type ServerProcess, startServerProcess } from './server-process.ts';

type Hop = Page & { method: string };

/** A server on which everything that is said, shown or stored is kept for the search. */
export interface CanaryStage {
  provider: CanaryProvider;
  proxy: HostileProvider;
  api: HostileBrand;
  stranger: HostileBrand;
  outsider: Outsider;
  bots: { nosy: string; recipe: string };
  consumers: Consumer[];
  server(): ServerProcess;
  /** Ends the server, if it has not ended, and starts it again over what it stored. */
  restart(env?: Record<string, string>): Promise<ServerProcess>;
  converse(bot: string): Promise<Consumer>;
  jar(): Jar;
  /** Every answer that a browser of `jar()` got from the server, redirects included. */
  hops: Hop[];
  /** Everything the processes printed so far. */
  printed(): Haystack[];
  stored(): Promise<Haystack[]>;
  close(): Promise<void>;
}

export async function openCanaryStage(): Promise<CanaryStage> {
  const proxy = await startHostileProvider();
  const provider = await startCanaryProvider(proxy.url);
  proxy.aimAt(provider.url);
  const accepts = (token: string | undefined) => token !== undefined && provider.live.has(token);
  const answer = () => ({ item: 'Lantern', items: [{ id: 'BW-1' }] });
  const api = await startHostileBrand({ accepts, answer });
  const stranger = await startHostileBrand();
  const egressAllow = [proxy.place, api.place, stranger.place];
  const processes = [await startServerProcess({ egressAllow })];
  const server = () => processes.at(-1) ?? fail();
  const { url, adminKey, dataDir, port } = server();
  const outsider = await openAccount(server(), 'Canary & Co');
  const consumers: Consumer[] = [];
  const hops: Hop[] = [];
  return {
    provider,
    proxy,
    api,
    stranger,
    outsider,
    bots: await setUp({ outsider, proxy, provider, api, stranger }),
    consumers,
    server,
    hops,
    async restart(env = {}) {
      await server().stop();
      processes.push(await startServerProcess({ egressAllow, dataDir, port, adminKey, env }));
      return server();
    },
    async converse(bot) {
      const consumer = await converse(url, bot);
      consumers.push(consumer);
      return consumer;
    },
    jar: () => createJar((hop) => void (hop.url.startsWith(url) && hops.push(hop))),
    printed: () =>
      processes.map((one, n) => ({ name: `output of process ${n + 1}`, bytes: Buffer.from(one.output()) })),
    stored: () => storedIn(dataDir),
    async close() {
      await server().stopAndForget();
      await Promise.all([proxy, provider, api, stranger].map((one) => one.close()));
    },
  };
}

function fail(): never {
  throw new Error('No server was started.');
}

type Parts = Pick<CanaryStage, 'outsider' | 'proxy' | 'provider' | 'api' | 'stranger'>;

async function setUp({ outsider, proxy, provider, api, stranger }: Parts): Promise<CanaryStage['bots']> {
  const identityProvider = await outsider.make('/identity-providers', {
    name: 'Canary sign-in',
    issuer: proxy.url,
    client_id: 'errand',
    client_secret: provider.clientSecret,
    token_endpoint_auth_method: 'client_secret_post',
  });
  const common = { type: 'consumer_authentication', identity_provider_id: identityProvider.id, origins: [api.url] };
  await outsider.make('/credentials', { ...common, name: 'Managed', scope: 'openid orders.read' });
  const query = new URLSearchParams({ client_id: 'errand', response_type: 'code', scope: 'openid orders.read' });
  await outsider.make('/credentials', { ...common, name: 'Recipe', authentication_url: `${proxy.url}/auth?${query}` });
  const nosy = nosyBot({ brandUrl: api.url, strangerUrl: stranger.url, credential: 'Managed' });
  const recipe = await outsider.importAndPublish(recipeExport({ brandUrl: api.url }));
  return { nosy: await outsider.publish(nosy), recipe: recipe.id };
}

/** Each file of the data folder as it lies there, and each value of the database by itself: no page or coding hides it. */
async function storedIn(dataDir: string): Promise<Haystack[]> {
  const entries = await readdir(dataDir, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
  const bytes = await Promise.all(files.map(async (name) => ({ name, bytes: await readFile(name) })));
  return [...bytes, ...values(join(dataDir, 'errand.db'))];
}

function values(file: string): Haystack[] {
  const db = new DatabaseSync(file, { readOnly: true, timeout: 10_000 });
  const tables = db.prepare("SELECT name FROM sqlite_master WHERE type = 'table'").all();
  const found = tables.map(({ name }) => {
    const rows = db.prepare(`SELECT * FROM "${String(name)}"`).all();
    const cells = rows.flatMap((row) => Object.entries(row).map(([column, value]) => `${column}: ${shown(value)}`));
    return { name: `table ${String(name)}`, bytes: Buffer.from(cells.join('\n')) };
  });
  db.close();
  return found;
}

function shown(value: unknown): string {
  return value instanceof Uint8Array ? Buffer.from(value).toString('latin1') : String(value);
}
