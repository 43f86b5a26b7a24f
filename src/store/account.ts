import type { Transaction } from './database.ts';
import { mapPage, type Page, type PageRequest, type Reader, readPage } from './page.ts';

/** A brand's tenant. */
export interface AccountRecord {
  id: string;
  name: string;
  created_at: number;
}

const select = 'SELECT id, name, created_at FROM account';

export async function createAccount(
  tx: Transaction,
  account: { id: string; name: string; at: number },
): Promise<AccountRecord> {
  const { id, name, at } = account;
  await tx.run('INSERT INTO account (id, name, created_at) VALUES (?, ?, ?)', id, name, at);
  return { id, name, created_at: at };
}

export function findAccount(on: Reader, id: string): Promise<AccountRecord | undefined> {
  return on.get<AccountRecord>(`${select} WHERE id = ?`, id);
}

export async function listAccounts(on: Reader, page: PageRequest = {}): Promise<Page<AccountRecord>> {
  return mapPage(
    await readPage<AccountRecord>(on, { select: `${select} WHERE 1 = 1`, values: [], page }),
    (row) => row,
  );
}
