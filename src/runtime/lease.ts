import { type Claim, type ConversationRow, extendLease, heldBy, releaseClaim } from '../store/conversation.ts';
import { type InboxRow, uncountInboxTry } from '../store/inbox.ts';
import { persistently } from './outage.ts';
import { leaseLength, type Rooms } from './parts.ts';

/** Often enough that one renewal may fail. ms. */
const renewEvery = 3_000;

/** A worker that hangs for so long is beyond hope, and somebody else may try. ms. */
const longestHold = 5 * 60_000;

/** Keeps a claimed conversation while its worker lives: a call may take longer than a lease. Returns what ends it. */
export function keepLease(rooms: Rooms, conversation: ConversationRow): () => void {
  const held = heldBy(conversation);
  const { db, world } = rooms;
  const end = world.clock.now() + longestHold;
  let over = false;
  let cancel = () => {};

  async function renew(): Promise<void> {
    const until = world.clock.now() + leaseLength;
    const isHeld = await db
      .write((tx) => extendLease(tx, { ...held, until }))
      .catch((error: unknown) => {
        world.log.warn({ err: error, conversation: held.id }, 'a lease could not be renewed');
        return true;
      });
    if (isHeld && !over && until < end) plan();
  }

  function plan(): void {
    cancel = world.clock.alarm(renewEvery, () => void renew());
  }

  plan();
  return () => {
    over = true;
    cancel();
  };
}

/**
 * After an outage of the store in the middle of a turn: it is not known what was committed, so the conversation is
 * given back for whoever looks next. The try does not count against the item.
 */
export async function giveBack(
  rooms: Rooms,
  given: { conversation_id: string; claim: Claim; counted?: InboxRow | undefined },
): Promise<void> {
  const { conversation_id, claim, counted } = given;
  await persistently(rooms, () =>
    rooms.db.write(async (tx) => {
      await releaseClaim(tx, conversation_id, claim);
      if (counted) await uncountInboxTry(tx, counted);
    }),
  );
}
