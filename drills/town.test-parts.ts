import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Brand, startBrand } from '../demo/brand/start-brand.ts';
import { setUpDemo } from '../demo/set-up.ts';
import { outsiderOf } from '../acceptance/support/outsider.ts';
import { Secret } from '../src/world/secret.ts';
import { type SupervisedServer, superviseServer } from './supervised-server.test-parts.ts';

/** The demo brand, which lives on, and servers of the demo's bots, which die. */
export interface Town {
  brand: Brand;
  server: SupervisedServer;
  bots: { managed: string; recipe: string; echo: string };
  close(): Promise<void>;
}

const echo = {
  format: 'errand.bot/1',
  name: 'Echo',
  dialogs: [
    {
      id: 'echo',
      name: 'Echo',
      type: 'standard',
      interactions: [
        { id: 's', name: 's', type: 'starter', patterns: ['*'] },
        { id: 't', name: 't', type: 'text', text: 'You said {$userMessage}', next: { go: 'end' } },
      ],
    },
  ],
  integrations: [],
};

export async function foundTown(env: Record<string, string> = {}): Promise<Town> {
  const dataDir = await mkdtemp(join(tmpdir(), 'errand-town-'));
  const brand = await startBrand({ port: 0, client: { id: 'errand', secret: 'a-secret-of-the-drill' } });
  const server = await superviseServer({
    dataDir,
    egressAllow: [new URL(brand.url).host],
    env: { ERRAND_LOG_LEVEL: 'warn', ...env },
  });
  const adminKey = new Secret(server.adminKey);
  const setup = await setUpDemo({ url: server.url, adminKey, brand, dataDir });
  const bot = (mode: 'managed' | 'recipe') => setup.bots.find((one) => one.mode === mode)?.id ?? '';
  const account = outsiderOf(server.url, setup.account_id, setup.api_key);
  return {
    brand,
    server,
    bots: { managed: bot('managed'), recipe: bot('recipe'), echo: await account.publish(echo) },
    async close() {
      await server.stop();
      await brand.stop();
      await rm(dataDir, { recursive: true, force: true });
    },
  };
}
