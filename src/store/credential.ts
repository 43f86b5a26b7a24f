import type { CredentialDocument } from '../api/credential.ts';
import type { StaticCredentialDocument, StaticCredentialType } from '../api/static-credential.ts';
import { Problem } from '../world/problem.ts';
import type { Transaction } from './database.ts';
import { jsonColumn } from './json-column.ts';
import { mapPage, type Page, type PageRequest, type Reader, readPage } from './page.ts';
import { orConflict } from './unique-violation.ts';
import { type Versioned, whyUnchanged } from './versioned.ts';

/** How an integration authenticates. `secret` is sealed: see `credentialSecretColumn`. */
export type CredentialRecord = Common & (ConsumerSettings | StaticSettings);

interface Common {
  id: string;
  account_id: string;
  name: string;
  /** What a LivePerson export calls it. */
  import_id: string | null;
  version: number;
  created_at: number;
  updated_at: number;
}

interface ConsumerSettings {
  type: 'consumer_authentication';
  document: CredentialDocument;
  identity_provider_id: string | null;
  secret?: null;
}

interface StaticSettings {
  type: StaticCredentialType;
  document: StaticCredentialDocument;
  identity_provider_id: null;
  secret: string;
}

export type StaticCredentialRecord = Common & StaticSettings;
export type ConsumerCredentialRecord = Common & ConsumerSettings;

type Stored = Common & { type: string; document: string; identity_provider_id: string | null; secret: string | null };
type NewCredential = (ConsumerSettings | StaticSettings) & Pick<Common, 'id' | 'account_id' | 'name' | 'import_id'>;
type Settings = (Omit<ConsumerSettings, 'type'> | Omit<StaticSettings, 'type'>) & Pick<Common, 'name' | 'import_id'>;

const columns =
  'id, account_id, name, type, import_id, document, identity_provider_id, secret, version, created_at, updated_at';
const nameTaken = 'The account already has a credential of that name.';

/** Throws `conflict` when the name or the import id is taken. */
export async function createCredential(
  tx: Transaction,
  credential: NewCredential & { at: number },
): Promise<CredentialRecord> {
  const { at, ...settings } = credential;
  await refuseTakenImportId(tx, settings);
  await orConflict(
    tx.run(
      `INSERT INTO credential (${columns}) VALUES (?, ?, ?, ?, ?, ?, ?, ?, 1, ?, ?)`,
      settings.id,
      settings.account_id,
      settings.name,
      settings.type,
      settings.import_id,
      JSON.stringify(settings.document),
      settings.identity_provider_id,
      settings.secret ?? null,
      at,
      at,
    ),
    nameTaken,
  );
  return { ...settings, version: 1, created_at: at, updated_at: at };
}

export async function findCredential(
  on: Reader,
  account_id: string,
  id: string,
): Promise<CredentialRecord | undefined> {
  const row = await on.get<Stored>(`SELECT ${columns} FROM credential WHERE account_id = ? AND id = ?`, account_id, id);
  return row && parse(row);
}

/** By its name, else by what an export calls it: a bot document refers to credentials by either. */
export async function findCredentialByName(
  on: Reader,
  account_id: string,
  name: string,
): Promise<CredentialRecord | undefined> {
  const row = await on.get<Stored>(
    `SELECT ${columns} FROM credential WHERE account_id = ? AND (name = ? OR import_id = ?)
     ORDER BY CASE WHEN name = ? THEN 0 ELSE 1 END, created_at, id LIMIT 1`,
    account_id,
    name,
    name,
    name,
  );
  return row && parse(row);
}

/** The same among those with a secret of their own; an import without it at hand wrote `import:` before its id. */
export async function staticCredentialNamed(
  on: Reader,
  account_id: string,
  name: string,
): Promise<StaticCredentialRecord | undefined> {
  const row = await on.get<Stored>(
    `SELECT ${columns} FROM credential WHERE account_id = ? AND type <> 'consumer_authentication' AND (name = ? OR import_id = ?)
     ORDER BY CASE WHEN name = ? THEN 0 ELSE 1 END, created_at, id LIMIT 1`,
    account_id,
    name,
    name.replace(/^import:/, ''),
    name,
  );
  const found = row && parse(row);
  return found?.type === 'consumer_authentication' ? undefined : found;
}

export async function listCredentials(
  on: Reader,
  account_id: string,
  page: PageRequest = {},
): Promise<Page<CredentialRecord>> {
  const select = `SELECT ${columns} FROM credential WHERE account_id = ?`;
  return mapPage(await readPage<Stored>(on, { select, values: [account_id], page }), parse);
}

/** Replaces the settings. Throws `not_found`, `precondition_failed`, or `conflict` when the name or the import id is taken. */
export async function updateCredential(
  tx: Transaction,
  key: Versioned,
  change: Settings & { at: number },
): Promise<CredentialRecord> {
  await refuseTakenImportId(tx, { ...key, import_id: change.import_id });
  const row = await orConflict(
    tx.get<Stored>(
      `UPDATE credential SET name = ?, import_id = ?, document = ?, identity_provider_id = ?, secret = ?, version = version + 1, updated_at = ?
       WHERE account_id = ? AND id = ? AND version = COALESCE(?, version) RETURNING ${columns}`,
      change.name,
      change.import_id,
      JSON.stringify(change.document),
      change.identity_provider_id,
      change.secret ?? null,
      change.at,
      key.account_id,
      key.id,
      key.version ?? null,
    ),
    nameTaken,
  );
  if (row === undefined) throw await whyUnchanged(tx, 'credential', key);
  return parse(row);
}

/** Two of one import id would leave it to chance which of them an export means. What was so before may stay so. */
async function refuseTakenImportId(
  tx: Transaction,
  { account_id, id, import_id }: { account_id: string; id: string; import_id: string | null },
): Promise<void> {
  if (import_id === null) return;
  const rows = await tx.all<{ id: string; name: string }>(
    'SELECT id, name FROM credential WHERE account_id = ? AND import_id = ?',
    account_id,
    import_id,
  );
  const [other] = rows;
  if (!other || rows.some((row) => row.id === id)) return;
  const detail = `is the import id of the credential "${other.name}" already`;
  throw new Problem('conflict', 'The import id is taken.', [{ pointer: '/import_id', detail }]);
}

/** Throws `not_found` or `precondition_failed`. Which bots name it is the caller's to check: see `botsThat`. */
export async function deleteCredential(tx: Transaction, key: Versioned): Promise<void> {
  const changed = await tx.run(
    'DELETE FROM credential WHERE account_id = ? AND id = ? AND version = COALESCE(?, version)',
    key.account_id,
    key.id,
    key.version ?? null,
  );
  if (changed === 0) throw await whyUnchanged(tx, 'credential', key);
}

function parse(row: Stored): CredentialRecord {
  // The row is written by the functions above only, which keep each type with its own settings.
  return { ...row, document: jsonColumn<unknown>(row.document) } as CredentialRecord;
}
