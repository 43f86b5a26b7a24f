import type { Database, Transaction } from './database.ts';
import type { Reader } from './page.ts';

/** A wrapped data key. The shape is the vault's `KeyStore`, which the two rooms agree on without knowing each other. */
export interface DataKeyRecord {
  id: string;
  account_id: string;
  version: number;
  root_key_id: string;
  wrapped: string;
  created_at: number;
}

const select = 'SELECT id, account_id, version, root_key_id, wrapped, created_at FROM data_key';

/** The data keys of the store, as the vault needs them. */
export function createKeyStore(database: Database) {
  return {
    find: (id: string) => database.get<DataKeyRecord>(`${select} WHERE id = ?`, id),
    active: (account_id: string) =>
      database.get<DataKeyRecord>(`${select} WHERE account_id = ? AND active = 1`, account_id),
    all: () => database.all<DataKeyRecord>(`${select} ORDER BY account_id, version`),
    async rootKeyIds() {
      const rows = await database.all<{ id: string }>('SELECT DISTINCT root_key_id AS id FROM data_key');
      return rows.map(({ id }) => id);
    },
    add: (key: DataKeyRecord) => database.write((tx) => addDataKey(tx, key)),
    async rewrap(key: DataKeyRecord, to: Pick<DataKeyRecord, 'root_key_id' | 'wrapped'>) {
      const changed = await database.write((tx) =>
        tx.run(
          'UPDATE data_key SET root_key_id = ?, wrapped = ? WHERE id = ? AND wrapped = ?',
          to.root_key_id,
          to.wrapped,
          key.id,
          key.wrapped,
        ),
      );
      return changed === 1;
    },
  };
}

/** For `errand keys list`: every key, and which one of its account seals. */
export function listDataKeys(on: Reader): Promise<(DataKeyRecord & { active: number })[]> {
  return on.all(
    'SELECT id, account_id, version, root_key_id, wrapped, created_at, active FROM data_key ORDER BY account_id, version',
  );
}

async function addDataKey(tx: Transaction, key: DataKeyRecord): Promise<boolean> {
  // In first as not active: of two who add the same version at once the second changes nothing, not even the first's mark.
  const added = await tx.run(
    `INSERT INTO data_key (id, account_id, version, root_key_id, wrapped, active, created_at) VALUES (?, ?, ?, ?, ?, 0, ?)
     ON CONFLICT DO NOTHING`,
    key.id,
    key.account_id,
    key.version,
    key.root_key_id,
    key.wrapped,
    key.created_at,
  );
  if (added === 0) return false;
  await tx.run('UPDATE data_key SET active = 0 WHERE account_id = ? AND active = 1', key.account_id);
  await tx.run('UPDATE data_key SET active = 1 WHERE id = ?', key.id);
  return true;
}
