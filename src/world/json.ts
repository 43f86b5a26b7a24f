/** Plain JSON. */
export type Json = null | boolean | number | string | Json[] | { [key: string]: Json };

/** An object with members: neither null nor a list. */
export function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** @throws SyntaxError when the text is no JSON */
export function parseJson(text: string): Json {
  // JSON.parse gives JSON or throws; its type does not say so.
  return JSON.parse(text) as Json;
}

/** Undefined when the text is no JSON. */
export function tryParseJson(text: string): Json | undefined {
  try {
    return parseJson(text);
  } catch {
    return undefined;
  }
}
