import { join } from 'node:path';
import type { Config } from '../config.ts';
import { createKeyStore } from '../store/data-key.ts';
import type { Database } from '../store/database.ts';
import type { StoreSettings } from '../store/open.ts';
import { createVault, type KeyedVault } from '../vault/create-vault.ts';
import { loadRootKeys } from '../vault/load-root-keys.ts';
import type { World } from '../world/world.ts';

/** Where the generated root key lies. */
export function rootKeyFile(config: Config): string {
  return join(config.dataDir, 'master.key');
}

/** The vault on the store's data keys, under the root key of the environment or the data folder. */
export async function openVault(config: Config, db: Database, world: World): Promise<KeyedVault> {
  const keyStore = createKeyStore(db);
  const rootKeys = loadRootKeys({
    ...(config.masterKey ? { masterKey: config.masterKey } : {}),
    file: rootKeyFile(config),
    production: config.production || config.databaseUrl !== undefined,
    mayGenerate: (await keyStore.rootKeyIds()).length === 0,
    random: world.random,
  });
  return await createVault({ keyStore, rootKeys, world });
}

/** What of the settings opens the store. */
export function storeSettings({ dataDir, databaseUrl }: Config): StoreSettings {
  return databaseUrl === undefined ? { dataDir } : { dataDir, databaseUrl: databaseUrl.reveal() };
}
