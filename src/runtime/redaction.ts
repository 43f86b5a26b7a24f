import { maskHandles, tokenPlaceholder } from '../delegation/handles.ts';
import type { TraceEntry } from '../store/trace.ts';
import { mask } from '../world/secret.ts';

const secretHeaders = new Set(['authorization', 'proxy-authorization', 'cookie', 'set-cookie', 'x-api-key']);

/** Entries as the JSON that is stored: handles and links of sign-ins show as `•••` (I7, TK-05). */
export function maskTrace(entries: readonly TraceEntry[]): string {
  // A handle has no character that JSON escapes, so masking shortens texts and leaves the JSON whole.
  return maskHandles(JSON.stringify(entries));
}

/** Headers as the trace shows them: a secret one keeps its scheme, and the recipe's unfilled placeholder is no secret. */
export function maskHeaders(headers: Record<string, string>): Record<string, string> {
  return Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, shown(name, value)]));
}

function shown(name: string, value: string): string {
  if (!secretHeaders.has(name.toLowerCase()) || value.endsWith(tokenPlaceholder)) return value;
  return value.replace(/\S+$/, mask);
}
