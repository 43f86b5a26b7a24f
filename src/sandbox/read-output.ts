/** What comes out of a jail is text written by whoever wrote the script: checked for size, depth and shape before use. */
import type { Json } from '../world/json.ts';

/** UTF-16 units. */
const longest = 2_100_000;
const deepest = 64;

/**
 * Parses a script's output. NUL and lone surrogates become U+FFFD (no store can keep them), and a key `__proto__` is
 * left out (SB-04, SB-07).
 * @throws RangeError naming the limit that was passed
 */
export function readOutput(text: string): Json {
  if (text.length > longest) throw new RangeError(`the script gives back more than ${longest} characters`);
  if (depthOf(text) > deepest) throw new RangeError(`the script gives back values nested more than ${deepest} deep`);
  const output: Json = JSON.parse(text);
  // Only escapes and this one name can spell what has to be cleaned: most outputs have neither.
  return text.includes('\\u') || text.includes('__proto__') ? cleaned(output) : output;
}

/** Depth of brackets outside strings, found before anything recursive meets the text. */
function depthOf(text: string): number {
  let depth = 0;
  let most = 0;
  let quoted = false;
  for (let i = 0; i < text.length; i += 1) {
    const char = text[i];
    if (char === '"') quoted = !quoted;
    else if (quoted) i += char === '\\' ? 1 : 0;
    else if (char === '[' || char === '{') most = Math.max(most, ++depth);
    else if (char === ']' || char === '}') depth -= 1;
  }
  return most;
}

function cleaned(value: Json): Json {
  if (typeof value === 'string') return storable(value);
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return value.map(cleaned);
  const entries = Object.entries(value).map(([key, inner]): [string, Json] => [storable(key), cleaned(inner)]);
  return Object.fromEntries(entries.filter(([key]) => key !== '__proto__'));
}

function storable(text: string): string {
  return text.toWellFormed().replaceAll('\0', '\uFFFD');
}
