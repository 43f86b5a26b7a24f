import type { Database, Transaction } from './database.ts';

/** `parked → ready → running → done | failed | cancelled | expired | needs_confirmation` (`design`: the parked call machine). */
export type ParkedStatus = 'parked' | 'needs_confirmation' | 'running' | 'done' | 'failed' | 'cancelled' | 'expired';

/** An integration call that waits for a connection or for the consumer's "yes". */
export interface ParkedCallRow {
  id: string;
  account_id: string;
  conversation_id: string;
  attempt_id: string | null;
  credential_id: string;
  integration: string;
  interaction_id: string;
  /** The engine's need as JSON: what to call with which variables. */
  need: string;
  risk: 'read' | 'write' | 'danger';
  /** 1 once the consumer said yes. */
  confirmed: number;
  status: ParkedStatus;
  reason: string | null;
  idempotency_key: string;
  turn: number;
  /** The transcript's last number when the consumer was asked "Shall I?": only what she says after it can be the answer. */
  asked_seq: number | null;
  created_at: number;
  deadline: number;
}

const columns = `id, account_id, conversation_id, attempt_id, credential_id, integration, interaction_id, need, risk, confirmed,
  status, reason, idempotency_key, turn, asked_seq, created_at, deadline`;

/**
 * A turn that is run again after a crash parks its call again, under the same id: what counts is the run whose commit
 * tells the engine of it, so the later one wins.
 */
export async function putParkedCall(tx: Transaction, call: Omit<ParkedCallRow, 'reason' | 'asked_seq'>): Promise<void> {
  await tx.run(
    `INSERT INTO parked_call (${columns}) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, NULL, ?, ?, NULL, ?, ?)
     ON CONFLICT (id) DO UPDATE SET attempt_id = excluded.attempt_id, credential_id = excluded.credential_id, need = excluded.need,
       risk = excluded.risk, confirmed = excluded.confirmed, status = excluded.status, reason = NULL, turn = excluded.turn, asked_seq = NULL,
       created_at = excluded.created_at, deadline = excluded.deadline, ended_at = NULL`,
    call.id,
    call.account_id,
    call.conversation_id,
    call.attempt_id,
    call.credential_id,
    call.integration,
    call.interaction_id,
    call.need,
    call.risk,
    call.confirmed,
    call.status,
    call.idempotency_key,
    call.turn,
    call.created_at,
    call.deadline,
  );
}

export function findParkedCall(db: Pick<Database, 'get'>, id: string): Promise<ParkedCallRow | undefined> {
  return db.get<ParkedCallRow>(`SELECT ${columns} FROM parked_call WHERE id = ?`, id);
}

/** The calls of a conversation that have not ended, newest first. */
export function openParkedCalls(db: Pick<Database, 'all'>, conversationId: string): Promise<ParkedCallRow[]> {
  return db.all<ParkedCallRow>(
    `SELECT ${columns} FROM parked_call WHERE conversation_id = ? AND ended_at IS NULL ORDER BY created_at DESC, id DESC`,
    conversationId,
  );
}

/** One compare-and-set step of the machine: false when somebody else moved it before. */
export async function moveParkedCall(
  tx: Transaction,
  move: {
    id: string;
    from: ParkedStatus;
    to: ParkedStatus;
    reason?: string;
    confirmed?: boolean;
    attempt_id?: string;
    /** A new one, where what it waits for has changed. */
    deadline?: number;
    at: number;
  },
): Promise<boolean> {
  const ended = ['done', 'failed', 'cancelled', 'expired'].includes(move.to) ? move.at : null;
  const changed = await tx.run(
    `UPDATE parked_call SET status = ?, reason = COALESCE(?, reason), confirmed = CASE WHEN ? = 1 THEN 1 ELSE confirmed END,
       attempt_id = COALESCE(?, attempt_id), deadline = COALESCE(?, deadline), ended_at = ? WHERE id = ? AND status = ?`,
    move.to,
    move.reason ?? null,
    move.confirmed ? 1 : 0,
    move.attempt_id ?? null,
    move.deadline ?? null,
    ended,
    move.id,
    move.from,
  );
  return changed === 1;
}

/** A renewed sign-in takes over the calls of the one before it. */
export async function reattachParkedCalls(
  tx: Transaction,
  move: { conversation_id: string; from: string; to: string },
): Promise<number> {
  return await tx.run(
    "UPDATE parked_call SET attempt_id = ? WHERE conversation_id = ? AND attempt_id = ? AND status = 'parked'",
    move.to,
    move.conversation_id,
    move.from,
  );
}

/** Whether any call ever waited for this attempt. */
export async function hasParkedCalls(
  db: Pick<Database, 'get'>,
  attempt: { id: string; conversation_id: string },
): Promise<boolean> {
  const row = await db.get(
    'SELECT id FROM parked_call WHERE conversation_id = ? AND attempt_id = ? LIMIT 1',
    attempt.conversation_id,
    attempt.id,
  );
  return row !== undefined;
}

/** Nothing waits in a closed conversation any more. */
export async function closeParkedCalls(tx: Transaction, conversationId: string, at: number): Promise<void> {
  await tx.run(
    "UPDATE parked_call SET status = 'cancelled', reason = 'closed', ended_at = ? WHERE conversation_id = ? AND ended_at IS NULL",
    at,
    conversationId,
  );
}

/** Notes where in the transcript the consumer was asked: in the transaction that shows her the question, after it. */
export async function markParkedCallAsked(
  tx: Transaction,
  call: { id: string; conversation_id: string },
): Promise<void> {
  await tx.run(
    'UPDATE parked_call SET asked_seq = (SELECT last_seq FROM conversation WHERE id = ?) WHERE id = ?',
    call.conversation_id,
    call.id,
  );
}
