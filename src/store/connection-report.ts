import { type Page, type PageRequest, type Reader, readPage } from './page.ts';

/** A connection as its account sees it: that it is there, never what it holds. */
export interface ConnectionReportRow {
  id: string;
  account_id: string;
  credential_id: string;
  conversation_id: string;
  status: string;
  scope: string;
  created_at: number;
  last_used: number | null;
  /** Whether tokens of it are still owed to the provider, or were never given back. */
  revocation: 'pending' | 'gave_up' | null;
}

const columns = `id, account_id, credential_id, conversation_id, status, scope, created_at, last_used,
  (SELECT CASE WHEN MAX(o.gave_up_at) IS NOT NULL THEN 'gave_up' WHEN COUNT(*) > 0 THEN 'pending' END FROM outbox o
     WHERE o.connection_id = connection.id AND o.done_at IS NULL) AS revocation`;

export function listConnections(
  on: Reader,
  account_id: string,
  page: PageRequest = {},
): Promise<Page<ConnectionReportRow>> {
  const select = `SELECT ${columns} FROM connection WHERE account_id = ?`;
  return readPage<ConnectionReportRow>(on, { select, values: [account_id], page });
}

export function findConnectionReport(
  on: Reader,
  account_id: string,
  id: string,
): Promise<ConnectionReportRow | undefined> {
  return on.get<ConnectionReportRow>(
    `SELECT ${columns} FROM connection WHERE account_id = ? AND id = ?`,
    account_id,
    id,
  );
}

/** How many revocations of an account, or of all, are owed still and how many were given up. */
export async function countRevocations(
  on: Pick<Reader, 'get'>,
  account_id: string | null,
): Promise<{ pending: number; gave_up: number }> {
  const row = await on.get<{ pending: number | null; gave_up: number | null }>(
    `SELECT SUM(CASE WHEN gave_up_at IS NULL THEN 1 ELSE 0 END) AS pending,
       SUM(CASE WHEN gave_up_at IS NULL THEN 0 ELSE 1 END) AS gave_up
     FROM outbox WHERE done_at IS NULL AND account_id = COALESCE(?, account_id)`,
    account_id,
  );
  return { pending: Number(row?.pending ?? 0), gave_up: Number(row?.gave_up ?? 0) };
}

/** How many connections the account has, by status. */
export async function countConnections(on: Reader, account_id: string): Promise<Record<string, number>> {
  const rows = await on.all<{ status: string; n: number }>(
    'SELECT status, COUNT(*) AS n FROM connection WHERE account_id = ? GROUP BY status ORDER BY status',
    account_id,
  );
  return Object.fromEntries(rows.map(({ status, n }) => [status, Number(n)]));
}

/** How many connections with a provider, or of one credential, still hold a permission. */
export async function openConnectionCount(
  on: Reader,
  which: { account_id: string; identity_provider_id: string } | { account_id: string; credential_id: string },
): Promise<number> {
  const [column, id] =
    'credential_id' in which
      ? ['credential_id', which.credential_id]
      : ['identity_provider_id', which.identity_provider_id];
  const row = await on.get<{ n: number }>(
    `SELECT COUNT(*) AS n FROM connection WHERE account_id = ? AND ${column} = ? AND status NOT IN ('revoked', 'ended')`,
    which.account_id,
    id,
  );
  return Number(row?.n ?? 0);
}
