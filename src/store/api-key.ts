import type { Transaction } from './database.ts';
import { type Page, type PageRequest, type Reader, readPage } from './page.ts';

/** A key of the Account API. The key itself is shown once and never stored: `hash` is `vault.mac('api_key', key)`. */
export interface ApiKeyRecord {
  id: string;
  account_id: string;
  name: string;
  created_at: number;
}

const select = 'SELECT id, account_id, name, created_at FROM api_key';

export async function createApiKey(
  tx: Transaction,
  key: { id: string; account_id: string; hash: string; name: string; at: number },
): Promise<ApiKeyRecord> {
  const { id, account_id, hash, name, at } = key;
  await tx.run(
    'INSERT INTO api_key (id, account_id, hash, name, created_at) VALUES (?, ?, ?, ?, ?)',
    id,
    account_id,
    hash,
    name,
    at,
  );
  return { id, account_id, name, created_at: at };
}

/** Found by its keyed hash: an index lookup tells an attacker nothing, since he cannot choose the hash of a guess. */
export function findApiKey(on: Reader, hash: string): Promise<ApiKeyRecord | undefined> {
  return on.get<ApiKeyRecord>(`${select} WHERE hash = ?`, hash);
}

export function listApiKeys(on: Reader, account_id: string, page: PageRequest = {}): Promise<Page<ApiKeyRecord>> {
  return readPage<ApiKeyRecord>(on, { select: `${select} WHERE account_id = ?`, values: [account_id], page });
}

/** False when the account has no such key. */
export async function deleteApiKey(tx: Transaction, account_id: string, id: string): Promise<boolean> {
  return (await tx.run('DELETE FROM api_key WHERE account_id = ? AND id = ?', account_id, id)) === 1;
}
