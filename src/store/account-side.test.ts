import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { CredentialDocument } from '../api/credential.ts';
import type { IdentityProviderDocument } from '../api/identity-provider.ts';
import type { BotDocument } from '../bot/document.ts';
import { createAccount, findAccount, listAccounts } from './account.ts';
import { createApiKey, deleteApiKey, findApiKey, listApiKeys } from './api-key.ts';
import { botsThat, createBot, deleteBot, findBot, listBots, updateBot } from './bot.ts';
import { findBotVersion, findPublishedBot, listBotVersions, publishBot, rollbackBot } from './bot-version.ts';
import {
  createCredential,
  deleteCredential,
  findCredential,
  findCredentialByName,
  listCredentials,
  updateCredential,
} from './credential.ts';
import type { Database } from './database.ts';
import {
  createEnvironment,
  deleteEnvironment,
  findEnvironment,
  findEnvironmentByName,
  listEnvironments,
  updateEnvironment,
} from './environment.ts';
import {
  createIdentityProvider,
  deleteIdentityProvider,
  findIdentityProvider,
  identityProvidersOfClient,
  listIdentityProviders,
  updateIdentityProvider,
} from './identity-provider.ts';
import { testDatabases } from './test-database.ts';

const provider: IdentityProviderDocument = {
  issuer: 'https://id.example',
  client_id: 'errand',
  token_endpoint_auth_method: 'client_secret_basic',
  pkce: 'S256',
};
const credential: CredentialDocument = {
  mode: 'managed',
  scope: 'orders.read',
  origins: ['https://api.example'],
  binding: 'code',
  header: 'Authorization',
};
const document = (name: string): BotDocument => ({ format: 'errand.bot/1', name, dialogs: [], integrations: [] });

