import { type Accepted, acceptMessage } from './accept.ts';
import { isOutage } from './outage.ts';
import type { Rooms } from './parts.ts';
import type { IncomingMessage, Session } from './runtime.ts';
import type { Worker } from './worker.ts';

/**
 * Makes a message durable and has it worked. Where it can, the worker begins before it is durable, so that a turn which
 * needs nothing but the engine costs one commit with its message (`Database.write`, `early`); nobody hears of either before
 * that. Returns the message's number in the transcript.
 */
export async function takeMessage(
  rooms: Rooms,
  worker: Worker,
  arrival: { session: Session; message: IncomingMessage },
): Promise<{ seq: number }> {
  const claim = worker.newClaim();
  const { conversation_id } = arrival.session;
  const isKnown = worker.knows(conversation_id);
  const accepting = acceptMessage(rooms, { ...arrival, claim, ...(isKnown && { early: begin }) });

  function begin({ claimed }: Accepted): void {
    if (claimed) worker.run(claim, claimed, accepting);
  }

  try {
    const accepted = await accepting;
    if (!isKnown) begin(accepted);
    return { seq: accepted.seq };
  } catch (error) {
    // It may have been committed all the same; then nobody would work it before the claim ends.
    if (isOutage(error)) worker.abandon(conversation_id, claim);
    throw error;
  }
}
