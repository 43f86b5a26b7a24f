import { Problem } from '../world/problem.ts';

const deepest = 100;

/**
 * Parses a JSON body. Refuses nesting that would overflow a recursive reader later (LD-08) and the key `__proto__`,
 * which no schema of ours has but a merge somewhere could obey (TN-05). An empty text is no body, since many clients
 * name a type without sending anything; `null` is a body, and never what was asked for.
 */
export function parseBody(text: string): unknown {
  if (text.trim() === '') return undefined;
  if (nesting(text) > deepest) throw new Problem('invalid_body', `The body is nested deeper than ${deepest} levels.`);
  try {
    // The reviver costs a call per value, so it runs only where the key can be: plain, or written with escapes.
    const json: unknown = /__proto__|\\u00/i.test(text) ? JSON.parse(text, refuseProto) : JSON.parse(text);
    if (json === null) throw notAnObject();
    return json;
  } catch (error) {
    if (error instanceof Problem) throw error;
    throw new Problem('invalid_body', 'The body is not JSON.');
  }
}

const notAnObject = () =>
  new Problem('invalid_body', 'The body is not valid.', [{ pointer: '', detail: 'must be an object' }]);

function refuseProto(key: string, value: unknown): unknown {
  if (key === '__proto__') throw new Problem('invalid_body', 'The key "__proto__" is refused.');
  return value;
}

/** How deep the text opens brackets, strings left out. */
export function nesting(text: string): number {
  let depth = 0;
  let most = 0;
  for (let at = 0; at < text.length; at += 1) {
    const char = text[at];
    if (char === '"') at = endOfString(text, at);
    else if (char === '[' || char === '{') most = Math.max(most, (depth += 1));
    else if (char === ']' || char === '}') depth -= 1;
  }
  return most;
}

function endOfString(text: string, start: number): number {
  let at = start + 1;
  while (at < text.length && text[at] !== '"') at += text[at] === '\\' ? 2 : 1;
  return at;
}
