/** The one way an attempt ends: secrets erased, one notice queued, the transcript told, the audit written — in one commit. */
import type { AttemptOutcome } from '../bot/outcome.ts';
import {
  type AttemptChange,
  type AttemptRow,
  findAttempt,
  moveAttempt,
  removeEndedBrowsers,
} from '../store/attempt.ts';
import { appendAudit } from '../store/audit.ts';
import type { Transaction } from '../store/database.ts';
import { appendEvent } from '../store/event.ts';
import { appendInbox } from '../store/inbox.ts';
import { type EndReason, erased, mayMove, outcomeOf, statusByReason } from './attempt.ts';
import type { Parts } from './parts.ts';
import { traceSignIn } from './sign-in-trace.ts';
import { oweQuarantined } from './revocation.ts';

/**
 * Ends it with a reason; undefined when somebody else moved it first: then read it again before saying anything. `detail`:
 * what exactly was wrong, for audit and trace. `said`: the provider's own words, for the audit only.
 */
export function endAttempt(
  tx: Transaction,
  parts: Parts,
  end: { attempt: AttemptRow; reason: EndReason; detail?: string; said?: string; set?: AttemptChange },
): Promise<AttemptRow | undefined> {
  const { attempt, reason, detail, said, set } = end;
  return finish(tx, parts, { attempt, status: statusByReason[reason], reason, detail, said, set });
}

/** Ends it wherever it stands by now; undefined when it had ended. The next move of an exchange finds it gone. */
export async function endOpenAttempt(
  tx: Transaction,
  parts: Parts,
  end: { attempt_id: string; reason: EndReason },
): Promise<AttemptRow | undefined> {
  for (let tries = 0; tries < 5; tries += 1) {
    const attempt = await findAttempt(tx, end.attempt_id);
    if (!attempt || attempt.ended_at !== null) return undefined;
    const ended = await endAttempt(tx, parts, { attempt, reason: end.reason });
    if (ended) return ended;
  }
  throw new Error(`attempt ${end.attempt_id} does not stand still`);
}

/** Ends it as granted, in the transaction that stores the connection. */
export function grantAttempt(tx: Transaction, parts: Parts, attempt: AttemptRow): Promise<AttemptRow | undefined> {
  return finish(tx, parts, {
    attempt,
    status: 'granted',
    reason: null,
    detail: undefined,
    said: undefined,
    set: undefined,
  });
}

async function finish(
  tx: Transaction,
  parts: Parts,
  end: {
    attempt: AttemptRow;
    status: AttemptRow['status'];
    reason: EndReason | null;
    detail: string | undefined;
    said: string | undefined;
    set: AttemptChange | undefined;
  },
): Promise<AttemptRow | undefined> {
  const { attempt, status, reason } = end;
  if (!mayMove(attempt.status, status)) return undefined;
  const at = parts.world.clock.now();
  const set: AttemptChange = { ...end.set, ...erased(at), reason };
  const ended = await moveAttempt(tx, attempt, { status, set });
  if (!ended) return undefined;
  await removeEndedBrowsers(tx, attempt.conversation_id, status === 'granted' ? undefined : attempt.id);
  if (status !== 'granted' && attempt.quarantine !== null)
    await oweQuarantined(tx, parts, { attempt, sealed: attempt.quarantine });
  const outcome: AttemptOutcome = outcomeOf(ended) ?? 'provider_error';
  await tell(tx, ended, { outcome, at });
  const why = [reason, end.detail].filter((part) => part !== null && part !== undefined).join(': ');
  await traceSignIn(tx, attempt, { status, at, ...(why === '' ? {} : { detail: why }) });
  await appendAudit(tx, {
    account_id: attempt.account_id,
    at,
    actor: `conversation:${attempt.conversation_id}`,
    action: `sign_in.${status}`,
    subject: attempt.id,
    details: {
      outcome,
      reason,
      detail: end.detail ?? null,
      ...(end.said ? { provider_said: end.said } : {}),
      credential_id: attempt.credential_id,
      method: ended.bound_method,
      scope: attempt.scope,
    },
  });
  return ended;
}

async function tell(tx: Transaction, attempt: AttemptRow, end: { outcome: AttemptOutcome; at: number }): Promise<void> {
  const { id: attempt_id, conversation_id } = attempt;
  const { outcome, at } = end;
  const status = outcome === 'granted' ? 'completed' : 'ended';
  await appendEvent(tx, { conversation_id, type: 'sign_in', body: { attempt_id, status, outcome }, at });
  const body = { attempt_id, outcome };
  await appendInbox(tx, { conversation_id, message_id: `notice:${attempt_id}`, kind: 'notice', body, at });
}
