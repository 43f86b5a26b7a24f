import type { Writable } from 'node:stream';
import type { Runtime, Session, WireEvent } from '../../runtime/runtime.ts';
import type { World } from '../../world/world.ts';
import { readEvents } from './read-events.ts';

/** ms between signs of life, so that proxies keep an idle stream (ST-08). */
const heartbeat = 15_000;
/** ms a reader may take to read what was written before its socket is closed; it resumes with `Last-Event-ID` (ST-04). */
const patience = 30_000;

export interface EventStream {
  runtime: Pick<Runtime, 'events' | 'listen'>;
  world: World;
  session: Session;
  after: number;
  /** Headers are written already. */
  response: Writable;
}

/**
 * Server-sent events, pulled: a batch is read from the store only when the socket has taken the one before, so a slow
 * reader costs what its socket takes and one event more, however much it has missed. Returns what ends the stream.
 */
export function streamEvents({ runtime, world, session, after, response }: EventStream): () => void {
  let position = after;
  let reading = false;
  let again = false;
  /** The conversation has ended: the stream does once its last event is sent. */
  let closing = false;
  let full = false;
  let dry = false;
  /** Nothing more will be sent. */
  let over = false;
  let cancelHeartbeat = () => {};
  let cancelPatience = () => {};

  function end(): void {
    cancelHeartbeat();
    cancelPatience();
    deafen();
    response.end();
  }

  function write(text: string): void {
    if (response.writableEnded || response.destroyed || response.write(text) || full) return;
    full = true;
    cancelPatience = world.clock.alarm(patience, () => response.destroy());
  }

  /** What the socket does not take now is read again after it has drained: so little is held for a slow reader. */
  function deliver(events: readonly WireEvent[]): void {
    for (const event of events) {
      if (full) return;
      write(`id: ${event.seq}\ndata: ${JSON.stringify(event)}\n\n`);
      position = event.seq;
      if (event.type === 'closed') over = true;
    }
  }

  async function readUntilDry(): Promise<void> {
    do {
      again = false;
      const { events } = await readEvents({ runtime, clock: world.clock }, session, position);
      deliver(events);
      dry = events.length === 0;
      again ||= !dry;
    } while (again && !full && !over);
  }

  function pull(): void {
    again = true;
    if (reading || full || response.writableEnded) return;
    reading = true;
    readUntilDry()
      .catch((error: unknown) => {
        // The session is gone, or the store: the reader comes back and is told.
        world.log.warn({ conversation_id: session.conversation_id, reason: String(error) }, 'event stream ended');
        over = true;
      })
      .finally(() => {
        reading = false;
        if (!full && (over || (closing && dry))) end();
      });
  }

  function beat(): void {
    cancelHeartbeat = world.clock.alarm(heartbeat, () => {
      if (!full) write(':\n\n');
      pull(); // a wake-up lost between processes costs at most one heartbeat
      beat();
    });
  }

  const deafen = runtime.listen(session.conversation_id, (what) => {
    if (what === 'typing' && !full) write('data: {"type":"typing"}\n\n');
    if (what === 'closed') closing = true;
    if (what !== 'typing') pull();
  });
  response.on('drain', () => {
    full = false;
    cancelPatience();
    pull();
  });
  response.on('close', end);
  response.on('error', end);
  const [first = 0] = world.random.bytes(1);
  write(`retry: ${1_000 + first * 8}\n\n`); // spread out: a restart does not bring everybody back at once
  beat();
  pull();
  return end;
}
