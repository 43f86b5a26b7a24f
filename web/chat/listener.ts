/** Keeps hearing a conversation's events: by stream, and where streams do not get through, by long polling. */
import type { Clock, Random } from '../../src/world/world.ts';
import { readJson } from '../shape.ts';
import type { Refusal } from './answer.ts';
import type { ConsumerApi } from './consumer-api.ts';
import { readEventStream } from './event-stream.ts';
import type { Session } from './memory.ts';
import { backoff, createPause } from './pause.ts';
import { type Heard, parseEvent } from './wire.ts';

export interface ListenerParts {
  api: ConsumerApi;
  clock: Clock;
  random: Random;
  session: Session;
  /** The highest seq heard so far. */
  after(): number;
  hear(events: Heard[]): void;
  /** The server named a gap: what is missing is to be fetched. */
  fillGap(): Promise<void>;
  /** `live`: the server answers. `broken`: it did not, for the second time in a row. */
  state(state: 'live' | 'broken'): void;
  /** The session is over. */
  ended(): void;
}

export interface Listener {
  /** Reconnect now, whatever the backoff: what was connected may be dead without knowing it. */
  wake(): void;
  /** The stream is silent though there is news: go on by polling. */
  distrustStream(): void;
  stop(): void;
}

type Went = 'well' | 'badly' | 'without_stream' | 'over';

/** A stream that ends sooner than this, in ms, without a word counts as a failure, lest we reconnect in a circle. */
const shortest = 1_000;
const longPoll = 25;

export function startListener(parts: ListenerParts): Listener {
  const pause = createPause(parts.clock);
  let streaming = true;
  let stopped = false;
  let failures = 0;
  let current = new AbortController();

  const run = async () => {
    // What was said before comes in one piece, so that old messages are not read out as news.
    let went = await poll(parts, 0, current.signal);
    while (!stopped && went !== 'over') {
      if (went === 'badly') await recover();
      if (went === 'without_stream') streaming = false;
      if (went === 'well') failures = 0;
      if (stopped) return;
      current = new AbortController();
      went = streaming ? await follow(parts, current.signal) : await poll(parts, longPoll, current.signal);
    }
    if (went === 'over' && !stopped) parts.ended();
  };
  const recover = async () => {
    failures += 1;
    if (failures > 1) parts.state('broken');
    await pause.wait(backoff(failures, parts.random));
  };
  void run();
  return {
    wake() {
      current.abort();
      pause.wake();
    },
    distrustStream() {
      if (!streaming) return;
      streaming = false;
      current.abort();
    },
    stop() {
      stopped = true;
      current.abort();
      pause.wake();
    },
  };
}

async function poll(parts: ListenerParts, wait: number, signal: AbortSignal): Promise<Went> {
  const answer = await parts.api.events(parts.session, { after: parts.after(), wait, signal });
  if (!answer.ok) return signal.aborted ? 'well' : refused(answer);
  parts.state('live');
  await take(parts, answer.value);
  return 'well';
}

async function follow(parts: ListenerParts, signal: AbortSignal): Promise<Went> {
  const begun = parts.clock.now();
  const answer = await parts.api.stream(parts.session, { after: parts.after(), signal });
  if (!answer.ok) return signal.aborted ? 'well' : refused(answer);
  parts.state('live');
  let heard = false;
  try {
    for await (const { event, data } of readEventStream(answer.value)) {
      const parsed = event === 'typing' ? ({ type: 'typing' } as const) : parseEvent(readJson(data));
      if (parsed) await take(parts, [parsed]);
      heard = true;
    }
  } catch {
    if (!signal.aborted) return 'badly';
  }
  return heard || signal.aborted || parts.clock.now() - begun >= shortest ? 'well' : 'badly';
}

/** Only a stop may come between hearing of a gap and filling it: events after it wait in the stream. */
async function take(parts: ListenerParts, events: Heard[]): Promise<void> {
  parts.hear(events);
  if (events.some(({ type }) => type === 'gap')) await parts.fillGap();
}

function refused({ status, code }: Refusal): Went {
  if (code === 'no_stream' || status === 406) return 'without_stream';
  return status === 401 || status === 404 ? 'over' : 'badly';
}
