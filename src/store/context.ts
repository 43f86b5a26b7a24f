import type { Transaction } from './database.ts';
import type { Reader } from './page.ts';

/** Whose data it is: the account's own, one consumer's, or one conversation's. */
export interface ContextOwner {
  account_id: string;
  kind: 'global' | 'user' | 'conversation';
  /** Of the account, the consumer or the conversation. */
  id: string;
}

export const mostContextNamespaces = 100;
/** Of one owner in one namespace; of a consumer or a conversation in all of them. */
export const mostContextNames = 1_000;
/** Bytes of all values of one owner in one namespace: with the most namespaces, 50 MB are an account's own. */
export const mostContextBytes = 512 * 1024;
/** Bytes of all values of one consumer, or one conversation, in all namespaces. */
export const mostContextBytesInAll = 1024 * 1024;

/** Registers a namespace, or gives it another time to live (s). False: the account has as many as it may have. */
export async function registerContextNamespace(
  tx: Transaction,
  namespace: { account_id: string; name: string; ttl_s: number | null; at: number },
): Promise<boolean> {
  const { account_id, name, ttl_s, at } = namespace;
  const changed = await tx.run(
    'UPDATE context_namespace SET ttl_s = COALESCE(CAST(? AS BIGINT), ttl_s) WHERE account_id = ? AND name = ?',
    ttl_s,
    account_id,
    name,
  );
  if (changed > 0) return true;
  const known = await tx.get<{ n: number }>(
    'SELECT COUNT(*) AS n FROM context_namespace WHERE account_id = ?',
    account_id,
  );
  if ((known?.n ?? 0) >= mostContextNamespaces) return false;
  await tx.run(
    'INSERT INTO context_namespace (account_id, name, ttl_s, created_at) VALUES (?, ?, ?, ?) ON CONFLICT DO NOTHING',
    account_id,
    name,
    ttl_s,
    at,
  );
  return true;
}

/**
 * Makes others who hold the namespace wait until this transaction ends: limits are exact then, and whoever holds several
 * in the order of their names can never wait for one who waits for him.
 */
export async function holdContextNamespace(
  tx: Transaction,
  namespace: { account_id: string; name: string },
): Promise<void> {
  const { account_id, name } = namespace;
  await tx.run('UPDATE context_namespace SET ttl_s = ttl_s WHERE account_id = ? AND name = ?', account_id, name);
}

/** With all that is kept in it, whoever owns it. */
export async function deleteContextNamespace(
  tx: Transaction,
  namespace: { account_id: string; name: string },
): Promise<void> {
  const { account_id, name } = namespace;
  await tx.run('DELETE FROM context_value WHERE account_id = ? AND namespace = ?', account_id, name);
  await tx.run('DELETE FROM context_namespace WHERE account_id = ? AND name = ?', account_id, name);
}

export async function contextNamespaces(db: Reader, accountId: string): Promise<string[]> {
  const rows = await db.all<{ name: string }>(
    'SELECT name FROM context_namespace WHERE account_id = ? ORDER BY name',
    accountId,
  );
  return rows.map(({ name }) => name);
}

/**
 * JSON texts by name; undefined: the account has no such namespace. What has expired is not there. More than may be
 * written is not loaded.
 */
export async function readContext(
  db: Reader,
  owner: ContextOwner,
  read: { namespace: string; at: number },
): Promise<Map<string, string> | 'too_large' | undefined> {
  const live = `context_namespace n LEFT JOIN context_value v ON v.account_id = n.account_id
       AND v.namespace = n.name AND v.owner_kind = ? AND v.owner_id = ? AND (v.expires_at IS NULL OR v.expires_at > ?)
     WHERE n.account_id = ? AND n.name = ?`;
  const values = [owner.kind, owner.id, read.at, owner.account_id, read.namespace];
  const used = await db.get<{ bytes: number | null }>(
    `SELECT SUM(OCTET_LENGTH(v.value)) AS bytes FROM ${live} GROUP BY n.name`,
    ...values,
  );
  if (!used) return undefined;
  if ((used.bytes ?? 0) > mostContextBytes) return 'too_large';
  // The namespace gives one row without a value when nothing is kept.
  const rows = await db.all<{ name: string | null; value: string | null }>(
    `SELECT v.name, v.value FROM ${live} ORDER BY v.name`,
    ...values,
  );
  return new Map(rows.flatMap(({ name, value }) => (name === null || value === null ? [] : [[name, value]])));
}

