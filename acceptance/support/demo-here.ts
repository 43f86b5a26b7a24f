import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Brand, BrandOptions, BrandUser } from '../../demo/brand/start-brand.ts';
import { type Demo, startDemo } from '../../demo/run.ts';
import type { DemoSetup } from '../../demo/set-up.ts';
import { readConfig } from '../../src/config.ts';
import { silentLog } from '../../src/world/world.ts';
import { createMovableClock, type MovableClock } from './movable-clock.ts';

type Mode = 'managed' | 'recipe';

/** The whole demo on free ports in this process, where the brand's counters and the clock are at hand. */
export interface DemoHere {
  url: string;
  brand: Brand;
  setup: DemoSetup;
  db: Demo['errand']['db'];
  clock: MovableClock;
  bot(mode: Mode): DemoSetup['bots'][number];
  user(login: string): BrandUser;
  /** Requests at the brand's token endpoint, by grant type, since the last reset. */
  tokenRequests(grant: 'authorization_code' | 'refresh_token'): number;
  /** Makes and publishes a bot of the test's own; its chat's address. */
  addBot(document: object): Promise<string>;
  close(): Promise<void>;
}

export interface DemoHereOptions {
  brand?: Partial<BrandOptions>;
  /** `host:port` places that bots of the test's own may call. */
  egressAllow?: string[];
  /** Free ones unless named. */
  ports?: { errand: number; brand: number };
}

export async function startDemoHere({
  brand: manners,
  egressAllow = [],
  ports,
}: DemoHereOptions = {}): Promise<DemoHere> {
  const dataDir = await mkdtemp(join(tmpdir(), 'errand-browser-'));
  const config = readConfig({
    ERRAND_DATA_DIR: dataDir,
    ERRAND_PORT: String(ports?.errand ?? 0),
    ERRAND_DEMO_BRAND_PORT: String(ports?.brand ?? 0),
    ERRAND_EGRESS_ALLOW: egressAllow.join(','),
  });
  const clock = createMovableClock();
  const demo = await startDemo(config, {
    world: {
      clock,
      log: silentLog,
    },
    ...(manners ? { brand: manners } : {}),
  });
  const { brand, setup, errand } = demo;
  return {
    url: errand.url,
    brand,
    setup,
    db: errand.db,
    clock,
    bot: (mode) =>
      present(
        setup.bots.find((bot) => bot.mode === mode),
        `${mode} bot`,
      ),
    user: (login) =>
      present(
        brand.users.find((user) => user.login === login),
        login,
      ),
    tokenRequests: (grant) => brand.control.counters().token_requests[grant] ?? 0,
    async addBot(document) {
      const base = `${errand.url}/v1/accounts/${setup.account_id}/bots`;
      const { id } = await post(base, setup.api_key, document);
      await post(`${base}/${id}/publish`, setup.api_key, {});
      return `${errand.url}/chat/${id}`;
    },
    async close() {
      await demo.close();
      await rm(dataDir, { recursive: true, force: true });
    },
  };
}

function present<T>(found: T | undefined, what: string): T {
  if (found === undefined) throw new Error(`the demo has no ${what}`);
  return found;
}

async function post(url: string, key: string, body: object): Promise<{ id: string }> {
  const headers = { authorization: `Bearer ${key}`, 'content-type': 'application/json' };
  const answer = await fetch(url, { method: 'POST', headers, body: JSON.stringify(body) });
  if (!answer.ok) throw new Error(`${url}: ${answer.status} ${await answer.text()}`);
  return answer.json();
}
