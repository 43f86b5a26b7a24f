/** The body of a call. Text as the author wrote it, with each value encoded for the kind of body and its place in it. */
import type { VariableView } from '../engine/step.ts';
import { createPlacing, type Encode, encodings, type Placing } from './place.ts';

type Kind = 'json' | 'form' | 'xml' | 'text';

/** `type`: the call's Content-Type, when the author gave one; else the body's first sign decides. */
export function placeBody(
  body: string,
  view: VariableView,
  type: string | undefined,
): { body: string; type: string } | { problem: string } {
  const placing = createPlacing(view, 'body');
  const kind = kindOf(body, type);
  const placed = placeAs[kind](placing, body);
  const problem = placing.problems[0];
  if (problem) return { problem };
  return { body: placed, type: type ?? (/^\s*[{[]/.test(placed) ? 'application/json' : 'text/plain; charset=utf-8') };
}

const placeAs: Record<Kind, (placing: Placing, body: string) => string> = {
  json: (placing, body) => placing.place(body, jsonEncoding()),
  form: (placing, body) => placing.all(body, encodings.url),
  xml: (placing, body) => placing.all(body, encodings.xml),
  text: (placing, body) => placing.all(body, encodings.raw),
};

function kindOf(body: string, type: string | undefined): Kind {
  if (type === undefined) return /^\s*(?:\[|\{(?!\$))/.test(body) ? 'json' : 'text';
  if (/\bjson\b/i.test(type)) return 'json';
  if (/x-www-form-urlencoded/i.test(type)) return 'form';
  return /\bxml\b/i.test(type) ? 'xml' : 'text';
}

/** Follows the author's own quotes; values never change them: inside a string theirs are escaped, outside they are whole JSON. */
function jsonEncoding(): (expression: string, literal: string) => Encode {
  let inString = false;
  return (_expression, literal) => {
    for (const sign of literal.match(/\\[\s\S]|"/g) ?? []) if (sign === '"') inString = !inString;
    return inString ? encodings.jsonString : encodings.jsonValue;
  };
}
