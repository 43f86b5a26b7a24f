/** The state of one conversation in this browser: what was heard, what is kept, how it stands. */
import type { Clock, Random } from '../../src/world/world.ts';
import type { ConsumerApi } from './consumer-api.ts';
import { type Listener, startListener } from './listener.ts';
import type { Memory, Remembered, Session } from './memory.ts';
import { type Outbox, refuse } from './outbox.ts';
import { createPace } from './pace.ts';
import { isClosed, lastSeq, receive, type Transcript, upTo } from './transcript.ts';
import type { Heard } from './wire.ts';

export interface Snapshot {
  conversation_id: string | undefined;
  transcript: Transcript;
  /** Events up to here are to be seen by now; those after it wait for the delay their author gave them. */
  shown: number;
  outbox: Outbox;
  typing: boolean;
  /** `restoring`: what was said before is on its way. */
  link: 'idle' | 'restoring' | 'live' | 'broken';
  /** `expired`: the session ended without a word, after long idleness. `unavailable`: there is no such bot. */
  end: 'open' | 'closed' | 'expired' | 'unavailable';
  /** Events up to here were shown before this page was loaded. */
  history: number;
  /** The sign-in attempt whose window was opened from here. */
  opened: string | undefined;
}

export interface ConversationParts {
  api: ConsumerApi;
  memory: Memory;
  clock: Clock;
  random: Random;
}

export interface Conversation {
  snapshot(): Snapshot;
  subscribe(hear: () => void): () => void;
  change(next: Partial<Snapshot>): void;
  session(): Session | undefined;
  /** A conversation was made on the server. */
  begin(session: Session): void;
  /** The consumer followed the link of this attempt. */
  opened(attemptId: string): void;
  /** A message was accepted with this seq: its event should come soon. */
  expect(seq: number): void;
  finish(end: Exclude<Snapshot['end'], 'open'>): void;
  /** Back to before the first message. */
  reset(): void;
  wake(): void;
  stop(): void;
}

/** After an accepted message's event has not come for so long, in ms, the stream is held up by something in between. */
const streamPatience = 8_000;
const typingPatience = 12_000;

const blank: Snapshot = {
  conversation_id: undefined,
  transcript: [],
  shown: 0,
  outbox: [],
  typing: false,
  link: 'idle',
  end: 'open',
  history: 0,
  opened: undefined,
};

export function createConversation(parts: ConversationParts): Conversation {
  const { memory, clock } = parts;
  const { snapshot, change, subscribe } = createState({ ...blank, outbox: memory.unsent() });
  let kept = memory.session();
  let listener: Listener | undefined;
  let endTyping = () => {};
  const pace = createPace({ clock, shown: () => snapshot().shown, show: (seq) => show(seq) });
  const show = (seq: number) => {
    change({ shown: seq });
    if (isClosed(upTo(snapshot().transcript, seq))) finish('closed');
  };

  const keep = (next: Remembered) => {
    kept = next;
    memory.remember(next);
  };
  const stop = () => {
    listener?.stop();
    pace.stop();
    endTyping();
  };
  const finish: Conversation['finish'] = (end) => {
    stop();
    kept = undefined;
    memory.forget();
    const { outbox, transcript } = snapshot();
    // A session that had lapsed before this page was loaded: nobody has seen it here, so the chat just begins anew.
    if (end === 'expired' && transcript.length === 0) {
      for (const message of outbox) memory.keep(message);
      return change({ ...blank, outbox });
    }
    change({ end, typing: false, shown: lastSeq(transcript), outbox: refusedAll(outbox) });
  };
  const hear = (events: Heard[]) => {
    const transcript = events.filter((event) => event.type !== 'typing').reduce(receive, snapshot().transcript);
    const typing = events.at(-1)?.type === 'typing';
    endTyping();
    if (typing) endTyping = clock.alarm(typingPatience, () => change({ typing: false }));
    // What came while nobody was looking is old: it waits for nothing.
    const old = snapshot().history > 0 && snapshot().transcript.length === 0;
    change({ transcript, typing, link: 'live' });
    if (kept && lastSeq(transcript) > kept.last_seq) keep({ ...kept, last_seq: lastSeq(transcript) });
    if (old) show(lastSeq(transcript));
    else pace.follow(transcript);
  };
  const listen = (session: Remembered) => {
    kept = session;
    change({
      conversation_id: session.conversation_id,
      link: 'restoring',
      history: session.last_seq,
      opened: session.opened,
    });
    listener = startListener({
      ...parts,
      session,
      after: () => lastSeq(snapshot().transcript),
      hear: (events) => hear(events),
      async fillGap() {
        change({ transcript: await filled(parts, session, snapshot().transcript) });
        pace.follow(snapshot().transcript);
      },
      state: (link) => change({ link }),
      ended: () => finish('expired'),
    });
  };
  if (kept) listen(kept);
  return {
    snapshot,
    subscribe,
    change,
    session: () => kept,
    begin(session) {
      const begun = { ...session, last_seq: 0, opened: undefined };
      keep(begun);
      listen(begun);
    },
    opened(attemptId) {
      if (kept) keep({ ...kept, opened: attemptId });
      change({ opened: attemptId });
    },
    expect(seq) {
      clock.alarm(streamPatience, () => {
        if (snapshot().end === 'open' && lastSeq(snapshot().transcript) < seq) listener?.distrustStream();
      });
    },
    finish,
    reset() {
      stop();
      kept = undefined;
      memory.forget();
      change(blank);
    },
    wake: () => listener?.wake(),
    stop,
  };
}

/** Nothing that waits will be sent any more. */
function refusedAll(outbox: Outbox): Outbox {
  return outbox.reduce<Outbox>((rest, { id }) => refuse(rest, id), outbox);
}

/** What the stream could not give any more, the transcript may still have: asked for once per gap, whole. */
async function filled({ api }: ConversationParts, session: Session, transcript: Transcript): Promise<Transcript> {
  const answer = await api.events(session, { after: 0, wait: 0, signal: new AbortController().signal });
  if (!answer.ok) return transcript;
  const whole = answer.value.filter((event) => event.type !== 'typing');
  return whole.reduce(
    receive,
    transcript.filter(({ type }) => type !== 'gap'),
  );
}

function createState(first: Snapshot): Pick<Conversation, 'snapshot' | 'change' | 'subscribe'> {
  const listeners = new Set<() => void>();
  let state = first;
  return {
    snapshot: () => state,
    change(next) {
      state = { ...state, ...next };
      for (const hear of listeners) hear();
    },
    subscribe(hear) {
      listeners.add(hear);
      return () => listeners.delete(hear);
    },
  };
}
