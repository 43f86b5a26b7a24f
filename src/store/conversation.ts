import type { Database, Transaction } from './database.ts';

/** A conversation: one row of state, with the lease of the worker that runs its turn. */
export interface ConversationRow {
  id: string;
  account_id: string;
  bot_id: string;
  bot_version: number;
  channel: 'web' | 'text';
  locale: string;
  consumer_id: string;
  session_hash: string;
  browser_hash: string | null;
  status: 'open' | 'closed';
  state: string;
  epoch: number;
  lease_owner: string | null;
  lease_until: number;
  last_seq: number;
  last_position: number;
  last_trace: number;
  turn: number;
  generation: number;
  created_at: number;
  touched_at: number;
  /** Set when it is closed: until then its last events can be read. Epoch ms. */
  readable_until: number | null;
}

const columns = `id, account_id, bot_id, bot_version, channel, locale, consumer_id, session_hash, browser_hash, status, state,
  epoch, lease_owner, lease_until, last_seq, last_position, last_trace, turn, generation, created_at, touched_at, readable_until`;

export async function insertConversation(
  tx: Transaction,
  row: Pick<
    ConversationRow,
    | 'id'
    | 'account_id'
    | 'bot_id'
    | 'bot_version'
    | 'channel'
    | 'locale'
    | 'consumer_id'
    | 'session_hash'
    | 'browser_hash'
    | 'state'
  > & { at: number },
): Promise<void> {
  await tx.run(
    `INSERT INTO conversation (id, account_id, bot_id, bot_version, channel, locale, consumer_id, session_hash, browser_hash, status, state,
       epoch, lease_until, last_seq, last_position, last_trace, turn, generation, wrong_codes, created_at, touched_at)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, 'open', ?, 0, 0, 0, 0, 0, 0, 0, '[]', ?, ?)`,
    row.id,
    row.account_id,
    row.bot_id,
    row.bot_version,
    row.channel,
    row.locale,
    row.consumer_id,
    row.session_hash,
    row.browser_hash,
    row.state,
    row.at,
    row.at,
  );
}

export function findConversation(db: Pick<Database, 'get'>, id: string): Promise<ConversationRow | undefined> {
  return db.get<ConversationRow>(`SELECT ${columns} FROM conversation WHERE id = ?`, id);
}

/**
 * What a session token is checked against: without the state, which may be long, because each request reads it. Of what is
 * durable: whoever has a token, or was told of a close, was told after that, and a request need not wait for those before it.
 */
export function findSessionOf(
  db: Pick<Database, 'getDurable'>,
  id: string,
): Promise<
  | Pick<ConversationRow, 'id' | 'account_id' | 'bot_id' | 'session_hash' | 'status' | 'touched_at' | 'readable_until'>
  | undefined
> {
  return db.getDurable(
    'SELECT id, account_id, bot_id, session_hash, status, touched_at, readable_until FROM conversation WHERE id = ?',
    id,
  );
}

/** A worker's claim: `owner` is new for each claim, so a claim can tell itself from any other. */
export interface Claim {
  owner: string;
  now: number;
  until: number;
}

/** `first_waiting`: the position of what waits first in the inbox; null: nothing does. */
export type Placed = ConversationRow & { first_waiting: number | null };

/**
 * Takes the next sequence number and inbox position for a message and, in the same statement, claims the conversation
 * when nobody holds it: a message that finds its conversation idle costs one commit less.
 */
export function takePlace(tx: Transaction, id: string, claim: Claim): Promise<Placed | undefined> {
  return tx.get<Placed>(
    `UPDATE conversation SET last_seq = last_seq + 1, last_position = last_position + 1, touched_at = ?,
       lease_owner = CASE WHEN lease_until < ? THEN ? ELSE lease_owner END,
       epoch = CASE WHEN lease_until < ? THEN epoch + 1 ELSE epoch END,
       lease_until = CASE WHEN lease_until < ? THEN ? ELSE lease_until END
     WHERE id = ? AND status = 'open' RETURNING ${columns},
       (SELECT MIN(position) FROM inbox WHERE conversation_id = conversation.id AND done_at IS NULL) AS first_waiting`,
    claim.now,
    claim.now,
    claim.owner,
    claim.now,
    claim.now,
    claim.until,
    id,
  );
}

/** Claims an idle conversation (compare-and-set); undefined when somebody else holds it. */
export function claimConversation(tx: Transaction, id: string, claim: Claim): Promise<ConversationRow | undefined> {
  return tx.get<ConversationRow>(
    `UPDATE conversation SET epoch = epoch + 1, lease_owner = ?, lease_until = ? WHERE id = ? AND lease_until < ? AND status = 'open' RETURNING ${columns}`,
    claim.owner,
    claim.until,
    id,
    claim.now,
  );
}

