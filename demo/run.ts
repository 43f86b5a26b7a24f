import { readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Config } from '../src/config.ts';
import { assemble, type Errand, type Extras } from '../src/main/assemble.ts';
import { listeningPort } from '../src/main/listening-port.ts';
import { Secret } from '../src/world/secret.ts';
import { randomText } from '../src/world/id.ts';
import { systemRandom } from '../src/world/world.ts';
import type { BrandClient } from './brand/provider.ts';
import { type Brand, type BrandOptions, startBrand } from './brand/start-brand.ts';
import { demoPages } from './demo-pages.ts';
import { type DemoSetup, setUpDemo } from './set-up.ts';

/** The whole demo in one process: the server, the brand on another site, both bots set up over HTTP. */
export interface Demo {
  errand: Errand;
  brand: Brand;
  setup: DemoSetup;
  close(): Promise<void>;
}

/** What tests have otherwise than `npm start`: a clock of their own, a brand with other manners. */
export interface DemoOptions {
  world?: Extras['world'];
  brand?: Partial<BrandOptions>;
}

/** Starts the demo and renames `demo.json` into place once everything answers. */
export async function startDemo(config: Config, options: DemoOptions = {}): Promise<Demo> {
  const opened = new AsyncDisposableStack();
  try {
    return await open(config, options, opened);
  } catch (error) {
    await opened.disposeAsync();
    throw error;
  }
}

async function open(config: Config, options: DemoOptions, opened: AsyncDisposableStack): Promise<Demo> {
  const wanted = options.brand?.port ?? config.demoBrandPort;
  await listeningPort({ port: config.port, host: config.host, setting: 'ERRAND_PORT' });
  const port = await listeningPort({ port: wanted, host: '127.0.0.1', setting: 'ERRAND_DEMO_BRAND_PORT' });
  const adminKey = new Secret(randomText(systemRandom, 32));
  const egressAllow = [...config.egressAllow, `127.0.0.1:${port}`];
  const allowed = { ...config, egressAllow, adminKey: config.adminKey ?? adminKey };
  const running: { brand?: Brand; setup?: DemoSetup } = {};
  opened.defer(() => running.brand?.stop());
  // It holds the data folder: from here on no other demo's files are touched.
  const errand = await assemble(allowed, {
    ...(options.world ? { world: options.world } : {}),
    pages: ({ db, webRoot }) => demoPages({ running, db, webRoot }),
  });
  opened.defer(() => errand.close());
  await rm(join(config.dataDir, 'demo.json'), { force: true });
  const brand = await startBrand({
    client: await keptClient(config.dataDir),
    file: join(config.dataDir, 'brand.json'),
    ordersFile: join(config.dataDir, 'brand-orders.json'),
    errandUrl: errand.url,
    ...options.brand,
    port,
  });
  running.brand = brand;
  const url = await errand.listen();
  const setup = await setUpDemo({ url, adminKey: allowed.adminKey, brand, dataDir: config.dataDir });
  running.setup = setup;
  await announce(config.dataDir, { url, setup, brand });
  opened.defer(() => rm(join(config.dataDir, 'demo.json'), { force: true }));
  return { errand, brand, setup, close: () => opened.disposeAsync() };
}

/** Readers see the whole file or none: it is written beside its place and renamed. */
async function announce(dataDir: string, demo: { url: string; setup: DemoSetup; brand: Brand }): Promise<void> {
  const { url, setup, brand } = demo;
  const info = {
    url,
    account_id: setup.account_id,
    api_key: setup.api_key,
    bots: setup.bots,
    brand_url: brand.url,
    users: brand.users,
  };
  const file = join(dataDir, 'demo.json');
  await writeFile(`${file}.new`, `${JSON.stringify(info, null, 2)}\n`, { mode: 0o600 });
  await rename(`${file}.new`, file);
}

/** The client that the brand knows Errand by: the same after each start, so that stored sign-ins go on. */
async function keptClient(dataDir: string): Promise<BrandClient> {
  const file = join(dataDir, 'brand-client.json');
  const kept = await readFile(file, 'utf8').catch(() => undefined);
  // The file is written a line below only.
  if (kept !== undefined) return JSON.parse(kept) as BrandClient;
  const client = { id: 'errand', secret: randomText(systemRandom, 24) };
  await writeFile(file, JSON.stringify(client), { mode: 0o600 });
  return client;
}
