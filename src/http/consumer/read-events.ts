import type { Runtime, Session, WireEvent } from '../../runtime/runtime.ts';
import type { Clock } from '../../world/world.ts';

/** Events of one read: a bound on what is in memory for one reader, however far behind it is (ST-04). */
const batch = 100;

/**
 * What comes after `after`, at most one batch. A position that the conversation has not reached is not one of its own:
 * the reader is told of a `gap` and reads again from the start, instead of waiting for numbers that would mean
 * something else (I8, ST-02).
 */
export async function readEvents(
  parts: { runtime: Pick<Runtime, 'events'>; clock: Clock },
  session: Session,
  after: number,
): Promise<{ events: WireEvent[]; last_seq: number }> {
  const read = await parts.runtime.events(session, after, batch);
  if (after <= read.last_seq) return read;
  const gap = { seq: read.last_seq, at: new Date(parts.clock.now()).toISOString(), type: 'gap' };
  return { events: [gap], last_seq: read.last_seq };
}
