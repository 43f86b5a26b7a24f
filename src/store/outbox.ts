import type { Database, Transaction } from './database.ts';

/** A revocation that is owed to a provider. `body` is JSON; tokens in it stay sealed. */
export interface OutboxRow {
  id: string;
  account_id: string;
  conversation_id: string;
  kind: 'revoke';
  body: string;
  due_at: number;
  tries: number;
  created_at: number;
  done_at: number | null;
  gave_up_at: number | null;
  identity_provider_id: string | null;
  credential_id: string | null;
  /** Null: tokens that never became a connection. */
  connection_id: string | null;
}

const columns = `id, account_id, conversation_id, kind, body, due_at, tries, created_at, done_at, gave_up_at, identity_provider_id,
  credential_id, connection_id`;

type Read = Pick<Database, 'all' | 'get'>;

export async function insertOutbox(
  tx: Transaction,
  row: Omit<OutboxRow, 'due_at' | 'tries' | 'created_at' | 'done_at' | 'gave_up_at'> & { at: number },
): Promise<void> {
  await tx.run(
    `INSERT INTO outbox (id, account_id, conversation_id, kind, body, due_at, tries, created_at, identity_provider_id, credential_id,
       connection_id) VALUES (?, ?, ?, ?, ?, ?, 0, ?, ?, ?, ?)`,
    row.id,
    row.account_id,
    row.conversation_id,
    row.kind,
    row.body,
    row.at,
    row.at,
    row.identity_provider_id,
    row.credential_id,
    row.connection_id,
  );
}

/** Whose slots are taken: of them nothing further is claimed. */
export interface Busy {
  accounts: readonly string[];
  providers: readonly string[];
}

/** Takes the row that has been due longest until `until`, so that no other process sends the same meanwhile. */
export function claimOutbox(
  tx: Transaction,
  claim: { now: number; until: number; busy: Busy },
): Promise<OutboxRow | undefined> {
  const { now, until, busy } = claim;
  const others = (column: string, ids: readonly string[]) =>
    ids.length === 0 ? '' : ` AND COALESCE(${column}, '') NOT IN (${ids.map(() => '?').join(', ')})`;
  return tx.get<OutboxRow>(
    `UPDATE outbox SET due_at = ?, tries = tries + 1 WHERE id = (
       SELECT id FROM outbox WHERE done_at IS NULL AND gave_up_at IS NULL AND due_at <= ?
         ${others('account_id', busy.accounts)}${others('identity_provider_id', busy.providers)}
       ORDER BY due_at, id LIMIT 1)
     AND done_at IS NULL AND gave_up_at IS NULL AND due_at <= ? RETURNING ${columns}`,
    until,
    now,
    ...busy.accounts,
    ...busy.providers,
    now,
  );
}

/** Whose claim it is: one that outlived its time writes nothing over the next. */
export type Claim = Pick<OutboxRow, 'id' | 'tries'>;

/** Done: what was sealed in it is erased with it. False when the claim was lost. */
export async function finishOutbox(tx: Transaction, claim: Claim, at: number): Promise<boolean> {
  const sql = "UPDATE outbox SET done_at = ?, body = '{}' WHERE id = ? AND tries = ? AND done_at IS NULL";
  return (await tx.run(sql, at, claim.id, claim.tries)) === 1;
}

export async function giveUpOutbox(tx: Transaction, claim: Claim, at: number): Promise<boolean> {
  const sql = "UPDATE outbox SET gave_up_at = ?, body = '{}' WHERE id = ? AND tries = ? AND done_at IS NULL";
  return (await tx.run(sql, at, claim.id, claim.tries)) === 1;
}

export async function postponeOutbox(tx: Transaction, claim: Claim, dueAt: number): Promise<void> {
  await tx.run('UPDATE outbox SET due_at = ? WHERE id = ? AND tries = ?', dueAt, claim.id, claim.tries);
}

export async function nextOutboxDue(db: Pick<Read, 'get'>): Promise<number | null> {
  const row = await db.get<{ due: number | null }>(
    'SELECT MIN(due_at) AS due FROM outbox WHERE done_at IS NULL AND gave_up_at IS NULL',
  );
  return row?.due ?? null;
}

/** Revocations that have not reached the provider yet. */
export function openOutboxOf(db: Pick<Read, 'all'>, conversationId: string): Promise<OutboxRow[]> {
  return db.all<OutboxRow>(
    `SELECT ${columns} FROM outbox WHERE conversation_id = ? AND done_at IS NULL AND gave_up_at IS NULL ORDER BY created_at`,
    conversationId,
  );
}

/** How many are still owed that name a provider or a credential of the account. */
export async function owedCount(
  db: Pick<Read, 'get'>,
  which: { account_id: string; identity_provider_id: string } | { account_id: string; credential_id: string },
): Promise<number> {
  const [column, id] =
    'credential_id' in which
      ? ['credential_id', which.credential_id]
      : ['identity_provider_id', which.identity_provider_id];
  const row = await db.get<{ n: number }>(
    `SELECT COUNT(*) AS n FROM outbox WHERE account_id = ? AND ${column} = ? AND done_at IS NULL AND gave_up_at IS NULL`,
    which.account_id,
    id,
  );
  return Number(row?.n ?? 0);
}
