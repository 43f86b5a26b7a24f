import { Problem } from '../world/problem.ts';
import type { Reader } from './page.ts';

/** A row of an account, and the version the caller saw (`If-Match`); without one the last writer wins. */
export interface Versioned {
  account_id: string;
  id: string;
  version?: number;
}

type Table = 'identity_provider' | 'credential' | 'bot' | 'environment';

const terms: Record<Table, string> = {
  identity_provider: 'identity provider',
  credential: 'credential',
  bot: 'bot',
  environment: 'environment',
};

/** Why a guarded change met no row: it is not there (or another account's, which is the same to the caller), or it is newer. */
export async function whyUnchanged(on: Reader, table: Table, key: Versioned): Promise<Problem> {
  const row = await on.get<{ version: number }>(
    `SELECT version FROM ${table} WHERE account_id = ? AND id = ?`,
    key.account_id,
    key.id,
  );
  if (row === undefined) return new Problem('not_found', `There is no such ${terms[table]}.`);
  return new Problem(
    'precondition_failed',
    `The ${terms[table]} was changed in between: it has version ${row.version}.`,
  );
}
