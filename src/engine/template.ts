import type { Json } from '../world/json.ts';
import type { VariableView } from './step.ts';

/** Finds the value behind a name: `item`, `Orders.item`, `slot.x`, `$env.host`, `$userMessage`. */
export type Lookup = (name: string) => Json | undefined;

/** At most 200 characters and no braces inside, so the search is linear and JSON bodies pass through untouched. */
const expression = /\{([^{}\r\n]{1,200})\}/g;

/** Characters that an author's text may have once its values are in it, where nothing else is said. */
export const longestText = 20_000;

export interface Expanded {
  text: string;
  /** Names that have no value. */
  unset: string[];
  /** The text would have been longer than `longest` and ends there. */
  cut: boolean;
  /** Characters looked at and written, also those that were cut: what the work was. */
  cost: number;
}

/**
 * Expands the expressions of an author's text (`reference`: Interpolation): `{$botContext.x}`, `{$env.x}`,
 * `{Integration.field}`, `{$userMessage}` and the other system names. One pass: a value is never looked at again, so
 * what a consumer typed is never evaluated (TK-08). Unset names stay as they are written. A text may name a large
 * variable a thousand times: no value is read any more once the values are longer than `longest`.
 */
export function expand(text: string, lookup: Lookup, longest = longestText): Expanded {
  const unset: string[] = [];
  let values = 0;
  const expanded = text.replace(expression, (whole, inside: string) => {
    if (values > longest) return '';
    const name = nameIn(inside);
    if (name === undefined) return whole;
    const value = lookup(name);
    if (value === undefined || value === null) {
      unset.push(name);
      return whole;
    }
    const written = toText(value);
    values += written.length;
    return written;
  });
  const cut = expanded.length > longest;
  return { text: cut ? cutAt(expanded, longest) : expanded, unset, cut, cost: text.length + values };
}

/** Never between the halves of a surrogate pair. */
function cutAt(text: string, longest: number): string {
  return text.slice(0, longest).replace(/[\ud800-\udbff]$/, '');
}

/** The same over a plain view, as calls to brand APIs use it: `place` encodes each value for where it stands. Their length is checked before. */
export function render(text: string, view: VariableView, place: (value: string) => string = asIs): string {
  return text.replace(expression, (whole, inside: string) => {
    const name = nameIn(inside);
    const value = name !== undefined && Object.hasOwn(view, name) ? view[name] : undefined;
    return value === undefined || value === null ? whole : place(toText(value));
  });
}

/** Expressions that have a value, each written by `write`, which is told where in the author's text it stands. */
export function placeEach(text: string, lookup: Lookup, write: (value: Json, at: number) => string): string {
  return text.replace(expression, (whole, inside: string, at: number) => {
    const name = nameIn(inside);
    const value = name === undefined ? undefined : lookup(name);
    return value === undefined || value === null ? whole : write(value, at);
  });
}

/** How a variable reads inside a text: lists are joined, objects are their JSON. */
export function toText(value: Json): string {
  if (typeof value === 'string') return value;
  if (Array.isArray(value) && value.every((one) => typeof one !== 'object')) return value.map(String).join(', ');
  return typeof value === 'object' ? JSON.stringify(value) : String(value);
}

/** The names a text refers to. */
export function namesIn(text: string): string[] {
  return [...text.matchAll(expression)].flatMap(([, inside = '']) => nameIn(inside) ?? []);
}

/** An integration's name and a field's. Between words of a field there may be spaces, but then nothing that code has. */
const fieldName = /^[^$"'\s.][^".]*\.(?:[^"'\s]+|[\p{L}\p{N}_](?:[\p{L}\p{N}_'’ -]*[\p{L}\p{N}_])?)$/u;

function nameIn(inside: string): string | undefined {
  const context = /^\$botContext\.(.+)$/i.exec(inside);
  if (context) return context[1];
  if (/^\$[A-Za-z]/.test(inside)) return inside;
  return fieldName.test(inside) ? inside : undefined;
}

function asIs(value: string): string {
  return value;
}
