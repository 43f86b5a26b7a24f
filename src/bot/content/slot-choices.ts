import { type Element, objectsAt, textAt } from './members.ts';
import type { PlainLine } from './plain-choices.ts';

/** Authors write seconds or milliseconds: as seconds, this many are the year 5138. */
const secondsEnd = 1e11;

/** The appointments of a `scheduleSlotList` as lines to choose from, in the order of time; a text has no zone of its reader's, so they are in UTC. */
export function slotChoices(
  action: Element,
  { card, metadata }: { card: string; metadata: unknown[] },
  locale: string,
): PlainLine[] {
  const slots = objectsAt(action, 'slots').flatMap((slot) => {
    const start = timeOf(slot['start']);
    return start === undefined ? [] : [{ slot, start, end: timeOf(slot['end']) }];
  });
  return slots
    .toSorted((a, b) => a.start - b.start)
    .map(({ slot, start, end }) => {
      const label = spanOf(start, end, locale);
      const id = textAt(slot, 'id').map((one) => ({ type: 'ExternalId', id: one }));
      return {
        text: [label, ...textAt(slot, 'title'), ...textAt(slot, 'description')].join(' – '),
        choice: { label, card, says: label, metadata: [...metadata, ...id] },
      };
    });
}

/** Epoch ms; undefined: it is no time. */
function timeOf(value: unknown): number | undefined {
  if (typeof value !== 'number') return undefined;
  const ms = Math.abs(value) < secondsEnd ? value * 1_000 : value;
  return Number.isNaN(new Date(ms).getTime()) ? undefined : ms;
}

function spanOf(start: number, end: number | undefined, locale: string): string {
  const known = Intl.DateTimeFormat.supportedLocalesOf([locale]).length > 0 ? locale : 'en';
  const as = (ms: number, options: Intl.DateTimeFormatOptions) =>
    new Intl.DateTimeFormat(known, { ...options, timeZone: 'UTC' }).format(ms);
  const begin = as(start, { dateStyle: 'medium', timeStyle: 'short' });
  return end === undefined ? `${begin} UTC` : `${begin} – ${as(end, { timeStyle: 'short' })} UTC`;
}
