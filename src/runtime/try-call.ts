import type { Outcome } from '../bot/outcome.ts';
import type { ConsumerCredential } from '../delegation/delegation.ts';
import type { CallResult, Facts, VariableView } from '../engine/step.ts';
import { buildRequest, type BuiltRequest, isRepeatable } from '../integration/build-request.ts';
import { send } from '../integration/call.ts';
import { callResultOf } from '../integration/outcome-of.ts';
import {
  authorityOf,
  shownWithAuthority,
  type StaticCredential,
  withoutOwnHeader,
} from '../integration/static-credential.ts';
import { newId } from '../world/id.ts';
import { type CallCredential, credentialOf } from './credential-of.ts';
import type { Rooms } from './parts.ts';
import { maskHeaders } from './redaction.ts';
import type { Trial, Tried } from './trial.ts';
import { withoutToken } from './unredeemed.ts';

const longestShown = 64_000;
const testFile = {
  name: 'test.txt',
  type: 'text/plain',
  bytes: new TextEncoder().encode('A test of this integration.\n'),
};
const signInFirst = 'a consumer must sign in before this call: try it in a conversation';

/** Builds the request, adds the credential, sends. A test has no consumer, so nobody's permission is ever used. */
export async function tryCall(
  rooms: Rooms,
  trial: Trial,
  { view, facts }: { view: VariableView; facts: Facts },
): Promise<Tried> {
  const { integration } = trial;
  const found = await credentialOf({ rooms, conversation: trial }, integration);
  if ('problem' in found) return unsent('misconfigured', found.problem);
  const built = buildRequest({ integration, view, ...placesOf(found), caller: facts, file: testFile });
  if ('refused' in built) return unsent(built.refused, built.reason);
  const request = withoutToken(found.own ? withoutOwnHeader(built.request, found.own) : built.request);
  const shown = shownRequest(request, found.own);
  if (found.consumers?.mode === 'managed')
    return { ...unsent('misconfigured', signInFirst), outcome: 'needs_sign_in', request: shown };
  const repeatable = isRepeatable(integration);
  const idempotency_key = newId(rooms.world.random, 'test');
  const authority = found.own ? await authorityOf(rooms.vault, found.own) : {};
  const parts = { egress: rooms.egress, ...rooms.world };
  const { answer, events } = await send(parts, { request, idempotency_key, repeatable, ...authority });
  const result = callResultOf(answer, repeatable);
  const tried = { result, outcome: outcomeOf(result, found.consumers), request: shown, events };
  if ('failed' in answer) return { ...tried, detail: answer.reason, answer: null };
  const content_type = answer.headers['content-type'] ?? '';
  return { ...tried, answer: { status: answer.status, content_type, body: answer.body.slice(0, longestShown) } };
}

function placesOf({ consumers, own }: CallCredential) {
  if (consumers) return { origins: consumers.origins, token_header: consumers.header };
  return own ? { origins: own.document.origins } : {};
}

/** In a conversation the seed's recipe would now lead to its Login button. */
function outcomeOf({ outcome, status }: CallResult, consumers: ConsumerCredential | undefined): Tried['outcome'] {
  return consumers && (status === 401 || status === 403) ? 'needs_sign_in' : outcome;
}

function unsent(outcome: Outcome, detail: string): Tried {
  return { result: { outcome, status: null, body: null }, outcome, detail, request: null, answer: null, events: [] };
}

function shownRequest(request: BuiltRequest, own: StaticCredential | undefined): NonNullable<Tried['request']> {
  const { method, url, headers, body, upload } = own ? shownWithAuthority(request, own) : request;
  const form = upload && `a form with the file ${upload.file.name}`;
  const shownBody = body ?? form;
  return {
    method,
    url,
    headers: maskHeaders(headers),
    ...(shownBody === undefined ? {} : { body: shownBody.slice(0, longestShown) }),
  };
}
