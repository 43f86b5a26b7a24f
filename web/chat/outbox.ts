/** Messages the consumer has written that the server may not have yet. Plain data and pure changes. */

/** `metadata` comes from structured content and goes back with the click as it came. */
export type OutgoingBody = { text: string } | { postback: string; label?: string; metadata?: unknown[] };

export interface Outgoing {
  /** The client's own message id: resent with the same id and body until answered, so it counts once (I2). */
  id: string;
  body: OutgoingBody;
  /** Order of writing. */
  made: number;
  /** The last seq known when it was written: its event has a higher one. */
  after: number;
  /** `refused`: the server will never take it as it stands. */
  state: 'waiting' | 'accepted' | 'refused';
  /** Set once accepted. */
  seq?: number;
}

export type Outbox = readonly Outgoing[];

/** Adds a message in its order of writing; the same id twice is one message. */
export function put(outbox: Outbox, message: Outgoing): Outbox {
  if (outbox.some(({ id }) => id === message.id)) return outbox;
  return [...outbox, message].sort((a, b) => a.made - b.made || (a.id < b.id ? -1 : 1));
}

export function accept(outbox: Outbox, id: string, seq: number): Outbox {
  return outbox.map((message) => (message.id === id ? { ...message, state: 'accepted', seq } : message));
}

export function refuse(outbox: Outbox, id: string): Outbox {
  return outbox.map((message) =>
    message.id === id && message.state === 'waiting' ? { ...message, state: 'refused' } : message,
  );
}

/** A refused message, to be tried again. */
export function retry(outbox: Outbox, id: string): Outbox {
  return outbox.map((message) =>
    message.id === id && message.state === 'refused' ? { ...message, state: 'waiting' } : message,
  );
}

export function drop(outbox: Outbox, id: string): Outbox {
  return outbox.filter((message) => message.id !== id);
}

/** The one to send now: messages go out one by one, in order. */
export function nextToSend(outbox: Outbox): Outgoing | undefined {
  return outbox.find(({ state }) => state === 'waiting');
}

/** What the consumer sees for it. */
export function shownText(body: OutgoingBody): string {
  return 'text' in body ? body.text : (body.label ?? body.postback);
}

/** A consumer's message that came as an event. */
export interface HeardMessage {
  seq: number;
  message_id: string | undefined;
}

/**
 * Messages to show below the transcript: those whose event has not come yet. The event can arrive before the answer
 * to the request that caused it; where it does not tell its message id, the first waiting message is taken to be it,
 * lest it show twice.
 */
export function unheard(outbox: Outbox, heard: readonly HeardMessage[]): Outbox {
  const ids = new Set(heard.map(({ message_id: id }) => id));
  const seqs = new Set(heard.map(({ seq }) => seq));
  const claimed = new Set(outbox.map(({ seq }) => seq));
  const nameless = heard.filter(({ seq, message_id: id }) => id === undefined && !claimed.has(seq));
  return outbox.filter((message) => {
    if (ids.has(message.id)) return false;
    if (message.state === 'accepted') return message.seq !== undefined && !seqs.has(message.seq);
    if (message.state === 'refused') return true;
    const at = nameless.findIndex(({ seq }) => seq > message.after);
    if (at === -1) return true;
    nameless.splice(at, 1);
    return false;
  });
}
