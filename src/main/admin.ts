import { readConfig } from '../config.ts';
import { createAccount, findAccount } from '../store/account.ts';
import { createApiKey } from '../store/api-key.ts';
import { appendAudit } from '../store/audit.ts';
import type { Transaction } from '../store/database.ts';
import { newId, randomText } from '../world/id.ts';
import { silentLog, systemClock, systemRandom, type World } from '../world/world.ts';
import { parse } from './arguments.ts';
import { openVault } from './keys.ts';
import { openConfiguredStore } from './open-configured-store.ts';
import { print } from './run-server.ts';
import { type Verb, WrongUse } from './verb.ts';

export const createAccountVerb: Verb = {
  name: 'admin create-account',
  summary: 'makes an account and prints its id and first API key',
  help: 'errand admin create-account <name>\n\nWorks beside a running server. The API key is printed once and never stored in clear.',
  async run(args) {
    const { positionals } = parse(args, {}, { least: 1, most: 1, names: 'the name of the account is' });
    const name = positionals[0] ?? '';
    if (name.trim() === '') throw new WrongUse('the name of the account is empty');
    const id = newId(systemRandom, 'acc');
    const key = await withKeyMaker({ existing: false }, (make) =>
      make(id, async (tx) => {
        await createAccount(tx, { id, name, at: systemClock.now() });
        await audit(tx, { account_id: id, action: 'account.create', subject: id });
      }),
    );
    print([JSON.stringify({ id, api_key: key })]);
    return 0;
  },
};

export const createKeyVerb: Verb = {
  name: 'admin create-key',
  summary: 'makes another API key for an account and prints it',
  help: 'errand admin create-key <account id>\n\nWorks beside a running server. The API key is printed once and never stored in clear.',
  async run(args) {
    const { positionals } = parse(args, {}, { least: 1, most: 1, names: 'the id of the account is' });
    const id = positionals[0] ?? '';
    const key = await withKeyMaker({ existing: true }, (make) =>
      make(id, async (tx) => {
        if (!(await findAccount(tx, id))) throw new Error(`there is no account "${id}"`);
      }),
    );
    print([JSON.stringify({ account_id: id, api_key: key })]);
    return 0;
  },
};

type MakeKey = (accountId: string, before: (tx: Transaction) => Promise<void>) => Promise<string>;

/** Opens the store without the server's lock, so that this works beside a running server. */
async function withKeyMaker(how: { existing: boolean }, use: (make: MakeKey) => Promise<string>): Promise<string> {
  const config = readConfig(process.env);
  const world: World = { clock: systemClock, random: systemRandom, log: silentLog };
  const db = await openConfiguredStore(config, world, how);
  try {
    const vault = await openVault(config, db, world);
    return await use(async (accountId, before) => {
      const key = `errand_${randomText(systemRandom, 32)}`;
      await db.write(async (tx) => {
        await before(tx);
        const id = newId(systemRandom, 'key');
        await createApiKey(tx, {
          id,
          account_id: accountId,
          hash: vault.mac('api_key', key),
          name: 'command line',
          at: systemClock.now(),
        });
        await audit(tx, { account_id: accountId, action: 'api_key.create', subject: id });
      });
      return key;
    });
  } finally {
    await db.close();
  }
}

async function audit(tx: Transaction, entry: { account_id: string; action: string; subject: string }): Promise<void> {
  await appendAudit(tx, { ...entry, at: systemClock.now(), actor: 'command line', details: {} });
}
