import type { Interaction } from '../bot/document.ts';
import { fanOut } from './fan-out.ts';
import { normalise } from './pattern.ts';
import type { OutgoingMessage } from './step.ts';
import { expand, type Lookup } from './template.ts';

export type Picker = Extract<Interaction, { type: 'list_picker' | 'time_picker' }>;

const selected = 'User Selected: ';
const mostOptions = 100;
const longestTitle = 255;

/** What can be picked, in order: what is shown of it, and what it is called in the reply. */
interface Option {
  title: string;
  more: string;
  /** Of the first in a section that has a title. */
  heading?: string;
}

/** A picker as a numbered list with a button for each choice; a channel without buttons has the list alone. */
export function pickerMessage(
  picker: Picker,
  lookup: Lookup,
  locale: string,
): Required<Pick<OutgoingMessage, 'text' | 'buttons'>> {
  const options = optionsOf(picker, lookup, locale);
  const lines = options.flatMap(({ title, more, heading }, at) => [
    ...(heading ? [heading] : []),
    `${at + 1}. ${title}${more && ` – ${more}`}`,
  ]);
  const head = [picker.text, ...('title' in picker ? [picker.title, picker.location] : [])]
    .flatMap((text) => (text ? [expand(text, lookup).text] : []))
    .join('\n');
  return {
    text: [head, ...lines].join('\n'),
    buttons: options.map(({ title }) => ({ label: title, type: 'postback', payload: selected + title })),
  };
}

/** What a typed reply picks: a number or a title, several where that is allowed, as `User Selected: A and B`; undefined: nothing. */
export function pickedFrom(
  picker: Picker,
  typed: string,
  about: { lookup: Lookup; locale: string },
): string | undefined {
  const options = optionsOf(picker, about.lookup, about.locale);
  const pick = (part: string): string | undefined => titleOf(options, part);
  const one = pick(typed);
  if (one !== undefined) return selected + one;
  if (picker.type === 'time_picker' || picker.multiple !== true) return undefined;
  const titles = partsIn(normalise(typed)).map(pick);
  if (titles.length === 0 || titles.includes(undefined)) return undefined;
  return selected + [...new Set(titles)].join(' and ');
}

function titleOf(options: readonly Option[], typed: string): string | undefined {
  const text = normalise(typed);
  const number = text.replace(/[.)]$/, '');
  return options.find(({ title }, at) => normalise(title) === text || String(at + 1) === number)?.title;
}

/** `1, tea and 3` has three parts, and so has `1 2 3`; a title such as `Plan 2` stays one. */
export function partsIn(typed: string): string[] {
  const parts = typed
    .split(/[,;]|\b(?:and|und)\b/)
    .flatMap((part) => (/^[\d\s]+$/.test(part) ? part.split(' ') : [part]));
  return parts.map((part) => part.trim()).filter((part) => part !== '');
}

function optionsOf(picker: Picker, lookup: Lookup, locale: string): Option[] {
  const made = picker.type === 'list_picker' ? itemsOf(picker, lookup) : slotsOf(picker, lookup, locale);
  const options: Option[] = [];
  for (const option of made) {
    if (options.length === mostOptions) break;
    options.push(option);
  }
  return options;
}

/** One after the other, as lists of an API can make thousands of them. */
function* itemsOf(picker: Extract<Picker, { type: 'list_picker' }>, lookup: Lookup): Generator<Option> {
  for (const section of picker.sections) {
    let heading = section.title && expand(section.title, lookup, longestTitle).text.trim();
    for (const { title, subtitle = '' } of section.items) {
      for (const one of fanOut([title, subtitle], lookup)) {
        yield {
          title: expand(title, one, longestTitle).text.trim(),
          more: expand(subtitle, one, longestTitle).text.trim(),
          ...(heading && { heading }),
        };
        heading = undefined;
      }
    }
  }
}

function* slotsOf(picker: Extract<Picker, { type: 'time_picker' }>, lookup: Lookup, locale: string): Generator<Option> {
  for (const { start, duration_minutes } of picker.slots) {
    for (const one of fanOut([start], lookup))
      yield {
        title: shownTime(expand(start, one, longestTitle).text.trim(), picker.offset_minutes ?? 0, locale),
        more: duration_minutes === undefined ? '' : `${duration_minutes} min`,
      };
  }
}

/** A time such as `2026-04-30T13:30+0000`, as it reads in a zone so many minutes from GMT; what is no time stays as it is. */
function shownTime(start: string, offset: number, locale: string): string {
  const at = Date.parse(start.replace(/([+-]\d\d)(\d\d)$/, '$1:$2'));
  if (Number.isNaN(at)) return start;
  const known = Intl.DateTimeFormat.supportedLocalesOf([locale]).length > 0 ? locale : 'en';
  return new Intl.DateTimeFormat(known, { dateStyle: 'medium', timeStyle: 'short', timeZone: 'UTC' }).format(
    at + offset * 60_000,
  );
}
