import type { Integration } from '../bot/document.ts';
import type { CallResult, Input } from '../engine/step.ts';
import { type Built, buildRequest, type BuiltRequest } from '../integration/build-request.ts';
import type { UploadedFile } from '../integration/upload.ts';
import type { CallCredential } from './credential-of.ts';
import { type CallToPark, riskOf } from './park.ts';
import { askFor, type PermissionNeed } from './permission.ts';
import type { CallNeed, CallOrigin } from './shell-state.ts';
import type { Turn } from './turn.ts';

/** A call that needs the consumer's permission. */
export interface Call extends PermissionNeed {
  need: CallNeed;
  request: BuiltRequest;
  origin: CallOrigin;
}

export const freshCall: CallOrigin = { parked_call_id: null, confirmed: false, after_grant: false };

/** The request as the author wrote it, with the variables of the moment it was needed. */
export function requestFor(
  turn: Pick<Turn, 'conversation'>,
  need: CallNeed,
  from: CallCredential & { integration: Integration; file?: UploadedFile },
): Built {
  const { consumers, own, integration, file } = from;
  const { id, bot_id, account_id, locale } = turn.conversation;
  return buildRequest({
    integration,
    view: need.variables,
    caller: { conversation_id: id, bot_id, account_id, locale },
    ...(consumers ? { origins: consumers.origins, token_header: consumers.header } : {}),
    ...(own ? { origins: own.document.origins } : {}),
    ...(need.payload === undefined ? {} : { payload: need.payload }),
    ...(file ? { file } : {}),
  });
}

export function needsConfirmation(call: Call): boolean {
  return !call.origin.confirmed && riskOf(call.integration) !== 'read';
}

export function toPark(turn: Turn, call: Call): CallToPark {
  const { need, integration, origin } = call;
  return { need, integration, ask: askFor(turn, call), ...origin };
}

/** A result for a call that never left the house. */
export function unsent(outcome: CallResult['outcome']): CallResult {
  return { outcome, status: null, body: null };
}

/** The engine takes a result where the call was needed, or where it was set aside. */
export function ended(origin: CallOrigin, result: CallResult): Input {
  if (origin.parked_call_id === null) return { type: 'call_ended', result };
  return { type: 'parked_call_ended', call_id: origin.parked_call_id, result };
}
