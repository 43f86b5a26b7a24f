import type { IdentityProviderDocument } from '../api/identity-provider.ts';
import { Problem } from '../world/problem.ts';
import type { Transaction } from './database.ts';
import { jsonColumn } from './json-column.ts';
import { mapPage, type Page, type PageRequest, type Reader, readPage } from './page.ts';
import { orConflict } from './unique-violation.ts';
import { type Versioned, whyUnchanged } from './versioned.ts';

/** The brand's authorization server, as configured. */
export interface IdentityProviderRecord {
  id: string;
  account_id: string;
  name: string;
  document: IdentityProviderDocument;
  /** Sealed, for `{ account_id, field: 'identity_provider.client_secret', row: id }`. */
  client_secret: string | null;
  version: number;
  created_at: number;
  updated_at: number;
}

type Stored = Omit<IdentityProviderRecord, 'document'> & { document: string };
type Settings = Pick<IdentityProviderRecord, 'name' | 'document' | 'client_secret'>;

const columns = 'id, account_id, name, document, client_secret, version, created_at, updated_at';
const nameTaken = 'The account already has an identity provider of that name.';

/** Throws `conflict` when the name is taken. */
export async function createIdentityProvider(
  tx: Transaction,
  provider: Settings & { id: string; account_id: string; at: number },
): Promise<IdentityProviderRecord> {
  const { id, account_id, name, document, client_secret, at } = provider;
  await orConflict(
    tx.run(
      `INSERT INTO identity_provider (${columns}) VALUES (?, ?, ?, ?, ?, 1, ?, ?)`,
      id,
      account_id,
      name,
      JSON.stringify(document),
      client_secret,
      at,
      at,
    ),
    nameTaken,
  );
  return { id, account_id, name, document, client_secret, version: 1, created_at: at, updated_at: at };
}

export async function findIdentityProvider(
  on: Reader,
  account_id: string,
  id: string,
): Promise<IdentityProviderRecord | undefined> {
  const row = await on.get<Stored>(
    `SELECT ${columns} FROM identity_provider WHERE account_id = ? AND id = ?`,
    account_id,
    id,
  );
  return row && parse(row);
}

export async function listIdentityProviders(
  on: Reader,
  account_id: string,
  page: PageRequest = {},
): Promise<Page<IdentityProviderRecord>> {
  const select = `SELECT ${columns} FROM identity_provider WHERE account_id = ?`;
  return mapPage(await readPage<Stored>(on, { select, values: [account_id], page }), parse);
}

/** Those of the account with that `client_id`: how a recipe's authentication URL finds its provider. */
export async function identityProvidersOfClient(
  on: Reader,
  account_id: string,
  client_id: string,
): Promise<IdentityProviderRecord[]> {
  const rows = await on.all<Stored>(
    `SELECT ${columns} FROM identity_provider WHERE account_id = ? ORDER BY created_at, id`,
    account_id,
  );
  return rows.map(parse).filter(({ document }) => document.client_id === client_id);
}

/** Replaces the settings. Throws `not_found`, `precondition_failed`, or `conflict` when the name is taken. */
export async function updateIdentityProvider(
  tx: Transaction,
  key: Versioned,
  change: Settings & { at: number },
): Promise<IdentityProviderRecord> {
  const row = await orConflict(
    tx.get<Stored>(
      `UPDATE identity_provider SET name = ?, document = ?, client_secret = ?, version = version + 1, updated_at = ?
       WHERE account_id = ? AND id = ? AND version = COALESCE(?, version) RETURNING ${columns}`,
      change.name,
      JSON.stringify(change.document),
      change.client_secret,
      change.at,
      key.account_id,
      key.id,
      key.version ?? null,
    ),
    nameTaken,
  );
  if (row === undefined) throw await whyUnchanged(tx, 'identity_provider', key);
  return parse(row);
}

/** Throws `not_found`, `precondition_failed`, or `conflict` naming the credentials that use it. */
export async function deleteIdentityProvider(tx: Transaction, key: Versioned): Promise<void> {
  const users = await tx.all<{ name: string }>(
    'SELECT name FROM credential WHERE account_id = ? AND identity_provider_id = ? ORDER BY name LIMIT 10',
    key.account_id,
    key.id,
  );
  if (users.length > 0) {
    throw new Problem(
      'conflict',
      `Credentials use this identity provider: ${users.map(({ name }) => name).join(', ')}.`,
    );
  }
  const changed = await tx.run(
    'DELETE FROM identity_provider WHERE account_id = ? AND id = ? AND version = COALESCE(?, version)',
    key.account_id,
    key.id,
    key.version ?? null,
  );
  if (changed === 0) throw await whyUnchanged(tx, 'identity_provider', key);
}

function parse(row: Stored): IdentityProviderRecord {
  return { ...row, document: jsonColumn<IdentityProviderDocument>(row.document) };
}
