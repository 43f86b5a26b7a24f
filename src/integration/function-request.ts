/** The body of a call to a function: a signed webhook is told who asks, and given what its author says. */
import type { Integration } from '../bot/document.ts';
import { inputNames } from '../engine/call-variables.ts';
import type { VariableView } from '../engine/step.ts';
import type { Json } from '../world/json.ts';
import { maskedHandles } from './place.ts';
import { placeBody } from './place-body.ts';

/** Where the call comes from. */
export interface Caller {
  conversation_id: string;
  bot_id: string;
  account_id: string;
  locale: string;
}

export interface FunctionCall {
  integration: Integration;
  view: VariableView;
  caller: Caller;
  /** What the platform itself has to say, in place of the author's body. */
  payload?: Json;
}

/** Characters. */
const longestBody = 256 * 1024;

/** `{ conversation_id, bot_id, account_id, locale, payload }` as JSON text; handles in it are masked. */
export function functionBody(call: FunctionCall): { body: string } | { problem: string } {
  const payload = call.payload === undefined ? payloadOf(call) : { payload: call.payload };
  if ('problem' in payload) return payload;
  const { conversation_id, bot_id, account_id, locale } = call.caller;
  const body = maskedHandles(JSON.stringify({ conversation_id, bot_id, account_id, locale, ...payload }));
  return body.length > longestBody ? { problem: 'The body is too long with its variables.' } : { body };
}

function payloadOf({ integration, view }: FunctionCall): { payload: Json } | { problem: string } {
  if (!integration.body?.trim()) return { payload: inputsIn(integration, view) };
  const placed = placeBody(integration.body, view, 'application/json');
  if ('problem' in placed) return placed;
  try {
    // JSON.parse gives JSON or throws; its type does not say so.
    return { payload: JSON.parse(placed.body) as Json };
  } catch {
    return { problem: 'The body of a function must be JSON once its variables are in it.' };
  }
}

/** Without a body, the variables that the input schema names; those that are unset are left out. */
function inputsIn(integration: Integration, view: VariableView): Json {
  const set = inputNames(integration).filter((name) => Object.hasOwn(view, name) && view[name] !== null);
  return Object.fromEntries(set.map((name) => [name, view[name] ?? null]));
}
