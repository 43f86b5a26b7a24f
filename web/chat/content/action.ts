/** What a tap on an element does, parsed once: an action that may not be done is left out. */
import { mapAddress } from '../../../src/bot/content/map-address.ts';
import { safeLink } from '../../link.ts';
import { isRecord, listOf, numberOf, textOf } from '../../shape.ts';

export interface Slot {
  id: string;
  /** Epoch ms. */
  start: number;
  end: number | undefined;
  title: string;
  description: string;
  /** Of a picture, over https: the page's policy lets no other in. */
  image: string | undefined;
}

export interface DateAction {
  type: 'date';
  range: boolean;
  title: string;
  /** Epoch ms. */
  min: number | undefined;
  max: number | undefined;
  format: string | undefined;
}

export interface SlotAction {
  type: 'slots';
  title: string;
  slots: Slot[];
}

export type Action =
  | { type: 'say'; text: string }
  | { type: 'open'; link: URL; here: boolean }
  | DateAction
  | SlotAction
  /** For the page around the chat: `custom` and `addToCart`, as the author wrote them. */
  | { type: 'tell'; action: Record<string, unknown> };

export interface Click {
  actions: Action[];
  /** Goes back with what the click says. */
  metadata: unknown[];
}

const most = 4;

export function parseClick(value: unknown): Click {
  if (!isRecord(value)) return { actions: [], metadata: [] };
  return { actions: listOf(value['actions'], parseAction).slice(0, most), metadata: parseMetadata(value['metadata']) };
}

export function parseMetadata(value: unknown): unknown[] {
  return Array.isArray(value) ? value.filter(isRecord) : [];
}

export function parseAction(value: unknown): Action | undefined {
  if (!isRecord(value)) return undefined;
  switch (value['type']) {
    case 'publishText':
      return say(value['text']);
    case 'checked':
      return say(value['publishText']);
    case 'link':
      return open(value);
    case 'navigate':
      return navigate(value);
    case 'datePicker':
      return date(value);
    case 'scheduleSlotList':
      return { type: 'slots', title: textOf(value['title']) ?? '', slots: listOf(value['slots'], slot) };
    case 'custom':
    case 'addToCart':
      return { type: 'tell', action: value };
    default:
      return undefined;
  }
}

/** What the consumer says with it, at once or after choosing something. */
export function speaks({ type }: Action): boolean {
  return type === 'say' || type === 'date' || type === 'slots';
}

function say(value: unknown): Action | undefined {
  const text = textOf(value);
  return text ? { type: 'say', text } : undefined;
}

function open(value: Record<string, unknown>): Action | undefined {
  const web = isRecord(value['web']) ? textOf(value['web']['uri']) : undefined;
  const link = safeLink(web ?? textOf(value['uri']));
  return link && { type: 'open', link, here: value['target'] === 'self' };
}

function navigate(value: Record<string, unknown>): Action | undefined {
  const [la, lo] = [numberOf(value['la']), numberOf(value['lo'])];
  return la === undefined || lo === undefined
    ? undefined
    : { type: 'open', link: new URL(mapAddress(la, lo)), here: false };
}

function date(value: Record<string, unknown>): Action {
  return {
    type: 'date',
    range: value['class'] === 'range',
    title: textOf(value['title']) ?? '',
    min: timeOf(value['minDate']),
    max: timeOf(value['maxDate']),
    format: textOf(value['dateFormat']),
  };
}

function slot(value: unknown): Slot | undefined {
  if (!isRecord(value)) return undefined;
  const start = timeOf(value['start']);
  if (start === undefined) return undefined;
  return {
    id: textOf(value['id']) ?? '',
    start,
    end: timeOf(value['end']),
    title: textOf(value['title']) ?? '',
    description: textOf(value['description']) ?? '',
    image: picture(value['imageUrl']),
  };
}

function picture(value: unknown): string | undefined {
  const link = safeLink(textOf(value));
  return link?.protocol === 'https:' ? link.href : undefined;
}

/** Authors write seconds or milliseconds: as seconds, this many are the year 5138. */
const secondsEnd = 1e11;

function timeOf(value: unknown): number | undefined {
  const time = numberOf(value);
  if (time === undefined) return undefined;
  const ms = Math.abs(time) < secondsEnd ? time * 1_000 : time;
  return Number.isNaN(new Date(ms).getTime()) ? undefined : ms;
}
