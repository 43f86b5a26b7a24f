import { endAllLeases } from '../store/conversation.ts';
import { conversationsWithWork } from '../store/inbox.ts';
import { deleteOldFiles } from './kept-file.ts';
import { ringTimers } from './no-reply.ts';
import type { Rooms } from './parts.ts';
import type { Worker } from './worker.ts';

/** How often work is looked for that nobody told us of: a lost wake-up, a worker that died, what is due by the clock. ms. */
const lookEvery = 2_000;

export interface Background {
  start(): Promise<void>;
  stop(): Promise<void>;
}

/** Recovery after a start, wake-ups from other processes, and what is due by the clock. */
export function createBackground(rooms: Rooms, worker: Worker): Background {
  const { db, bus, world, delegation } = rooms;
  let unsubscribe = () => {};
  // Apart from each other: a provider that hangs in a revocation must not keep conversations waiting.
  const inbox = createRounds(rooms, async () => {
    await ringTimers(rooms);
    for (const id of await conversationsWithWork(db, world.clock.now())) worker.wake(id);
  });
  const files = createRounds(rooms, () => deleteOldFiles(rooms));
  const permissions = createRounds(rooms, async () => {
    await delegation.work();
  });

  return {
    async start() {
      // One process has the embedded database to itself, so a lease found at its start belongs to nobody.
      if (db.kind === 'sqlite') await db.write((tx) => endAllLeases(tx));
      unsubscribe = bus.subscribe('work', (conversationId) => worker.wake(conversationId));
      inbox.start();
      files.start();
      permissions.start();
    },
    async stop() {
      unsubscribe();
      await Promise.all([inbox.stop(), files.stop(), permissions.stop()]);
    },
  };
}

/** The same work again and again, never twice at once. */
function createRounds({ world }: Rooms, work: () => Promise<void>) {
  let stopped = false;
  let cancelAlarm = () => {};
  let round: Promise<void> = Promise.resolve();

  function start(): void {
    round = work()
      .catch((error: unknown) => world.log.error({ err: error }, 'looking for work failed'))
      .finally(() => {
        if (!stopped) cancelAlarm = world.clock.alarm(lookEvery, start);
      });
  }

  return {
    start,
    async stop(): Promise<void> {
      stopped = true;
      cancelAlarm();
      await round;
    },
  };
}