describe.each(await testDatabases())('settings of accounts on $kind', ({ open }) => {
  let db: Database;
  let at = 1_700_000_000_000;
  const tick = () => {
    at += 1;
    return at;
  };

  beforeAll(async () => {
    db = await open();
    for (const id of ['acc_a', 'acc_b']) await db.write((tx) => createAccount(tx, { id, name: id, at: tick() }));
  });
  afterAll(() => db.close());

  const environment = (id: string, name = id, account_id = 'acc_a') =>
    db.write((tx) => createEnvironment(tx, { id, account_id, name, variables: { x: '1' }, at: tick() }));
  const idp = (id: string, account_id = 'acc_a') =>
    db.write((tx) =>
      createIdentityProvider(tx, { id, account_id, name: id, document: provider, client_secret: null, at: tick() }),
    );
  const bot = (id: string, account_id = 'acc_a') =>
    db.write((tx) => createBot(tx, { id, account_id, name: id, draft: document(id), embed_origins: [], at: tick() }));

  test('accounts and their keys; a key is found by its hash only', async () => {
    expect(await findAccount(db, 'acc_a')).toMatchObject({ name: 'acc_a' });
    expect((await listAccounts(db)).items.map(({ id }) => id)).toEqual(['acc_a', 'acc_b']);
    await db.write((tx) => createApiKey(tx, { id: 'k1', account_id: 'acc_a', hash: 'h1', name: 'ci', at: tick() }));
    expect(await findApiKey(db, 'h1')).toMatchObject({ id: 'k1', account_id: 'acc_a', name: 'ci' });
    expect(await findApiKey(db, '')).toBeUndefined();
    expect((await listApiKeys(db, 'acc_b')).items).toEqual([]);
    expect(await db.write((tx) => deleteApiKey(tx, 'acc_b', 'k1'))).toBe(false);
    expect(await db.write((tx) => deleteApiKey(tx, 'acc_a', 'k1'))).toBe(true);
    expect(await findApiKey(db, 'h1')).toBeUndefined();
  });

  test('pages go through everything once, also while rows come and go', async () => {
    for (let i = 0; i < 7; i += 1) await environment(`page_${i}`);
    const first = await listEnvironments(db, 'acc_a', { limit: 3 });
    expect(first.next).toMatch(/^[A-Za-z0-9_.:-]+$/);
    await db.write((tx) => deleteEnvironment(tx, { account_id: 'acc_a', id: 'page_0' }));
    await environment('page_7');
    const ids = first.items.map(({ id }) => id);
    for (let after = first.next; after !== null; ) {
      const page = await listEnvironments(db, 'acc_a', { limit: 3, after });
      ids.push(...page.items.map(({ id }) => id));
      after = page.next;
    }
    expect(ids).toEqual([0, 1, 2, 3, 4, 5, 6, 7].map((i) => `page_${i}`));
    await expect(listEnvironments(db, 'acc_a', { after: "1 OR 1=1'" })).rejects.toMatchObject({ code: 'invalid_body' });
  });

  test('a change needs the version that was seen; of two with the same version one wins', async () => {
    const made = await environment('env_v');
    const change = (name: string, version?: number) =>
      db.write((tx) =>
        updateEnvironment(
          tx,
          { account_id: 'acc_a', id: 'env_v', ...(version === undefined ? {} : { version }) },
          { name, variables: { x: name }, at: tick() },
        ),
      );
    const ends = await Promise.allSettled([change('one', made.version), change('two', made.version)]);
    expect(ends.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
    expect(ends.find(({ status }) => status === 'rejected')).toMatchObject({ reason: { code: 'precondition_failed' } });
    expect(await change('three')).toMatchObject({ version: 3, name: 'three', variables: { x: 'three' } });
    const stale = db.write((tx) => deleteEnvironment(tx, { account_id: 'acc_a', id: 'env_v', version: 1 }));
    await expect(stale).rejects.toMatchObject({ code: 'precondition_failed' });
    expect(await findEnvironmentByName(db, 'acc_a', 'three')).toMatchObject({ id: 'env_v' });
  });

  test('a name that is taken is a conflict, in the same account only, and nothing is half done', async () => {
    await environment('env_1', 'live');
    await expect(environment('env_2', 'live')).rejects.toMatchObject({ code: 'conflict' });
    await environment('env_3', 'live', 'acc_b');
    await environment('env_4', 'test');
    const rename = db.write((tx) =>
      updateEnvironment(tx, { account_id: 'acc_a', id: 'env_4' }, { name: 'live', variables: {}, at: tick() }),
    );
    await expect(rename).rejects.toMatchObject({ code: 'conflict' });
    expect(await findEnvironment(db, 'acc_a', 'env_4')).toMatchObject({ name: 'test', version: 1 });
  });

  test('TN-01 by the id of another account nothing is found, changed or deleted', async () => {
    await idp('idp_t');
    await bot('bot_t');
    await environment('env_t');
    const settings = { name: 'cred_t', import_id: null, document: credential, identity_provider_id: 'idp_t' };
    await db.write((tx) =>
      createCredential(tx, {
        id: 'cred_t',
        account_id: 'acc_a',
        type: 'consumer_authentication',
        ...settings,
        at: tick(),
      }),
    );
    const foreign = (id: string) => ({ account_id: 'acc_b', id });
    expect(await findIdentityProvider(db, 'acc_b', 'idp_t')).toBeUndefined();
    expect(await findCredential(db, 'acc_b', 'cred_t')).toBeUndefined();
    expect(await findCredentialByName(db, 'acc_b', 'cred_t')).toBeUndefined();
    expect(await findBot(db, 'acc_b', 'bot_t')).toBeUndefined();
    expect(await findEnvironment(db, 'acc_b', 'env_t')).toBeUndefined();
    expect((await listCredentials(db, 'acc_b')).items).toEqual([]);
    expect((await listIdentityProviders(db, 'acc_b')).items).toEqual([]);
    expect((await listBots(db, 'acc_b')).items).toEqual([]);
    const now = tick();
    const attempts = [
      db.write((tx) => deleteIdentityProvider(tx, foreign('idp_t'))),
      db.write((tx) => deleteCredential(tx, foreign('cred_t'))),
      db.write((tx) => deleteBot(tx, foreign('bot_t'))),
      db.write((tx) => deleteEnvironment(tx, foreign('env_t'))),
      db.write((tx) => updateCredential(tx, foreign('cred_t'), { ...settings, at: now })),
      db.write((tx) =>
        updateIdentityProvider(tx, foreign('idp_t'), { name: 'x', document: provider, client_secret: 'x', at: now }),
      ),
      db.write((tx) =>
        updateBot(tx, foreign('bot_t'), { name: 'x', draft: document('x'), embed_origins: [], at: now }),
      ),
      db.write((tx) => publishBot(tx, foreign('bot_t'), now)),
      db.write((tx) => rollbackBot(tx, foreign('bot_t'), { number: 1, at: now })),
    ];
    const ends = await Promise.allSettled(attempts);
    expect(ends).toMatchObject(ends.map(() => ({ status: 'rejected', reason: { code: 'not_found' } })));
    expect(await findIdentityProvider(db, 'acc_a', 'idp_t')).toMatchObject({ version: 1, client_secret: null });
    expect(await findBot(db, 'acc_a', 'bot_t')).toMatchObject({ version: 1, published: null });
  });

  test('an identity provider in use is not deleted, and is found by its client id', async () => {
    await idp('idp_u');
    const settings = { name: 'Orders', import_id: '42', document: credential, identity_provider_id: 'idp_u' };
    await db.write((tx) =>
      createCredential(tx, {
        id: 'cred_u',
        account_id: 'acc_a',
        type: 'consumer_authentication',
        ...settings,
        at: tick(),
      }),
    );
    const remove = () => db.write((tx) => deleteIdentityProvider(tx, { account_id: 'acc_a', id: 'idp_u' }));
    await expect(remove()).rejects.toMatchObject({ code: 'conflict', message: expect.stringContaining('Orders') });
    expect((await identityProvidersOfClient(db, 'acc_a', 'errand')).map(({ id }) => id)).toContain('idp_u');
    expect(await identityProvidersOfClient(db, 'acc_a', 'other')).toEqual([]);
    await db.write((tx) => deleteCredential(tx, { account_id: 'acc_a', id: 'cred_u' }));
    await remove();
  });

  test('a credential is found by its name before the import id of another', async () => {
    const make = (id: string, name: string, import_id: string | null) =>
      db.write((tx) =>
        createCredential(tx, {
          id,
          account_id: 'acc_b',
          name,
          type: 'consumer_authentication',
          import_id,
          document: credential,
          identity_provider_id: null,
          at: tick(),
        }),
      );
    await make('cred_1', 'first', 'orders');
    await make('cred_2', 'orders', null);
    expect(await findCredentialByName(db, 'acc_b', 'orders')).toMatchObject({ id: 'cred_2', document: credential });
    await db.write((tx) => deleteCredential(tx, { account_id: 'acc_b', id: 'cred_2' }));
    expect(await findCredentialByName(db, 'acc_b', 'orders')).toMatchObject({ id: 'cred_1' });
  });

  test('RL-12 versions are frozen copies; publishing at once gives each its number; rollback moves the pointer only', async () => {
    await bot('bot_p');
    const key = { account_id: 'acc_a', id: 'bot_p' };
    expect(await findPublishedBot(db, 'bot_p')).toBeUndefined();
    await db.write((tx) => publishBot(tx, key, tick()));
    const edit = { name: 'renamed', draft: document('second'), embed_origins: ['https://shop.example'], at: tick() };
    await db.write((tx) => updateBot(tx, key, edit));
    expect((await findBotVersion(db, 'bot_p', 1))?.document.name).toBe('bot_p');
    const many = await Promise.all([1, 2, 3, 4].map(() => db.write((tx) => publishBot(tx, key, tick()))));
    expect(many.map(({ number }) => number).sort()).toEqual([2, 3, 4, 5]);
    expect(await findPublishedBot(db, 'bot_p')).toEqual({ account_id: 'acc_a', name: 'renamed', published: 5 });
    await db.write((tx) => rollbackBot(tx, key, { number: 1, at: tick() }));
    expect(await findPublishedBot(db, 'bot_p')).toMatchObject({ published: 1 });
    expect((await findBot(db, 'acc_a', 'bot_p'))?.draft.name).toBe('second');
    const missing = db.write((tx) => rollbackBot(tx, key, { number: 9, at: tick() }));
    await expect(missing).rejects.toMatchObject({ code: 'not_found' });
    const page = await listBotVersions(db, key, { limit: 3 });
    expect(page.items.map(({ number }) => number)).toEqual([5, 4, 3]);
    const rest = await listBotVersions(db, key, page.next === null ? {} : { limit: 3, after: page.next });
    expect(rest).toMatchObject({ items: [{ number: 2 }, { number: 1 }], next: null });
  });

  test('a bot is deleted with its versions, and drafts or published versions tell what uses what', async () => {
    await bot('bot_d', 'acc_b');
    const key = { account_id: 'acc_b', id: 'bot_d' };
    await db.write((tx) => publishBot(tx, key, tick()));
    const edit = { name: 'D', draft: document('draft only'), embed_origins: [], at: tick() };
    await db.write((tx) => updateBot(tx, key, edit));
    expect(await botsThat(db, 'acc_b', ({ name }) => name === 'draft only')).toEqual(['D']);
    expect(await botsThat(db, 'acc_b', ({ name }) => name === 'bot_d')).toEqual(['D']);
    expect(await botsThat(db, 'acc_b', ({ name }) => name === 'none')).toEqual([]);
    await db.write((tx) => deleteBot(tx, key));
    expect(await findBotVersion(db, 'bot_d', 1)).toBeUndefined();
  });
});
