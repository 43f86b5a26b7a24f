import { type ExpectedMessage, signInSite } from '../api/conversation-script.ts';
import type { Json } from '../world/json.ts';
import {
  type ContentButton,
  type ContentCard,
  contentButtons,
  contentCards,
  contentLinks,
  contentText,
} from '../bot/content/flatten.ts';
import type { WireEvent } from './runtime.ts';

/** A message as the consumer sees it, in the words of a script's `expect`. */
export interface SeenMessage {
  /** Absent where a message is structured content only. */
  text?: string;
  /** Every text in it, joined by newlines. */
  flat: string;
  /** Labels of everything that can be tapped, in order. */
  buttons: string[];
  links: string[];
  cards: ContentCard[];
  rich?: Json;
  /** What tapping each of the buttons does. */
  taps: Tap[];
}

export interface Tap {
  label: string;
  /** What is posted for the consumer; absent: the button only opens a link. */
  says?: { text: string } | { postback: string; label: string; metadata?: Record<string, unknown>[] };
}

type Item = { [key: string]: Json };

/** What the bot shows among these events. */
export function seenIn(events: readonly WireEvent[]): SeenMessage[] {
  return events.flatMap((event) => (event.type === 'message' && event.from !== 'consumer' ? [seen(event)] : []));
}

/** A message as an event or a trace holds it. */
export function seen({ text, content = null, buttons, quick_replies }: { [key: string]: Json }): SeenMessage {
  const links = itemsOf(buttons).flatMap(({ type, url }) => (type === 'link' && typeof url === 'string' ? [url] : []));
  const ofContent = contentButtons(content).map(tapOfContent);
  const replies = itemsOf(quick_replies).map((reply): Item => ({ ...reply, type: 'button' }));
  const taps = [...itemsOf(buttons).map(tapOf), ...ofContent, ...replies.map(tapOfReply)];
  const lines = [text, contentText(content)].filter((line) => typeof line === 'string' && line !== '');
  return {
    ...(typeof text === 'string' && { text: stable(text) }),
    flat: stable(lines.join('\n')),
    buttons: taps.map(({ label }) => label),
    links: [...links, ...contentLinks(content), ...replies.flatMap(contentLinks)].map(stable),
    cards: contentCards(content),
    ...(content !== null && { rich: stableJson(content) }),
    taps,
  };
}

/** A button has a label, a quick reply a title; both post their payload. */
function tapOf({ label, title, payload }: Item): Tap {
  const name = String(label ?? title ?? '').trim();
  return { label: name, ...(typeof payload === 'string' && { says: { postback: payload, label: name } }) };
}

/** One that only opens a link says nothing. */
function tapOfReply(reply: Item): Tap {
  const { label, says } = tapOf(reply);
  const [does] = contentButtons(reply);
  if (!says || (does?.leads_to !== undefined && does.says === undefined)) return { label };
  return { label, says: { ...says, ...(does?.metadata && { metadata: does.metadata }) } };
}

function tapOfContent({ label, says, metadata }: ContentButton): Tap {
  return { label, ...(says !== undefined && { says: { postback: says, label, ...(metadata && { metadata }) } }) };
}

function itemsOf(value: Json | undefined): Item[] {
  return Array.isArray(value) ? value.flatMap((one) => (isItem(one) ? [one] : [])) : [];
}

function isItem(value: Json): value is Item {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

const signInLink = new RegExp(`${signInSite.replaceAll('.', String.raw`\.`)}/sign-in/[A-Za-z0-9_-]+`, 'g');

/** Each sign-in has a link of its own; in scripts all of them read `https://sign-in.example/`. */
function stable(text: string): string {
  return text.replaceAll(signInLink, `${signInSite}/`);
}

function stableJson(content: Json): Json {
  const text = JSON.stringify(content);
  // A link has no character that JSON escapes, so the text stays JSON.
  return text.includes(signInSite) ? (JSON.parse(stable(text)) as Json) : content;
}

/** A seen message in the words of an `expect`. */
export function shortly({ text, flat, buttons, links, cards, rich }: SeenMessage): ExpectedMessage {
  return {
    ...(text === undefined ? { contains: flat } : { text }),
    ...(buttons.length > 0 && { buttons }),
    ...(links.length > 0 && { links }),
    ...(cards.length > 1 && { cards }),
    ...(rich !== undefined && { rich }),
  };
}
