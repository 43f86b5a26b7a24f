/** Puts values into an author's texts, each encoded for where it stands, so that a value can never become structure (X4). */
import { render } from '../engine/template.ts';
import type { VariableView } from '../engine/step.ts';
import { mask } from '../world/secret.ts';

/** One expression of a template, as the engine's `render` reads them. */
const expression = /(\{[^{}\r\n]{1,200}\})/;

/** Line breaks and control characters in a value make a call fail instead of injecting (`reference/liveperson` 4.6). */
const control = /[\u0000-\u001f\u007f-\u009f\u2028\u2029]/;

const handle = /errand:(?:token|sign-in):[A-Za-z0-9_-]+/g;

/** Handles of tokens and sign-ins as `•••`. One has no character that JSON escapes, so a JSON text stays whole. */
export const maskedHandles = (text: string): string => text.replace(handle, mask);

export type Encode = (value: string) => string;

/** Renders the texts of one request and remembers what could not be placed. */
export interface Placing {
  /** Literal text and encoded values. `encodeAt` is asked for each value in order, with the literal text since the last one. */
  place(text: string, encodeAt: (expression: string, literal: string) => Encode): string;
  /** The same with one encoding for all. */
  all(text: string, encode: Encode): string;
  /** What is wrong, said for the author; empty when the request may go. */
  problems: string[];
}

/** `where` names the part of the request in the problems. Handles are masked unless `keepHandles`. */
export function createPlacing(view: VariableView, where: string, keepHandles = false): Placing {
  const problems: string[] = [];
  const guarded = (encode: Encode) => (value: string) => {
    if (control.test(value)) problems.push(`A variable in the ${where} holds a line break or a control character.`);
    try {
      return encode((keepHandles ? value : maskedHandles(value)).toWellFormed());
    } catch (error) {
      if (!(error instanceof Unplaceable)) throw error;
      problems.push(`A variable in the ${where} ${error.message}.`);
      return '';
    }
  };
  const place: Placing['place'] = (text, encodeAt) => {
    let literal = '';
    const placed = text.split(expression).map((part, index) => {
      let valued = false;
      const encode = (value: string) => {
        valued = true;
        return guarded(encodeAt(part, literal))(value);
      };
      const rendered = index % 2 === 0 ? part : render(part, view, encode);
      literal = valued ? '' : literal + rendered;
      return rendered;
    });
    return placed.join('');
  };
  return { place, all: (text, encode) => place(text, () => encode), problems };
}

/** Thrown by an encoding that has no place for a value; caught right above. */
class Unplaceable extends Error {}

export const encodings = {
  raw: (value) => value,
  url: encodeURIComponent,
  /**
   * Inside a JSON string: quotes and backslashes cannot end it. A value that is written as the inside of a JSON string
   * already, with its escapes, stays as it is: LivePerson puts values in as they are, so its authors escape by hand.
   */
  jsonString: (value) => (value.includes('\\') && isJson(`"${value}"`) ? value : JSON.stringify(value).slice(1, -1)),
  /** Between JSON's signs: only a whole JSON value, so that `1, "admin": true` adds no member. */
  jsonValue(value) {
    if (!isJson(value)) throw new Unplaceable('stands where JSON needs a value, and is none: put it in quotes');
    return value;
  },
  xml: (value) => value.replace(/[&<>"']/g, (sign) => `&#${sign.charCodeAt(0)};`),
} satisfies Record<string, Encode>;

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}
