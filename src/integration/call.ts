/** One call to a brand API with its retries: the single path of the runtime, of delegated calls and of *Test request*. */
import type { Answer, Egress, EgressFailure, OutgoingRequest } from '../egress/egress.ts';
import type { CallResult } from '../engine/step.ts';
import type { Json } from '../world/json.ts';
import type { Clock, Random } from '../world/world.ts';
import type { Secret } from '../world/secret.ts';
import { type BuiltRequest, buildRequest, isRepeatable, type ToBuild } from './build-request.ts';
import { callResultOf } from './outcome-of.ts';
import { retryAfter } from './retry-after.ts';
import { formOf } from './upload.ts';
import { signatureHeaders } from './webhook-signature.ts';

/** What happened on the wire, for the trace: never a header's value. */
export type CallEvent = { at: number; what: string; [detail: string]: Json };

export interface ToSend {
  request: BuiltRequest;
  /** Stable over all tries and over a restart (I4). */
  idempotency_key: string;
  repeatable: boolean;
  secret?: NonNullable<OutgoingRequest['secret']>;
  /** Signs each try as a webhook, for these exact origins only. */
  signing?: { secret: Secret; origins: readonly string[] };
  /** Further secrets that an answer might echo. */
  scrub?: readonly Secret[];
}

export interface Sent {
  /** The last answer or failure. */
  answer: Answer | EgressFailure;
  events: CallEvent[];
}

export interface CallParts {
  egress: Pick<Egress, 'request'>;
  clock: Clock;
  random: Random;
}

/** Where the integration does not say: three tries. */
const usualRetries = 2;
const longestRetryAfterMs = 5_000;
const shortestTryMs = 100;

/**
 * Sends, and sends again at most `retries` times within the request's time: a repeatable call after no connection, a 5xx or a
 * broken answer; any other only when nothing of it was sent. Always with the same `Idempotency-Key`.
 */
export async function send(parts: CallParts, call: ToSend): Promise<Sent> {
  const { clock } = parts;
  const { timeout_ms, retries: mostRetries = usualRetries } = call.request;
  const end = clock.now() + timeout_ms;
  const events: CallEvent[] = [];
  for (let retries = 0; ; retries++) {
    const answer = await trySend(parts, call, end - clock.now());
    events.push({ at: clock.now(), what: 'answer', ...described(answer) });
    if (retries === mostRetries || !mayRepeat(answer, call.repeatable)) return { answer, events };
    const wait = pauseBefore(parts, answer, retries);
    if (wait === undefined || clock.now() + wait + shortestTryMs > end) return { answer, events };
    await pause(clock, wait);
    events.push({ at: clock.now(), what: 'retry' });
  }
}

export interface PlainCall extends ToBuild {
  idempotency_key: string;
  /** What its credential adds, if it has one. */
  authority?: Pick<ToSend, 'secret' | 'signing' | 'scrub'>;
}

export type PlainResult = { result: CallResult; request: BuiltRequest | null; events: CallEvent[] };

/** A call without a consumer's permission, from integration to result. `request` is null when it was refused before it was built. */
export async function callIntegration(parts: CallParts, call: PlainCall): Promise<PlainResult> {
  const built = buildRequest(call);
  if ('refused' in built) {
    const result: CallResult = { outcome: built.refused, status: null, body: null };
    return { result, request: null, events: [{ at: parts.clock.now(), what: 'refused', reason: built.reason }] };
  }
  const repeatable = isRepeatable(call.integration);
  const { answer, events } = await send(parts, {
    request: built.request,
    idempotency_key: call.idempotency_key,
    repeatable,
    ...call.authority,
  });
  return { result: callResultOf(answer, repeatable), request: built.request, events };
}

async function trySend(
  { egress, clock }: CallParts,
  call: ToSend,
  timeout_ms: number,
): Promise<Answer | EgressFailure> {
  const { method, url, headers, body, upload } = call.request;
  const { signing, secret, scrub } = call;
  if (signing && !signing.origins.includes(URL.parse(url)?.origin ?? ''))
    return { failed: 'blocked', reason: "The signing credential does not name this URL's origin.", sent: false };
  const form = upload && (await formOf(upload));
  const content = form?.bytes ?? body;
  const signed = signing && { id: call.idempotency_key, at: clock.now(), body: body ?? '' };
  return await egress.request({
    method,
    url,
    timeout_ms,
    headers: {
      // An author who names a key of his own knows better what is one order and what are two.
      'idempotency-key': call.idempotency_key,
      ...headers,
      ...(form ? { 'content-type': form.type } : {}),
      ...(signing && signed ? signatureHeaders(signing.secret, signed) : {}),
    },
    ...(content === undefined ? {} : { body: content }),
    ...(secret ? { secret } : {}),
    ...(scrub ? { scrub } : {}),
  });
}

function mayRepeat(answer: Answer | EgressFailure, repeatable: boolean): boolean {
  if (!('failed' in answer)) return repeatable && answer.status >= 500;
  if (answer.failed === 'unreachable') return true;
  return repeatable && answer.failed === 'broken';
}

/** Full jitter, or what the server asks for; undefined when it asks for more patience than a consumer has (UP-04). */
function pauseBefore(
  { clock, random }: CallParts,
  answer: Answer | EgressFailure,
  retries: number,
): number | undefined {
  const asked = 'failed' in answer ? undefined : retryAfter(answer.headers['retry-after'], clock.now());
  if (asked !== undefined) return asked > longestRetryAfterMs ? undefined : asked;
  const [byte = 0] = random.bytes(1);
  return Math.round((byte / 255) * 200 * 2 ** retries);
}

function pause(clock: Clock, ms: number): Promise<void> {
  return new Promise((resolve) => void clock.alarm(ms, resolve));
}

function described(answer: Answer | EgressFailure): { [detail: string]: Json } {
  if ('failed' in answer) return { failed: answer.failed, reason: answer.reason, sent: answer.sent };
  return { status: answer.status };
}
