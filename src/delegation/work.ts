import { type AttemptRow, dueAttempts, findAttempt, nextAttemptDue } from '../store/attempt.ts';
import { nextOutboxDue } from '../store/outbox.ts';
import type { EndReason } from './attempt.ts';
import { endAttempt } from './end-attempt.ts';
import { inConversation, type Parts, pause, wake } from './parts.ts';
import type { Refusals } from './refusals.ts';
import type { Revoker } from './revoker.ts';

/** When nothing is known to be due. ms. */
const idle = 60_000;
/** How long a round waits for revocations: most are done by then, and one that hangs does not hold up the next expiry. ms. */
const patience = 500;

/** What is due by the clock: ends of attempts, exchanges that lost their owner, revocations. Safe in any number of processes. */
export async function work(parts: Parts, revoker: Revoker, refusals: Refusals): Promise<number> {
  const now = parts.world.clock.now();
  for (const attempt of await dueAttempts(parts.db, now)) await endDue(parts, attempt);
  await refusals.flush();
  await Promise.race([revoker.run(), pause(parts, patience)]);
  const owedDue = revoker.isRunning() ? now + patience : await nextOutboxDue(parts.db);
  const dues = [await nextAttemptDue(parts.db), owedDue, now + idle];
  return Math.min(...dues.filter((due) => due !== null));
}

/** An exchange whose owner died: the code may be spent, so it is not sent again; a new attempt is (T14). */
async function endDue(parts: Parts, attempt: AttemptRow): Promise<void> {
  const reason: EndReason = attempt.lease_until === null ? 'expired' : 'indeterminate';
  const ended = await inConversation(parts, attempt.conversation_id, async (tx) => {
    const now = await findAttempt(tx, attempt.id);
    return now?.version === attempt.version ? await endAttempt(tx, parts, { attempt: now, reason }) : undefined;
  });
  if (ended) wake(parts, attempt.conversation_id);
}