/** Keeps a value for the namespace's time to live. False: there is no such namespace, or no room for so many names or bytes. */
export async function setContextValue(
  tx: Transaction,
  owner: ContextOwner,
  set: { namespace: string; name: string; value: string; at: number },
): Promise<boolean> {
  const { account_id, kind, id } = owner;
  const { namespace, name, value, at } = set;
  const bytes = Buffer.byteLength(value);
  // Nothing belongs to null: what an account has in all is bounded by its namespaces, and would be much to sum up.
  const boundInAll = kind === 'global' ? null : id;
  const used = `SELECT COUNT(*) AS names, COALESCE(SUM(OCTET_LENGTH(value)), 0) AS bytes FROM context_value
       WHERE account_id = ? AND owner_kind = ? AND owner_id = ?`;
  const values = [
    [kind, id, name, value, at, at],
    [account_id, kind, id, namespace],
    [account_id, kind, boundInAll],
    [account_id, kind, id, namespace, name],
    [account_id, namespace],
    [mostContextNames, bytes, mostContextBytes],
    [mostContextNames, bytes, mostContextBytesInAll],
  ];
  const written = await tx.run(
    `INSERT INTO context_value (account_id, namespace, owner_kind, owner_id, name, value, updated_at, expires_at)
     SELECT n.account_id, n.name, ?, ?, ?, ?, CAST(? AS BIGINT), CAST(? AS BIGINT) + n.ttl_s * 1000
     FROM context_namespace n, (${used} AND namespace = ?) here, (${used}) in_all, (${used} AND namespace = ? AND name = ?) old
     WHERE n.account_id = ? AND n.name = ?
       AND here.names - old.names < ? AND here.bytes - old.bytes + CAST(? AS BIGINT) <= ?
       AND in_all.names - old.names < ? AND in_all.bytes - old.bytes + CAST(? AS BIGINT) <= ?
     ON CONFLICT (account_id, namespace, owner_kind, owner_id, name)
     DO UPDATE SET value = excluded.value, updated_at = excluded.updated_at, expires_at = excluded.expires_at`,
    ...values.flat(),
  );
  return written > 0;
}

/** What has expired makes room, and is not kept for ever where nobody reads it. */
export async function dropExpiredContext(
  tx: Transaction,
  of: { account_id: string; namespace: string; at: number },
): Promise<void> {
  await tx.run(
    'DELETE FROM context_value WHERE account_id = ? AND namespace = ? AND expires_at <= ?',
    of.account_id,
    of.namespace,
    of.at,
  );
}

/** One value, or without a name all that the owner has in the namespace. */
export async function deleteContextValues(
  tx: Transaction,
  owner: ContextOwner,
  of: { namespace: string; name?: string },
): Promise<void> {
  const { account_id, kind, id } = owner;
  const which = 'account_id = ? AND namespace = ? AND owner_kind = ? AND owner_id = ?';
  const values = [account_id, of.namespace, kind, id];
  if (of.name === undefined) await tx.run(`DELETE FROM context_value WHERE ${which}`, ...values);
  else await tx.run(`DELETE FROM context_value WHERE ${which} AND name = ?`, ...values, of.name);
}

/** Of a conversation that has ended, and of its consumer: nobody is known beyond one conversation. */
export async function forgetContext(tx: Transaction, conversationId: string): Promise<void> {
  await tx.run(
    `DELETE FROM context_value WHERE owner_kind IN ('user', 'conversation')
       AND owner_id IN (SELECT id FROM conversation WHERE id = ? UNION SELECT consumer_id FROM conversation WHERE id = ?)`,
    conversationId,
    conversationId,
  );
}
