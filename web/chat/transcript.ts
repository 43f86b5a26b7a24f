/** From events to what the chat shows: plain data and pure functions, so any order of delivery gives the same picture. */
import { type Outbox, type Outgoing, shownText, unheard } from './outbox.ts';
import { allOf, type Element } from './content/element.ts';
import type { Button, ChatEvent, MessageSent, QuickReply, SignInChanged } from './wire.ts';

/** Events by rising seq, each once. */
export type Transcript = readonly ChatEvent[];

/** Takes an event in; one that is there already changes nothing. */
export function receive(transcript: Transcript, event: ChatEvent): Transcript {
  const at = transcript.findLastIndex(({ seq }) => seq <= event.seq);
  if (transcript[at]?.seq === event.seq) return transcript;
  return transcript.toSpliced(at + 1, 0, event);
}

/** The part of it that is to be seen by now. */
export function upTo(transcript: Transcript, seq: number): Transcript {
  return transcript.filter((event) => event.seq <= seq);
}

export function lastSeq(transcript: Transcript): number {
  return transcript.at(-1)?.seq ?? 0;
}

/** One sign-in, told from all its events. */
export interface Attempt {
  id: string;
  status: 'offered' | 'bound' | 'granted' | 'ended';
  /** Why it ended, of the closed list of outcomes. */
  outcome: string | undefined;
  /** Set after a wrong code. */
  attemptsLeft: number | undefined;
  url: string | undefined;
  /** The button's own label, where a message brought one. */
  label: string | undefined;
}

/** `key` is unique, and the consumer's message keeps its own from when it is written: what is on the screen stays. */
export type Item =
  | {
      kind: 'message';
      key: string;
      seq: number;
      at: string;
      from: MessageSent['from'];
      text: string;
      buttons: Button[];
      content: Element | undefined;
      attempt: Attempt | undefined;
    }
  | { kind: 'handed_over'; key: string; seq: number; to: 'people' | 'bot' }
  | { kind: 'sign_in'; key: string; seq: number; attempt: Attempt }
  | { kind: 'pending'; key: string; id: string; text: string; state: Outgoing['state'] }
  | { kind: 'gap'; key: string };

export interface View {
  items: Item[];
  /** Of the bot's last message, until the consumer says something. */
  quickReplies: QuickReply[];
  perRow: number | undefined;
  /** Seq of the message that nothing was said after, when it is not the consumer's. */
  current: number | undefined;
  /** The name endings of the files that are waited for. */
  accepts: string[] | undefined;
  /** The newest attempt that can still be finished. */
  openAttempt: Attempt | undefined;
  closed: boolean;
}

export function view(transcript: Transcript, outbox: Outbox): View {
  const attempts = attemptsOf(transcript);
  const places = placesOf(transcript, attempts);
  const items: Item[] = [];
  // A hand-over that fails before anybody came is told by the bot alone.
  let speaker: 'people' | 'bot' = 'bot';
  for (const event of transcript) {
    // Quick replies alone stand below the log: there is nothing to show in it.
    if (event.type === 'message' && !repliesOnly(event)) items.push(messageItem(event, attempts, places));
    if (event.type === 'transfer' && event.to !== speaker) {
      speaker = event.to;
      items.push({ kind: 'handed_over', key: `handed-over-${event.seq}`, seq: event.seq, to: event.to });
    }
    if (event.type === 'gap') items.push({ kind: 'gap', key: `gap-${event.seq}` });
    if (event.type === 'sign_in' && places.get(event.attempt_id) === event.seq) {
      const attempt = attempts.get(event.attempt_id);
      if (attempt) items.push({ kind: 'sign_in', key: `sign-in-${event.attempt_id}`, seq: event.seq, attempt });
    }
  }
  const pending = unheard(outbox, fromConsumer(transcript));
  for (const message of pending) {
    const { id, body, state } = message;
    items.push({ kind: 'pending', key: `said-${id}`, id, text: shownText(body), state });
  }
  const last = pending.length ? undefined : lastWord(transcript);
  return {
    items,
    quickReplies: last?.quick_replies ?? [],
    perRow: last?.quick_replies_per_row,
    current: last?.seq,
    accepts: last?.accepts,
    openAttempt: [...attempts.values()].findLast(isOpen),
    closed: isClosed(transcript),
  };
}

