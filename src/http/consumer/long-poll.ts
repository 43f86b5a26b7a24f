import type { Runtime, Session, WireEvent } from '../../runtime/runtime.ts';
import type { Clock } from '../../world/world.ts';
import { createBell } from './bell.ts';
import { readEvents } from './read-events.ts';

export interface LongPoll {
  runtime: Pick<Runtime, 'events' | 'listen'>;
  clock: Clock;
  session: Session;
  after: number;
  /** ms */
  wait: number;
  /** Called with what ends the waiting early: the client or the server goes away. */
  untilGone(end: () => void): void;
}

/** Answers at once if there are events, else when the first comes or the time is over. */
export async function longPoll(poll: LongPoll): Promise<{ events: WireEvent[]; last_seq: number }> {
  const bell = createBell();
  let over = poll.wait === 0;
  const end = () => {
    over = true;
    bell.ring();
  };
  poll.untilGone(end);
  const deafen = poll.runtime.listen(poll.session.conversation_id, (what) => {
    if (what === 'closed') end();
    if (what === 'events') bell.ring();
  });
  const cancel = poll.clock.alarm(poll.wait, end);
  try {
    for (;;) {
      const rung = bell.next();
      const read = await readEvents(poll, poll.session, poll.after);
      if (read.events.length > 0 || over) return read;
      await rung;
    }
  } finally {
    cancel();
    deafen();
  }
}
