import { Credential, CredentialInput, CredentialPage } from '../../api/credential.ts';
import type { BotDocument } from '../../bot/document.ts';
import { botsThat } from '../../store/bot.ts';
import {
  createCredential,
  type ConsumerCredentialRecord,
  type CredentialRecord,
  type StaticCredentialRecord,
  deleteCredential,
  findCredential,
  listCredentials,
  updateCredential,
} from '../../store/credential.ts';
import type { Transaction } from '../../store/database.ts';
import { newId } from '../../world/id.ts';
import { Problem } from '../../world/problem.ts';
import type { AccountParts } from './account-parts.ts';
import { type CredentialSettings, credentialSettings } from './credential-rules.ts';
import { refuseWhileHeld } from './held-tokens.ts';
import { refuseMixUp } from './mix-up.ts';
import { changedStatic, newStatic, showStatic } from './static-credentials.ts';
import { isStatic } from './static-credential-rules.ts';
import type { Key, Resource } from './resource.ts';
import { wireTime } from './wire-time.ts';

/** `replaced` and `made` are said in the answer to the request that gave cause for them, and not stored as such. */
type Consumers = ConsumerCredentialRecord & { replaced?: string[] };
type Row = Consumers | (StaticCredentialRecord & { made?: string });

export function credentials(parts: AccountParts): Resource<CredentialInput, Row, Row> {
  const { db, config } = parts;
  const show = (row: Row) =>
    row.type === 'consumer_authentication' ? showConsumers(row, config.publicUrl) : showStatic(row);

  return {
    path: '/credentials',
    term: 'credential',
    schemas: { input: CredentialInput, shown: Credential, page: CredentialPage },
    decided: (body) => ('authentication_url' in body ? ['scope'] : []),
    list: (account_id, page) => listCredentials(db, account_id, page),
    find: (account_id, id) => findCredential(db, account_id, id),
    create: (owner, input) => (isStatic(input) ? newStatic(parts, owner, input) : newConsumers(parts, owner, input)),
    async replace(key, input) {
      const before = await findCredential(db, key.account_id, key.id);
      if (!before) throw new Problem('not_found', 'There is no such credential.');
      refuseOtherType(before, input);
      const change =
        isStatic(input) && before.type !== 'consumer_authentication'
          ? await changedStatic(parts, { key, before, input })
          : await changedConsumers(parts, key, input);
      return async (tx: Transaction) => {
        await refuseRename(tx, before, input.name);
        return await change(tx);
      };
    },
    async remove(tx, key) {
      await refuseInUse(tx, key);
      await deleteCredential(tx, key);
    },
    show,
    showListed: show,
  };
}

type Owner = { account_id: string; at: number };

async function consumersSettings({ db, providers }: AccountParts, account_id: string, input: CredentialInput) {
  const found = await credentialSettings({ db, providers }, account_id, input);
  const { document, identity_provider_id } = found;
  return { found, settings: { name: input.name, import_id: input.import_id ?? null, document, identity_provider_id } };
}

async function newConsumers(parts: AccountParts, { account_id, at }: Owner, input: CredentialInput) {
  const { found, settings } = await consumersSettings(parts, account_id, input);
  const id = newId(parts.world.random, 'cred');
  return async (tx: Transaction) => {
    await holdProvider(tx, account_id, found.identity_provider_id);
    const row = await createCredential(tx, { ...settings, id, account_id, type: 'consumer_authentication', at });
    if (found.document.mode === 'recipe') await refuseMixUp(tx, account_id, '/identity_provider_id');
    return withReplaced(row, found);
  };
}

async function changedConsumers(parts: AccountParts, key: Key, input: CredentialInput) {
  const { found, settings } = await consumersSettings(parts, key.account_id, input);
  return async (tx: Transaction) => {
    await holdProvider(tx, key.account_id, found.identity_provider_id);
    const { document, identity_provider_id } = found;
    const { account_id, id: credential_id, actor } = key;
    await parts.delegation.endUnfit(tx, { account_id, actor, credential_id, identity_provider_id, document });
    const row = await updateCredential(tx, key, { ...settings, at: key.at });
    if (found.document.mode === 'recipe') await refuseMixUp(tx, account_id, '/identity_provider_id');
    return withReplaced(row, found);
  };
}

/** What a bot's calls rely on is its type: another one is another credential. */
function refuseOtherType(before: CredentialRecord, input: CredentialInput): void {
  if (before.type === input.type) return;
  const detail = `is ${before.type} and cannot be changed: create another credential`;
  throw new Problem('invalid_body', 'The type of a credential stays.', [{ pointer: '/type', detail }]);
}

/** The provider may have gone since it was checked. */
async function holdProvider(tx: Transaction, account_id: string, id: string): Promise<void> {
  const provider = await tx.get('SELECT id FROM identity_provider WHERE account_id = ? AND id = ?', account_id, id);
  if (!provider) throw new Problem('conflict', 'The identity provider was deleted meanwhile.');
}

/** Bots know it by its name: under another one their calls would be without it. */
async function refuseRename(tx: Transaction, before: CredentialRecord, name: string): Promise<void> {
  if (name === before.name) return;
  const bots = await botsNaming(tx, before.account_id, [before.name]);
  if (bots.length === 0) return;
  const detail = `must stay "${before.name}" while bots use it by that name: ${bots.slice(0, 10).join(', ')}`;
  throw new Problem('conflict', 'Bots use this credential by its name.', [{ pointer: '/name', detail }]);
}

function botsNaming(tx: Transaction, account_id: string, names: readonly string[]): Promise<string[]> {
  const uses = (document: BotDocument) =>
    document.integrations.some(
      (integration) => integration.credential !== undefined && names.includes(integration.credential),
    );
  return botsThat(tx, account_id, uses);
}

async function refuseInUse(tx: Transaction, key: Key): Promise<void> {
  const credential = await findCredential(tx, key.account_id, key.id);
  if (!credential) return;
  const names = [credential.name, ...(credential.import_id === null ? [] : [credential.import_id])];
  const bots = await botsNaming(tx, key.account_id, names);
  if (bots.length > 0) throw new Problem('conflict', `Bots use this credential: ${bots.slice(0, 10).join(', ')}.`);
  await refuseWhileHeld(tx, { account_id: key.account_id, credential_id: key.id });
}

const withReplaced = (row: CredentialRecord, { replaced }: CredentialSettings): Row =>
  replaced !== undefined && row.type === 'consumer_authentication' ? { ...row, replaced } : row;

function showConsumers(row: Consumers, publicUrl: string): Credential {
  const { mode } = row.document;
  const last = mode === 'recipe' ? 'redirectCode' : row.id;
  return {
    id: row.id,
    name: row.name,
    type: row.type,
    identity_provider_id: row.identity_provider_id ?? '',
    ...row.document,
    ...(row.replaced === undefined ? {} : { replaced: row.replaced }),
    redirect_uri: `${publicUrl}/callback/${row.account_id}/${last}`,
    ...(row.import_id === null ? {} : { import_id: row.import_id }),
    version: row.version,
    created_at: wireTime(row.created_at),
    updated_at: wireTime(row.updated_at),
  };
}
