/**
 * What the chat remembers in this browser, per bot, so that a reload loses nothing. It is the only source of a
 * conversation's session: never the URL, the fragment or a page around it, because a planted session would make every
 * proof of a sign-in succeed for whoever planted it.
 */
import { isRecord, numberOf, readJson, textOf } from '../shape.ts';
import type { Outbox, Outgoing, OutgoingBody } from './outbox.ts';

export interface Session {
  conversation_id: string;
  session_token: string;
}

export interface Remembered extends Session {
  /** The last event shown before; later ones are news. */
  last_seq: number;
  /** The sign-in attempt whose window was opened from here. */
  opened: string | undefined;
}

export interface Memory {
  session(): Remembered | undefined;
  remember(session: Remembered): void;
  /** Forgets the session and every unsent message. */
  forget(): void;
  unsent(): Outbox;
  keep(message: Outgoing): void;
  drop(id: string): void;
}

/** Where texts are kept; the browser's `localStorage` satisfies it. */
export type Shelf = Pick<Storage, 'length' | 'key' | 'getItem' | 'setItem' | 'removeItem'>;

/** Unsent messages have a key each: two tabs of one conversation never overwrite each other's. */
export function createMemory(shelf: Shelf, botId: string): Memory {
  const place = `errand.chat.${botId}`;
  const unsentPrefix = `${place}.unsent.`;
  const unsentKeys = () =>
    Array.from({ length: shelf.length }, (_, at) => shelf.key(at) ?? '').filter((key) => key.startsWith(unsentPrefix));
  return {
    session: () => parseSession(readJson(shelf.getItem(place) ?? 'null')),
    remember: (session) => shelf.setItem(place, JSON.stringify(session)),
    forget() {
      for (const key of [place, ...unsentKeys()]) shelf.removeItem(key);
    },
    unsent: () =>
      unsentKeys()
        .map((key) => parseOutgoing(readJson(shelf.getItem(key) ?? 'null')))
        .filter((message) => message !== undefined)
        .sort((a, b) => a.made - b.made || (a.id < b.id ? -1 : 1)),
    keep: (message) => shelf.setItem(unsentPrefix + message.id, JSON.stringify(message)),
    drop: (id) => shelf.removeItem(unsentPrefix + id),
  };
}

/** The first of the shelves that can be written to; a page's own memory when the browser blocks them all. */
export function usableShelf(candidates: (() => Shelf)[]): Shelf {
  for (const candidate of candidates) {
    try {
      const shelf = candidate();
      shelf.setItem('errand.try', '1');
      shelf.removeItem('errand.try');
      return shelf;
    } catch {
      // Blocked by the browser's settings: the next one.
    }
  }
  return pageShelf();
}

function pageShelf(): Shelf {
  const texts = new Map<string, string>();
  return {
    get length() {
      return texts.size;
    },
    key: (at) => [...texts.keys()][at] ?? null,
    getItem: (key) => texts.get(key) ?? null,
    setItem: (key, text) => void texts.set(key, text),
    removeItem: (key) => void texts.delete(key),
  };
}

function parseSession(value: unknown): Remembered | undefined {
  if (!isRecord(value)) return undefined;
  const conversationId = textOf(value['conversation_id']);
  const token = textOf(value['session_token']);
  if (!conversationId || !token) return undefined;
  return {
    conversation_id: conversationId,
    session_token: token,
    last_seq: numberOf(value['last_seq']) ?? 0,
    opened: textOf(value['opened']),
  };
}

function parseOutgoing(value: unknown): Outgoing | undefined {
  if (!isRecord(value)) return undefined;
  const id = textOf(value['id']);
  const body = parseBody(value['body']);
  if (!id || !body) return undefined;
  const state = value['state'] === 'refused' ? 'refused' : 'waiting';
  return { id, body, made: numberOf(value['made']) ?? 0, after: numberOf(value['after']) ?? 0, state };
}

function parseBody(value: unknown): OutgoingBody | undefined {
  if (!isRecord(value)) return undefined;
  const text = textOf(value['text']);
  if (text !== undefined) return { text };
  const postback = textOf(value['postback']);
  const label = textOf(value['label']);
  if (postback === undefined) return undefined;
  const metadata = value['metadata'];
  return {
    postback,
    ...(label !== undefined && { label }),
    ...(Array.isArray(metadata) && { metadata }),
  };
}
