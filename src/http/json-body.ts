import type { IncomingHttpHeaders } from 'node:http';
import { Problem } from '../world/problem.ts';

const deepest = 100;

/** The text of a body as it came. Refuses all but UTF-8 (RFC 8259 8.1): what is read as something else is altered. */
export function bodyText(body: Buffer, headers: IncomingHttpHeaders): string {
  const [, charset = 'utf-8'] = /;\s*charset\s*=\s*"?([^";\s]*)/i.exec(headers['content-type'] ?? '') ?? [];
  if (!/^utf-?8$/i.test(charset))
    throw new Problem('unsupported_media_type', `A body in "${charset.slice(0, 40)}" is not taken: send UTF-8.`);
  if (!/^(identity)?$/i.test(headers['content-encoding'] ?? ''))
    throw new Problem('unsupported_media_type', 'A body with a Content-Encoding is not taken: send it plain.');
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(body);
  } catch {
    throw invalid('The body is not UTF-8.', 'must be UTF-8');
  }
}

/**
 * Parses a JSON body. Refuses nesting that would overflow a recursive reader later (LD-08) and the key `__proto__`,
 * which no schema of ours has but a merge somewhere could obey (TN-05). An empty text is no body, since many clients
 * name a type without sending anything; `null` is a body, and never what was asked for.
 */
export function parseBody(text: string): unknown {
  if (text.trim() === '') return undefined;
  if (nesting(text) > deepest)
    throw invalid(
      `The body is nested deeper than ${deepest} levels.`,
      `must not be nested deeper than ${deepest} levels`,
    );
  try {
    // The reviver costs a call per value, so it runs only where the key can be: plain, or written with escapes.
    const json: unknown = /__proto__|\\u00/i.test(text) ? JSON.parse(text, refuseProto) : JSON.parse(text);
    if (json === null) throw invalid('The body is not valid.', 'must be an object');
    return json;
  } catch (error) {
    if (error instanceof Problem) throw error;
    throw invalid('The body is not JSON.', 'must be JSON');
  }
}

const invalid = (detail: string, place: string) =>
  new Problem('invalid_body', detail, [{ pointer: '', detail: place }]);

function refuseProto(key: string, value: unknown): unknown {
  if (key === '__proto__')
    throw invalid('The key "__proto__" is refused.', 'must not have the key "__proto__" anywhere');
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
