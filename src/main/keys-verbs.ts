import { readConfig } from '../config.ts';
import { tokenColumns } from '../delegation/sealed-columns.ts';
import { listDataKeys } from '../store/data-key.ts';
import type { Database } from '../store/database.ts';
import { fileContentColumn } from '../store/file.ts';
import { retireDataKeys } from '../store/retire-data-keys.ts';
import { clientSecretColumn, credentialSecretColumn, resealColumn } from '../store/sealed-column.ts';
import { silentLog, systemClock, systemRandom, type World } from '../world/world.ts';
import { parse } from './arguments.ts';
import { openVault } from './keys.ts';
import { openConfiguredStore } from './open-configured-store.ts';
import { print } from './run-server.ts';
import type { Verb } from './verb.ts';

const world: World = { clock: systemClock, random: systemRandom, log: silentLog };

/** How long another node may still seal with a key that was replaced, in ms. */
const stillSealing = 10 * 60_000;

export const keysList: Verb = {
  name: 'keys list',
  summary: 'the encryption keys: which account, version, root key, since when',
  help: 'errand keys list\n\nOne line per data key. Key material is never printed.',
  async run(args) {
    parse(args, {});
    return await withStore(async ({ db }) => {
      const keys = await listDataKeys(db);
      print(['account                         version  state   root key               since', ...keys.map(line)]);
      return 0;
    });
  },
};

export const keysRotate: Verb = {
  name: 'keys rotate',
  summary: 'gives every account a new data key and moves what is stored to it',
  help: 'errand keys rotate\n\nWorks beside a running server. New secrets are sealed with the new keys, stored ones are moved to them. Keys of an earlier rotation that nothing needs any more are deleted. Data keys wrapped by a former root key are wrapped anew.',
  async run(args) {
    parse(args, {});
    return await withStore(async ({ db, config }) => {
      const vault = await openVault(config, db, world);
      const rotated = await vault.rotateDataKeys();
      const rewrapped = await vault.rewrapDataKeys();
      let moved = (await resealColumn(db, clientSecretColumn, vault.reseal)).moved;
      moved += (await resealColumn(db, credentialSecretColumn, vault.reseal)).moved;
      moved += (await resealColumn(db, fileContentColumn, vault.reseal)).moved;
      for (const column of tokenColumns) moved += (await resealColumn(db, column, vault.reseal)).moved;
      const { retired } = await retireDataKeys(db, world.clock.now() - stillSealing);
      print([
        `${rotated} data keys made, ${rewrapped} wrapped anew, ${moved} secrets moved, ${retired.length} old keys gone`,
      ]);
      return 0;
    });
  },
};

type Opened = { db: Database; config: ReturnType<typeof readConfig> };

async function withStore(use: (opened: Opened) => Promise<number>): Promise<number> {
  const config = readConfig(process.env);
  const db = await openConfiguredStore(config, world, { existing: true });
  try {
    return await use({ db, config });
  } finally {
    await db.close();
  }
}

function line(key: Awaited<ReturnType<typeof listDataKeys>>[number]): string {
  const account = key.account_id === '' ? '(this instance)' : key.account_id;
  const state = key.active === 1 ? 'active' : 'opens';
  return [
    account.padEnd(31),
    String(key.version).padEnd(8),
    state.padEnd(7),
    key.root_key_id.padEnd(22),
    new Date(key.created_at).toISOString(),
  ].join(' ');
}
