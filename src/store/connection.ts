import type { Database, Transaction } from './database.ts';

export type ConnectionStatus = 'active' | 'refreshing' | 'needs_reauth' | 'revoked' | 'ended';

/** The stored permission. Tokens are sealed; the row is the lock of its refresh. */
export interface ConnectionRow {
  id: string;
  account_id: string;
  credential_id: string;
  principal: string;
  issuer: string;
  resource: string;
  conversation_id: string;
  identity_provider_id: string;
  status: ConnectionStatus;
  subject: string | null;
  scope: string;
  level: number;
  generation: number;
  access_token: string | null;
  refresh_token: string | null;
  token_version: number;
  /** Epoch ms; null: unknown, so a 401 tells. */
  expires_at: number | null;
  /** ms, as the provider said it. */
  lifetime: number | null;
  obtained_at: number;
  refresh_owner: string | null;
  refresh_fence: number;
  refresh_until: number | null;
  retry_after: number | null;
  /** When this life of it began: a consent after an end starts anew. */
  created_at: number;
  /** When the brand last accepted the token. */
  last_used: number | null;
  ended_at: number | null;
  /** The configuration it was made with, as JSON; null: of a time when that was not noted, so it fits none. */
  made_with: string | null;
}

const columns = `id, account_id, credential_id, principal, issuer, resource, conversation_id, identity_provider_id, status, subject, scope,
  level, generation, access_token, refresh_token, token_version, expires_at, lifetime, obtained_at, refresh_owner, refresh_fence,
  refresh_until, retry_after, created_at, last_used, ended_at, made_with`;

type Read = Pick<Database, 'all' | 'get'>;

export function findConnection(db: Pick<Read, 'get'>, id: string): Promise<ConnectionRow | undefined> {
  return db.get<ConnectionRow>(`SELECT ${columns} FROM connection WHERE id = ?`, id);
}

/** The newest one of a principal for a credential, whatever its status. */
export function connectionFor(
  db: Pick<Read, 'get'>,
  key: { account_id: string; credential_id: string; principal: string },
): Promise<ConnectionRow | undefined> {
  return db.get<ConnectionRow>(
    `SELECT ${columns} FROM connection WHERE account_id = ? AND credential_id = ? AND principal = ?
     ORDER BY obtained_at DESC, id LIMIT 1`,
    key.account_id,
    key.credential_id,
    key.principal,
  );
}

export type ConnectionKey = Pick<ConnectionRow, 'account_id' | 'credential_id' | 'principal' | 'issuer' | 'resource'>;

export function connectionByKey(db: Pick<Read, 'get'>, key: ConnectionKey): Promise<ConnectionRow | undefined> {
  return db.get<ConnectionRow>(
    `SELECT ${columns} FROM connection WHERE account_id = ? AND credential_id = ? AND principal = ? AND issuer = ? AND resource = ?`,
    key.account_id,
    key.credential_id,
    key.principal,
    key.issuer,
    key.resource,
  );
}

export function connectionsOf(
  db: Pick<Read, 'all'>,
  conversationId: string,
): Promise<(ConnectionRow & { credential: string | null })[]> {
  return db.all(
    `SELECT ${columns.replace(/(\w+)/g, 'n.$1')}, c.name AS credential FROM connection n LEFT JOIN credential c ON c.id = n.credential_id
     WHERE n.conversation_id = ? ORDER BY n.created_at, n.id`,
    conversationId,
  );
}

/** Every consent starts a new generation: results of refreshes begun before it find the row changed (R9). */
export async function putConnection(
  tx: Transaction,
  row: Omit<
    ConnectionRow,
    | 'status'
    | 'token_version'
    | 'refresh_owner'
    | 'refresh_fence'
    | 'refresh_until'
    | 'retry_after'
    | 'last_used'
    | 'ended_at'
  >,
): Promise<void> {
  await tx.run(
    `INSERT INTO connection (id, account_id, credential_id, principal, issuer, resource, conversation_id, identity_provider_id, status,
       subject, scope, level, generation, access_token, refresh_token, token_version, expires_at, lifetime, obtained_at, refresh_fence,
       created_at, made_with)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, 'active', ?, ?, ?, ?, ?, ?, 1, ?, ?, ?, 0, ?, ?)
     ON CONFLICT (id) DO UPDATE SET status = 'active', subject = excluded.subject, scope = excluded.scope, level = excluded.level,
       generation = excluded.generation, access_token = excluded.access_token, refresh_token = excluded.refresh_token,
       token_version = connection.token_version + 1, expires_at = excluded.expires_at, lifetime = excluded.lifetime,
       obtained_at = excluded.obtained_at, refresh_owner = NULL, refresh_fence = connection.refresh_fence + 1, refresh_until = NULL,
       retry_after = NULL, last_used = NULL, ended_at = NULL,
       created_at = CASE WHEN connection.ended_at IS NULL THEN connection.created_at ELSE excluded.created_at END, identity_provider_id = excluded.identity_provider_id,
       made_with = excluded.made_with`,
    row.id,
    row.account_id,
    row.credential_id,
    row.principal,
    row.issuer,
    row.resource,
    row.conversation_id,
    row.identity_provider_id,
    row.subject,
    row.scope,
    row.level,
    row.generation,
    row.access_token,
    row.refresh_token,
    row.expires_at,
    row.lifetime,
    row.obtained_at,
    row.created_at,
    row.made_with,
  );
}

