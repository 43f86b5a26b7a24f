/** Events of a conversation as the Consumer API sends them, parsed once at the edge. */
import { contentText } from '../../src/bot/content/flatten.ts';
import { safeLink } from '../link.ts';
import { isRecord, listOf, numberOf, textOf } from '../shape.ts';
import { type Action, type Click, parseClick } from './content/action.ts';
import type { Element } from './content/element.ts';
import { type Look, parseLook } from './content/look.ts';
import { parseContent } from './content/parse-content.ts';

export interface QuickReply {
  title: string;
  /** A picture beside the title, over https. */
  image: string | undefined;
  /** All that a tap does. */
  click: Click;
  look: Look;
  tooltip: string;
}

export interface Button {
  label: string;
  type: 'link' | 'postback';
  url: string | undefined;
  target: string | undefined;
  payload: string | undefined;
  /** The button opens this sign-in attempt. */
  attempt_id: string | undefined;
}

export interface MessageSent {
  type: 'message';
  seq: number;
  at: string;
  /** `agent`: one of the people who have taken the conversation over. */
  from: 'consumer' | 'bot' | 'agent';
  text: string;
  /** The sender's own id of a consumer's message, where the server tells it. */
  message_id: string | undefined;
  quick_replies: QuickReply[];
  quick_replies_per_row: number | undefined;
  buttons: Button[];
  content: Element | undefined;
  /** To be shown so long after what came before it, in ms. */
  delay_ms: number;
  /** The bot waits for a file with one of these name endings. */
  accepts: string[] | undefined;
}

export type SignInStatus = 'offered' | 'bound' | 'code_rejected' | 'completed' | 'ended';

export interface SignInChanged {
  type: 'sign_in';
  seq: number;
  at: string;
  attempt_id: string;
  status: SignInStatus;
  attempts_left: number | undefined;
  outcome: string | undefined;
  url: string | undefined;
}

/** People have the conversation, or the bot has it again. */
export interface HandedOver {
  type: 'transfer';
  seq: number;
  at: string;
  to: 'people' | 'bot';
}

/** `other`: of a later version of the contract; only its seq counts. */
export interface PlainEvent {
  type: 'closed' | 'gap' | 'other';
  seq: number;
  at: string;
}

export type ChatEvent = MessageSent | SignInChanged | HandedOver | PlainEvent;
export type Heard = ChatEvent | { type: 'typing' };

/** Undefined for what is no event at all. */
export function parseEvent(value: unknown): Heard | undefined {
  if (!isRecord(value)) return undefined;
  if (value['type'] === 'typing') return { type: 'typing' };
  const seq = numberOf(value['seq']);
  if (seq === undefined) return undefined;
  const head = { seq, at: textOf(value['at']) ?? '' };
  if (value['type'] === 'message') return { ...head, type: 'message', ...messageParts(value) };
  if (value['type'] === 'sign_in') return signIn(value, head);
  if (value['type'] === 'transfer') return handedOver(value, head);
  if (value['type'] === 'closed' || value['type'] === 'gap') return { ...head, type: value['type'] };
  return { ...head, type: 'other' };
}

function messageParts(value: Record<string, unknown>) {
  const content = value['from'] === 'consumer' ? undefined : parseContent(value['content']);
  return {
    from: speakers.find((known) => known === value['from']) ?? ('bot' as const),
    // Content that cannot be drawn is read out.
    text: textOf(value['text']) || (content ? '' : contentText(value['content'])),
    message_id: textOf(value['message_id']),
    quick_replies: listOf(value['quick_replies'], quickReply),
    quick_replies_per_row: numberOf(value['quick_replies_per_row']),
    buttons: listOf(value['buttons'], button),
    content,
    delay_ms: Math.min(Math.max(numberOf(value['delay_ms']) ?? 0, 0), longestDelay),
    accepts: isRecord(value['upload']) ? listOf(value['upload']['accept'], textOf) : undefined,
  };
}

const speakers = ['consumer', 'bot', 'agent'] as const;
/** As long as an author may have a message wait. */
const longestDelay = 10_000;

/** Who speaks from here on; a hand-over that is only asked for changes nothing. */
function handedOver(value: Record<string, unknown>, head: { seq: number; at: string }): ChatEvent {
  if (value['status'] === 'accepted') return { ...head, type: 'transfer', to: 'people' };
  if (value['status'] === 'ended' || value['status'] === 'failed') return { ...head, type: 'transfer', to: 'bot' };
  return { ...head, type: 'other' };
}

function signIn(value: Record<string, unknown>, head: { seq: number; at: string }): ChatEvent {
  const attemptId = textOf(value['attempt_id']);
  const status = statuses.find((known) => known === value['status']);
  if (!attemptId || !status) return { ...head, type: 'other' };
  return {
    ...head,
    type: 'sign_in',
    attempt_id: attemptId,
    status,
    attempts_left: numberOf(value['attempts_left']),
    outcome: textOf(value['outcome']),
    url: textOf(value['url']),
  };
}

const statuses: SignInStatus[] = ['offered', 'bound', 'code_rejected', 'completed', 'ended'];

function quickReply(value: unknown): QuickReply | undefined {
  if (!isRecord(value)) return undefined;
  const title = textOf(value['title']);
  if (title === undefined) return undefined;
  const { actions, metadata } = parseClick(value['click']);
  const says: Action = { type: 'say', text: textOf(value['payload']) || title };
  return {
    title,
    image: pictureOf(value['image']),
    click: { actions: actions.length > 0 ? actions : [says], metadata },
    look: parseLook(value['style']),
    tooltip: textOf(value['tooltip']) ?? '',
  };
}

/** The page's policy lets pictures in over https only. */
function pictureOf(value: unknown): string | undefined {
  const url = safeLink(textOf(value));
  return url?.protocol === 'https:' ? url.href : undefined;
}

function button(value: unknown): Button | undefined {
  if (!isRecord(value)) return undefined;
  const label = textOf(value['label']);
  if (label === undefined) return undefined;
  return {
    label,
    type: value['type'] === 'postback' ? 'postback' : 'link',
    url: textOf(value['url']),
    target: textOf(value['target']),
    payload: textOf(value['payload']),
    attempt_id: textOf(value['attempt_id']),
  };
}
