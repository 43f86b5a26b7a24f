import type { Database, Row } from './database.ts';

/** A column of sealed texts, in a table whose rows have an `id`, and how its rows name their owner to the vault. */
export interface SealedColumn<Owner> {
  table: string;
  column: string;
  /** Further columns that `owner` reads. */
  needs: readonly string[];
  owner(row: Row): Owner;
}

/** The same secret under the newest key, or undefined when it already is. */
export type Reseal<Owner> = (sealed: string, owner: Owner) => Promise<string | undefined>;

export interface Resealed {
  seen: number;
  moved: number;
}

const pageSize = 200;

/** The settings' own: the secrets of identity providers. Those of the consumers' permissions are delegation's to add. */
export const clientSecretColumn: SealedColumn<{ account_id: string; field: string; row: string }> = {
  table: 'identity_provider',
  column: 'client_secret',
  needs: ['account_id'],
  owner: (row) => ({
    account_id: String(row.account_id),
    field: 'identity_provider.client_secret',
    row: String(row.id),
  }),
};

/** The secrets of credentials that have one of their own. */
export const credentialSecretColumn: typeof clientSecretColumn = {
  table: 'credential',
  column: 'secret',
  needs: ['account_id'],
  owner: (row) => credentialSecretOwner({ id: String(row.id), account_id: String(row.account_id) }),
};

/** What a credential's secret is sealed for. */
export function credentialSecretOwner(row: { id: string; account_id: string }) {
  return { account_id: row.account_id, field: 'credential.secret', row: row.id };
}

/**
 * Moves the sealed texts of a column to the newest key while the server runs. Each row is one guarded write, so a kill
 * at any point leaves every row readable and the next run goes on (DP-04); a row that changed meanwhile is newer anyway.
 */
export async function resealColumn<Owner>(
  database: Database,
  sealedColumn: SealedColumn<Owner>,
  reseal: Reseal<Owner>,
): Promise<Resealed> {
  const total: Resealed = { seen: 0, moved: 0 };
  let after = '';
  for (;;) {
    const rows = await readRows(database, sealedColumn, after);
    const moves = rows.map((row) => resealRow(database, sealedColumn, { row, reseal }));
    total.seen += rows.length;
    total.moved += (await Promise.all(moves)).filter((moved) => moved).length;
    after = String(rows.at(-1)?.id ?? '');
    if (rows.length < pageSize) return total;
  }
}

function readRows<Owner>(
  database: Database,
  { table, column, needs }: SealedColumn<Owner>,
  after: string,
): Promise<Row[]> {
  return database.all(
    `SELECT ${['id', column, ...needs].join(', ')} FROM ${table} WHERE ${column} IS NOT NULL AND id > ? ORDER BY id LIMIT ?`,
    after,
    pageSize,
  );
}

async function resealRow<Owner>(
  database: Database,
  { table, column, owner }: SealedColumn<Owner>,
  { row, reseal }: { row: Row; reseal: Reseal<Owner> },
): Promise<boolean> {
  const sealed = String(row[column]);
  const fresh = await reseal(sealed, owner(row));
  if (fresh === undefined) return false;
  const changed = await database.write((tx) =>
    tx.run(`UPDATE ${table} SET ${column} = ? WHERE id = ? AND ${column} = ?`, fresh, row.id ?? null, sealed),
  );
  return changed === 1;
}