/** Takes the lock of a refresh; undefined when somebody else has it, or the token is no longer the one that was read. */
export function claimRefresh(
  tx: Transaction,
  claim: { id: string; token_version: number; generation: number; owner: string; now: number; until: number },
): Promise<ConnectionRow | undefined> {
  return tx.get<ConnectionRow>(
    `UPDATE connection SET status = 'refreshing', refresh_owner = ?, refresh_fence = refresh_fence + 1, refresh_until = ?
     WHERE id = ? AND token_version = ? AND generation = ? AND status IN ('active', 'refreshing')
       AND (refresh_until IS NULL OR refresh_until < ?) AND (retry_after IS NULL OR retry_after <= ?) RETURNING ${columns}`,
    claim.owner,
    claim.until,
    claim.id,
    claim.token_version,
    claim.generation,
    claim.now,
    claim.now,
  );
}

/** Whose write it is: only the newest holder's, and only of the generation it started from (R2, R8, R9). */
export type Fence = Pick<ConnectionRow, 'id' | 'refresh_fence' | 'generation'>;

/** Keeps the lock for one more request; false when it was lost. */
export async function extendRefresh(tx: Transaction, fence: Fence, until: number): Promise<boolean> {
  return (
    (await tx.run(
      `UPDATE connection SET refresh_until = ? WHERE id = ? AND refresh_fence = ? AND generation = ? AND status = 'refreshing'`,
      until,
      fence.id,
      fence.refresh_fence,
      fence.generation,
    )) === 1
  );
}

/** Stores what a refresh brought and gives the lock back; undefined when the result came too late. */
export function storeRefreshed(
  tx: Transaction,
  fence: Fence,
  tokens: Pick<ConnectionRow, 'access_token' | 'refresh_token' | 'scope' | 'expires_at' | 'lifetime' | 'obtained_at'>,
): Promise<ConnectionRow | undefined> {
  return tx.get<ConnectionRow>(
    `UPDATE connection SET status = 'active', access_token = ?, refresh_token = ?, scope = ?, expires_at = ?, lifetime = ?,
       obtained_at = ?, token_version = token_version + 1, refresh_owner = NULL, refresh_until = NULL, retry_after = NULL
     WHERE id = ? AND refresh_fence = ? AND generation = ? AND status = 'refreshing' RETURNING ${columns}`,
    tokens.access_token,
    tokens.refresh_token,
    tokens.scope,
    tokens.expires_at,
    tokens.lifetime,
    tokens.obtained_at,
    fence.id,
    fence.refresh_fence,
    fence.generation,
  );
}

/** Gives the lock back after a refresh that brought nothing; nobody tries again before `retryAfter`. */
export async function releaseRefresh(tx: Transaction, fence: Fence, retryAfter: number): Promise<void> {
  await tx.run(
    `UPDATE connection SET status = 'active', refresh_owner = NULL, refresh_until = NULL, retry_after = ?
     WHERE id = ? AND refresh_fence = ? AND generation = ? AND status = 'refreshing'`,
    retryAfter,
    fence.id,
    fence.refresh_fence,
    fence.generation,
  );
}

/**
 * The tokens are of no more use; only a new consent brings others. `token_version` guards against a newer token. Those
 * that the provider may still take are kept till they are replaced or ended: without them nothing could be revoked.
 */
export async function markNeedsReauth(
  tx: Transaction,
  row: Pick<ConnectionRow, 'id' | 'generation' | 'token_version'>,
  tokens: 'erase' | 'keep',
): Promise<boolean> {
  const erased = tokens === 'erase' ? 'access_token = NULL, refresh_token = NULL, ' : '';
  const changed = await tx.run(
    `UPDATE connection SET status = 'needs_reauth', ${erased}refresh_owner = NULL, refresh_until = NULL
     WHERE id = ? AND generation = ? AND token_version = ? AND status IN ('active', 'refreshing')`,
    row.id,
    row.generation,
    row.token_version,
  );
  return changed === 1;
}

/** Erases the tokens at once and for good; false when it had ended. */
export async function eraseConnection(tx: Transaction, id: string, at: number): Promise<boolean> {
  const changed = await tx.run(
    `UPDATE connection SET status = 'revoked', access_token = NULL, refresh_token = NULL, generation = generation + 1,
       refresh_fence = refresh_fence + 1, refresh_owner = NULL, refresh_until = NULL, ended_at = ?
     WHERE id = ? AND status NOT IN ('revoked', 'ended')`,
    at,
    id,
  );
  return changed === 1;
}

export async function touchConnection(
  tx: Transaction,
  row: Pick<ConnectionRow, 'id' | 'generation'>,
  at: number,
): Promise<void> {
  await tx.run('UPDATE connection SET last_used = ? WHERE id = ? AND generation = ?', at, row.id, row.generation);
}

/** What may still hold tokens of a provider, or of one credential. */
export function openConnectionsWith(
  db: Pick<Read, 'all'>,
  which: { account_id: string; identity_provider_id: string } | { account_id: string; credential_id: string },
): Promise<ConnectionRow[]> {
  const [column, id] =
    'credential_id' in which
      ? ['credential_id', which.credential_id]
      : ['identity_provider_id', which.identity_provider_id];
  return db.all<ConnectionRow>(
    `SELECT ${columns} FROM connection WHERE account_id = ? AND ${column} = ? AND status NOT IN ('revoked', 'ended')`,
    which.account_id,
    id,
  );
}

/** How many other open connections live on the same person's grant at the same provider (S7). */
export async function otherUsersOfGrant(tx: Pick<Read, 'get'>, row: ConnectionRow): Promise<number> {
  if (row.subject === null) return 0;
  const found = await tx.get<{ n: number }>(
    `SELECT COUNT(*) AS n FROM connection WHERE account_id = ? AND identity_provider_id = ? AND issuer = ? AND subject = ? AND id <> ?
       AND status IN ('active', 'refreshing')`,
    row.account_id,
    row.identity_provider_id,
    row.issuer,
    row.subject,
    row.id,
  );
  return Number(found?.n ?? 0);
}
