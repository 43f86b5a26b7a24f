import type { Transaction } from './database.ts';
import { jsonColumn } from './json-column.ts';
import { mapPage, type Page, type PageRequest, type Reader, readPage } from './page.ts';
import { orConflict } from './unique-violation.ts';
import { type Versioned, whyUnchanged } from './versioned.ts';

/** A named set of `{$env.x}` values. */
export interface EnvironmentRecord {
  id: string;
  account_id: string;
  name: string;
  variables: Record<string, string>;
  version: number;
  created_at: number;
  updated_at: number;
}

type Stored = Omit<EnvironmentRecord, 'variables'> & { variables: string };

const columns = 'id, account_id, name, variables, version, created_at, updated_at';
const nameTaken = 'The account already has an environment of that name.';

/** Throws `conflict` when the name is taken. */
export async function createEnvironment(
  tx: Transaction,
  environment: Pick<EnvironmentRecord, 'id' | 'account_id' | 'name' | 'variables'> & { at: number },
): Promise<EnvironmentRecord> {
  const { id, account_id, name, variables, at } = environment;
  await orConflict(
    tx.run(
      `INSERT INTO environment (${columns}) VALUES (?, ?, ?, ?, 1, ?, ?)`,
      id,
      account_id,
      name,
      JSON.stringify(variables),
      at,
      at,
    ),
    nameTaken,
  );
  return { id, account_id, name, variables, version: 1, created_at: at, updated_at: at };
}

export async function findEnvironment(
  on: Reader,
  account_id: string,
  id: string,
): Promise<EnvironmentRecord | undefined> {
  return fromStored(
    await on.get<Stored>(`SELECT ${columns} FROM environment WHERE account_id = ? AND id = ?`, account_id, id),
  );
}

export async function findEnvironmentByName(
  on: Reader,
  account_id: string,
  name: string,
): Promise<EnvironmentRecord | undefined> {
  return fromStored(
    await on.get<Stored>(`SELECT ${columns} FROM environment WHERE account_id = ? AND name = ?`, account_id, name),
  );
}

export async function listEnvironments(
  on: Reader,
  account_id: string,
  page: PageRequest = {},
): Promise<Page<EnvironmentRecord>> {
  const select = `SELECT ${columns} FROM environment WHERE account_id = ?`;
  return mapPage(await readPage<Stored>(on, { select, values: [account_id], page }), parse);
}

/** Throws `not_found`, `precondition_failed`, or `conflict` when the name is taken. */
export async function updateEnvironment(
  tx: Transaction,
  key: Versioned,
  change: { name: string; variables: Record<string, string>; at: number },
): Promise<EnvironmentRecord> {
  const row = await orConflict(
    tx.get<Stored>(
      `UPDATE environment SET name = ?, variables = ?, version = version + 1, updated_at = ?
       WHERE account_id = ? AND id = ? AND version = COALESCE(?, version) RETURNING ${columns}`,
      change.name,
      JSON.stringify(change.variables),
      change.at,
      key.account_id,
      key.id,
      key.version ?? null,
    ),
    nameTaken,
  );
  if (row === undefined) throw await whyUnchanged(tx, 'environment', key);
  return parse(row);
}

/** Throws `not_found` or `precondition_failed`. */
export async function deleteEnvironment(tx: Transaction, key: Versioned): Promise<void> {
  const changed = await tx.run(
    'DELETE FROM environment WHERE account_id = ? AND id = ? AND version = COALESCE(?, version)',
    key.account_id,
    key.id,
    key.version ?? null,
  );
  if (changed === 0) throw await whyUnchanged(tx, 'environment', key);
}

function fromStored(row: Stored | undefined): EnvironmentRecord | undefined {
  return row && parse(row);
}

function parse(row: Stored): EnvironmentRecord {
  return { ...row, variables: jsonColumn<Record<string, string>>(row.variables) };
}
