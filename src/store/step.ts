import type { Held } from './conversation.ts';
import type { Database, Transaction } from './database.ts';

/** A call that leaves the house (I4): `sent` is committed before it, `done` with its result after. */
export interface StepRow {
  id: string;
  conversation_id: string;
  integration: string;
  repeatable: number;
  status: 'sent' | 'done';
  idempotency_key: string;
  result: string | null;
}

/** Notes the call as sent. A step that stands already stays as it is: false. */
export async function insertStep(
  tx: Transaction,
  step: {
    id: string;
    conversation_id: string;
    integration: string;
    repeatable: boolean;
    idempotency_key: string;
    at: number;
  },
): Promise<boolean> {
  const inserted = await tx.run(
    `INSERT INTO step (id, conversation_id, integration, repeatable, status, idempotency_key, created_at)
     VALUES (?, ?, ?, ?, 'sent', ?, ?) ON CONFLICT (id) DO NOTHING`,
    step.id,
    step.conversation_id,
    step.integration,
    step.repeatable ? 1 : 0,
    step.idempotency_key,
    step.at,
  );
  return inserted === 1;
}

export function findStep(db: Pick<Database, 'get'>, id: string): Promise<StepRow | undefined> {
  return db.get<StepRow>(
    'SELECT id, conversation_id, integration, repeatable, status, idempotency_key, result FROM step WHERE id = ?',
    id,
  );
}

/**
 * Keeps the result until the turn that asked for it has taken it. False when the worker that sent the call has lost the
 * conversation meanwhile: then whoever has it now has said already that the result is not known. Safe to do twice.
 */
export async function finishStep(
  tx: Transaction,
  step: { id: string; result: string; at: number; by: Held },
): Promise<boolean> {
  const finished = await tx.run(
    `UPDATE step SET status = 'done', result = ?, ended_at = ? WHERE id = ? AND (status = 'sent' OR result IS NOT NULL)
       AND EXISTS (SELECT 1 FROM conversation WHERE id = ? AND epoch = ? AND lease_owner = ? AND status = 'open')`,
    step.result,
    step.at,
    step.id,
    step.by.id,
    step.by.epoch,
    step.by.owner,
  );
  return finished === 1;
}

/** The turn has taken the result, or has given up waiting for it: a brand's answer is not kept longer than it is needed. */
export async function forgetStepResult(tx: Transaction, step: { id: string; at: number }): Promise<void> {
  await tx.run(
    "UPDATE step SET status = 'done', result = NULL, ended_at = COALESCE(ended_at, ?) WHERE id = ?",
    step.at,
    step.id,
  );
}

/** Of a conversation that has ended. */
export async function forgetStepResults(tx: Transaction, conversationId: string): Promise<void> {
  await tx.run('UPDATE step SET result = NULL WHERE conversation_id = ? AND result IS NOT NULL', conversationId);
}
