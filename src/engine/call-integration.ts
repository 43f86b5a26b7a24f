import type { Integration } from '../bot/document.ts';
import { inputTemplates } from './call-variables.ts';
import { storeResult } from './result.ts';
import { expand } from './template.ts';
import { need, type Onward, type Turn, warn } from './turn.ts';
import { lookupIn, viewFor } from './variables.ts';

/** Asks for a call with the variables of this moment; the flow goes on at `returned`. */
export function callIntegration(
  turn: Turn,
  call: { integration: Integration; interaction_id: string; file_id?: string },
): Onward {
  const { integration, ...from } = call;
  const tooLong = partTooLong(turn, integration);
  if (tooLong !== undefined) {
    warn(turn, `the call was not made: its ${tooLong} is too long with its variables`);
    turn.flow = { ...turn.flow, outcome: 'misconfigured', called: 'misconfigured' };
    // An answer of an earlier call must not be taken for this one's.
    storeResult(turn, integration, { outcome: 'misconfigured', status: null, body: null });
    return 'returned';
  }
  const variables = viewFor(turn, [...templatesOf(integration), ...inputTemplates(integration)]);
  return need(turn, 'returned', { type: 'call', integration: integration.name, ...from, variables });
}

function templatesOf({ url, headers = [], parameters = [], body = '' }: Integration): string[] {
  return [url, body, ...pairsOf(headers), ...pairsOf(parameters)];
}

function pairsOf(pairs: readonly { key: string; value: string }[]): string[] {
  return pairs.flatMap(({ key, value }) => [key, value]);
}

/** Characters of a request's parts with their variables in them, before they are encoded for their places. */
const longestUrl = 8_000;
const longestHeaders = 16_000;
const longestBody = 256 * 1024;

/** A part of the request that its variables make too long: cut, it would be a request that the author did not write. */
function partTooLong(turn: Turn, { url, headers = [], parameters = [], body = '' }: Integration): string | undefined {
  const lookup = lookupIn(turn);
  const fits = (longest: number, texts: readonly string[]): boolean => !expand(texts.join('\n'), lookup, longest).cut;
  if (!fits(longestUrl, [url, ...pairsOf(parameters)])) return 'URL';
  if (!fits(longestHeaders, pairsOf(headers))) return 'header';
  return fits(longestBody, [body]) ? undefined : 'body';
}
