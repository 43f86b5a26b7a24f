import { type Claim, claimConversation, type ConversationRow } from '../store/conversation.ts';
import { type InboxRow, nextInbox } from '../store/inbox.ts';
import { randomText } from '../world/id.ts';
import { giveBack } from './lease.ts';
import { isOutage } from './outage.ts';
import { leaseLength, type Rooms } from './parts.ts';
import { type Claimed, workInbox } from './work-inbox.ts';

/** Runs the turns of conversations; at most one at a time each, whoever else tries (I3). */
export interface Worker {
  newClaim(): Claim;
  /**
   * Runs a conversation that was claimed just now, with a message, and what waits first in its inbox. `durable` is given
   * where the message may still be lost: it resolves when it is not.
   */
  run(
    claim: Claim,
    claimed: { conversation: ConversationRow; item: InboxRow | undefined },
    durable?: Promise<unknown>,
  ): void;
  /**
   * It has worked this conversation before, so its next message may be heard before it is durable. The first may not: one
   * that ends its process every time must be durable when it comes again, to be counted and given up (RL-09).
   */
  knows(conversationId: string): boolean;
  /** Claims a conversation if it is idle and runs what waits in its inbox. */
  wake(conversationId: string): void;
  /** Gives up a claim that may or may not have been committed. */
  abandon(conversationId: string, claim: Claim): void;
  /** Resolves when nothing runs any more. */
  idle(): Promise<void>;
  running(): number;
}

/** Conversations that a worker remembers. */
const mostKnown = 50_000;

export function createWorker(rooms: Rooms): Worker {
  const name = randomText(rooms.world.random, 9);
  const running = new Set<Promise<void>>();
  const known = new Set<string>();
  let claims = 0;

  function remember(conversationId: string): void {
    known.delete(conversationId);
    known.add(conversationId);
    const oldest = known.values().next().value;
    if (known.size > mostKnown && oldest !== undefined) known.delete(oldest);
  }

  function newClaim(): Claim {
    claims += 1;
    const now = rooms.world.clock.now();
    return { owner: `${name}.${claims}`, now, until: now + leaseLength };
  }

  function track(work: Promise<void>): void {
    const done = work
      .catch((error: unknown) => rooms.world.log.error({ err: error }, 'a turn failed'))
      .finally(() => running.delete(done));
    running.add(done);
  }

  async function work(claimed: Claimed): Promise<void> {
    const mayHaveMore = await workInbox(rooms, claimed);
    const { id } = claimed.conversation;
    remember(id);
    // Something may have come in between the last look and the end of the lease.
    if (mayHaveMore && (await nextInbox(rooms.db, id))) wake(id);
  }

  async function claimAndWork(conversationId: string): Promise<void> {
    const claim = newClaim();
    const conversation = await claimed(conversationId, claim);
    rooms.world.failpoint?.('claim.committed');
    if (conversation) await work({ conversation, claim, fresh: 0 });
  }

  async function claimed(conversationId: string, claim: Claim): Promise<ConversationRow | undefined> {
    try {
      return await rooms.db.write((tx) => claimConversation(tx, conversationId, claim));
    } catch (error) {
      if (isOutage(error)) await giveBack(rooms, { conversation_id: conversationId, claim });
      throw error;
    }
  }

  function wake(conversationId: string): void {
    track(claimAndWork(conversationId));
  }

  return {
    newClaim,
    wake,
    run(claim, { conversation, item }, durable) {
      // Most turns end before anybody waits for it.
      durable?.catch(() => {});
      track(work({ conversation, claim, item, fresh: conversation.last_position, ...(durable && { durable }) }));
    },
    knows: (conversationId) => known.has(conversationId),
    abandon(conversation_id, claim) {
      track(giveBack(rooms, { conversation_id, claim }).then(() => wake(conversation_id)));
    },
    async idle() {
      while (running.size > 0) await Promise.allSettled(running);
    },
    running: () => running.size,
  };
}