/**
 * A claim that holds a conversation. The epoch alone does not tell it from another: a claim whose commit failed has taken
 * a number that the next one takes again. No two have one owner.
 */
export interface Held {
  id: string;
  epoch: number;
  owner: string;
}

export const heldBy = ({ id, epoch, lease_owner }: ConversationRow): Held => ({ id, epoch, owner: lease_owner ?? '' });

export interface TurnCommit extends Held {
  state: string;
  /** How many events and trace entries are appended with it. */
  events: number;
  traces: number;
  /** 1 when a turn ends with this commit. */
  turns: number;
  /** The inbox position that is done with this commit; the lease is given back when nothing came after it. Null keeps it. */
  release_at: number | null;
  lease_until: number;
  now: number;
}

/** What a commit, or somebody else meanwhile, has changed of a conversation beside its state. */
export type Progressed = Pick<
  ConversationRow,
  'status' | 'lease_until' | 'last_seq' | 'last_position' | 'last_trace' | 'turn' | 'generation' | 'touched_at'
>;

/**
 * Writes a turn's progress, guarded by its claim (I3): undefined when the lease was lost, and then nothing of the
 * transaction may stand.
 */
// The cast, because PostgreSQL takes the type of a CASE from its constant, and a time is too long for that one.
export function commitTurn(tx: Transaction, turn: TurnCommit): Promise<Progressed | undefined> {
  return tx.get<Progressed>(
    `UPDATE conversation SET state = ?, last_seq = last_seq + ?, last_trace = last_trace + ?, turn = turn + ?, touched_at = ?,
       lease_until = CASE WHEN last_position = ? THEN 0 ELSE CAST(? AS BIGINT) END
     WHERE id = ? AND epoch = ? AND lease_owner = ? AND status = 'open'
     RETURNING status, lease_until, last_seq, last_position, last_trace, turn, generation, touched_at`,
    turn.state,
    turn.events,
    turn.traces,
    turn.turns,
    turn.now,
    turn.release_at ?? -1,
    turn.lease_until,
    turn.id,
    turn.epoch,
    turn.owner,
  );
}

/** Gives the lease back without a change of state. */
export async function releaseConversation(tx: Transaction, { id, epoch, owner }: Held): Promise<void> {
  await tx.run(
    'UPDATE conversation SET lease_until = 0 WHERE id = ? AND epoch = ? AND lease_owner = ?',
    id,
    epoch,
    owner,
  );
}

/**
 * Keeps a lease that is still held; false when it was given back, or another worker has the conversation. Inside a
 * transaction it also holds the row, so that nothing else is written for the conversation until the commit.
 */
export async function extendLease(tx: Transaction, lease: Held & { until: number }): Promise<boolean> {
  const held = await tx.run(
    "UPDATE conversation SET lease_until = ? WHERE id = ? AND epoch = ? AND lease_owner = ? AND lease_until > 0 AND status = 'open'",
    lease.until,
    lease.id,
    lease.epoch,
    lease.owner,
  );
  return held === 1;
}

/** Gives up a claim of which it is not known whether it was ever committed. */
export async function releaseClaim(tx: Transaction, id: string, claim: Pick<Claim, 'owner'>): Promise<void> {
  await tx.run(
    'UPDATE conversation SET lease_until = 0 WHERE id = ? AND lease_owner = ? AND lease_until > 0',
    id,
    claim.owner,
  );
}

/** Ends every lease, those of sign-ins, refreshes and revocations too: only where this process is the only one (SQLite), at its start. */
export async function endAllLeases(tx: Transaction): Promise<void> {
  await tx.run('UPDATE conversation SET lease_until = 0 WHERE lease_until > 0');
  await tx.run('UPDATE attempt SET lease_until = 0 WHERE lease_until > 0 AND ended_at IS NULL');
  await tx.run('UPDATE connection SET refresh_until = 0 WHERE refresh_until > 0');
  // A revocation that was being sent looks like one that is put off; after a start all are tried at once.
  await tx.run('UPDATE outbox SET due_at = 0 WHERE due_at > 0 AND done_at IS NULL AND gave_up_at IS NULL');
}

/** Closes for good; false when it was closed before. Its session token reads on until `readable_until`. */
export async function closeConversation(
  tx: Transaction,
  close: { id: string; at: number; readable_until: number },
): Promise<boolean> {
  const sql =
    "UPDATE conversation SET status = 'closed', touched_at = ?, readable_until = ? WHERE id = ? AND status = 'open'";
  return (await tx.run(sql, close.at, close.readable_until, close.id)) === 1;
}