export function isClosed(transcript: Transcript): boolean {
  return transcript.some(({ type }) => type === 'closed');
}

export function isOpen(attempt: Attempt): boolean {
  return attempt.status === 'offered' || attempt.status === 'bound';
}

function fromConsumer(transcript: Transcript): MessageSent[] {
  return transcript.filter((event) => event.type === 'message').filter(({ from }) => from === 'consumer');
}

function repliesOnly({ text, buttons, content, quick_replies }: MessageSent): boolean {
  return quick_replies.length > 0 && !text && !content && buttons.length === 0;
}

function messageItem(event: MessageSent, attempts: Map<string, Attempt>, places: Map<string, number>): Item {
  const here = attemptIds(event, attempts).find((id) => places.get(id) === event.seq);
  return {
    kind: 'message',
    key: event.message_id === undefined ? `message-${event.seq}` : `said-${event.message_id}`,
    seq: event.seq,
    at: event.at,
    from: event.from,
    text: event.text,
    // The attempt's own card stands for its buttons.
    buttons: event.buttons.filter(({ attempt_id: id }) => !id),
    content: event.content,
    attempt: here ? attempts.get(here) : undefined,
  };
}

/** Where each attempt is shown, once: the last message with its button, else its first event. */
function placesOf(transcript: Transcript, attempts: Map<string, Attempt>): Map<string, number> {
  const places = new Map<string, number>();
  for (const event of transcript) {
    if (event.type === 'sign_in' && !places.has(event.attempt_id)) places.set(event.attempt_id, event.seq);
  }
  for (const event of transcript) {
    for (const id of attemptIds(event, attempts)) places.set(id, event.seq);
  }
  return places;
}

/** The sign-ins a message has buttons for: its own buttons name them, those of structured content have their links. */
function attemptIds(event: ChatEvent, attempts: Map<string, Attempt>): string[] {
  if (event.type !== 'message') return [];
  const named = event.buttons.map(({ attempt_id: id }) => id).filter((id) => id !== undefined);
  const links = new Set(event.content ? allOf(event.content).flatMap(linksOf) : []);
  const linked = [...attempts.values()].filter(({ url }) => url !== undefined && links.has(url));
  return [...named, ...linked.map(({ id }) => id)];
}

function linksOf({ type, click }: Element): string[] {
  if (type !== 'button') return [];
  return click.actions.filter((action) => action.type === 'open').map(({ link }) => link.href);
}

function attemptsOf(transcript: Transcript): Map<string, Attempt> {
  const attempts = new Map<string, Attempt>();
  const at = (id: string): Attempt =>
    attempts.get(id) ?? {
      id,
      status: 'offered',
      outcome: undefined,
      attemptsLeft: undefined,
      url: undefined,
      label: undefined,
    };
  for (const event of transcript) {
    if (event.type === 'sign_in') attempts.set(event.attempt_id, changed(at(event.attempt_id), event));
    if (event.type !== 'message') continue;
    for (const { attempt_id: id, url, label } of event.buttons) {
      if (id) attempts.set(id, { ...at(id), url: url ?? at(id).url, label });
    }
  }
  return attempts;
}

/** An attempt that has ended stays ended. */
function changed(attempt: Attempt, event: SignInChanged): Attempt {
  if (!isOpen(attempt)) return attempt;
  if (event.status === 'completed' || event.status === 'ended') {
    const outcome = event.outcome ?? (event.status === 'completed' ? 'granted' : undefined);
    return { ...attempt, status: outcome === 'granted' ? 'granted' : 'ended', outcome, attemptsLeft: undefined };
  }
  if (event.status === 'code_rejected') return { ...attempt, attemptsLeft: event.attempts_left };
  if (event.status === 'bound') return { ...attempt, status: 'bound', attemptsLeft: undefined };
  return { ...attempt, url: event.url ?? attempt.url };
}

/** The last message, unless the consumer said it. */
function lastWord(transcript: Transcript): MessageSent | undefined {
  const last = transcript.findLast((event) => event.type === 'message');
  return last?.from === 'consumer' ? undefined : last;
}
