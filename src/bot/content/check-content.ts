/** Structured content, checked when a bot is saved, and before it is sent, whoever has built it. */
import { isObject, type Json } from '../../world/json.ts';
import { beyondBounds } from '../bounds.ts';
import { pointer } from '../problem.ts';
import { common, elements } from './elements.ts';
import { checkFields, type ContentFault, unknownFields } from './fields.ts';
import { contentElements } from './flatten.ts';
import { leaveOut } from './leave-out.ts';
import { checkStyle } from './style.ts';

export type { ContentFault } from './fields.ts';

/** An element whose shape was checked. */
export interface Content {
  type: string;
  [member: string]: unknown;
}

export type CheckedContent = { ok: true; content: Content } | { ok: false; faults: ContentFault[] };

/** Elements in all; a renderer has to draw each of them. */
const mostElements = 500;
const bounds = { depth: 24, values: 20_000, characters: 300_000 };
/** Faults told at most: a bot that is wrong everywhere needs no list of thousands. */
const mostFaults = 50;

/**
 * Whether `json` is structured content: any element, a card or a list of cards. The order of a card's elements is
 * forgiven; unknown members, unsafe links and what is over a limit are not. `faults` name their places by JSON pointer.
 */
export function checkContent(json: unknown): CheckedContent {
  const faults = faultsOf(json);
  return faults.length === 0 && isContent(json)
    ? { ok: true, content: json }
    : { ok: false, faults: faults.slice(0, mostFaults) };
}

export type ShownContent =
  | { ok: true; content: Json; left_out: ContentFault[] }
  | { ok: false; faults: ContentFault[] };

/**
 * The content as it can be shown: an image, a link or a look that is not right costs itself alone, and is told as
 * `left_out`. What remains has passed the same check; where nothing does, or the structure is wrong, nothing is shown.
 */
export function shownContent(json: Json): ShownContent {
  const faults = faultsOf(json);
  const told = faults.slice(0, mostFaults);
  const places = new Set(faults.flatMap(({ leave_out }) => leave_out ?? []));
  const mended = faults.every(({ leave_out }) => leave_out !== undefined) ? leaveOut(json, places) : undefined;
  const checked = mended === undefined ? undefined : checkContent(mended);
  const readable = faults.length === 0 || contentElements(mended).some((element) => !isContainer(element));
  if (!checked?.ok || !readable) return { ok: false, faults: told };
  return { ok: true, content: mended ?? json, left_out: told };
}

function isContainer(element: Readonly<Record<string, unknown>>): boolean {
  return Array.isArray(element['elements']) && element['type'] !== 'keyValuePairList';
}

function faultsOf(json: unknown): ContentFault[] {
  const beyond = beyondBounds(json, bounds);
  if (beyond !== undefined) return [{ path: '', message: `is too large: ${beyond}` }];
  let count = 0;

  function inner(value: unknown, path: string): ContentFault[] {
    count += 1;
    if (count > mostElements) return count === mostElements + 1 ? [tooMany(path)] : [];
    if (!isObject(value)) return [{ path, message: 'must be an element: an object with a "type"' }];
    const type = typeof value['type'] === 'string' ? value['type'] : '';
    const fields = Object.hasOwn(elements, type) ? elements[type] : undefined;
    if (!fields) return [unknownType(pointer(path, 'type'))];
    const all = { ...common, ...fields };
    return [
      ...checkFields(value, all, { path, inner }),
      ...unknownFields(value, all, path),
      ...checkStyle(value['style'], pointer(path, 'style')),
    ];
  }

  return inner(json, '');
}

export function isContent(value: unknown): value is Content {
  return isObject(value) && typeof value['type'] === 'string';
}

function unknownType(path: string): ContentFault {
  const known = Object.keys(elements).map((name) => JSON.stringify(name));
  return { path, message: `must be one of ${known.join(', ')}` };
}

function tooMany(path: string): ContentFault {
  return { path, message: `is one too many: structured content has at most ${mostElements} elements` };
}
