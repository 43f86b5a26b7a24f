/** One request and its whole answer over undici, with a deadline, bounds, and the truth about whether bytes went out. */
import type { Dispatcher } from 'undici';
import type { Clock } from '../world/world.ts';
import { createByteSink } from './byte-sink.ts';
import { AddressRefused } from './connector.ts';
import type { EgressFailure } from './egress.ts';

export interface WireRequest {
  origin: string;
  path: string;
  method: string;
  headers: Record<string, string>;
  body: string | Uint8Array | undefined;
  timeout_ms: number;
  max_bytes: number;
  signal: AbortSignal | undefined;
}

export interface WireAnswer {
  status: number;
  headers: Record<string, string | string[] | undefined>;
  bytes: Uint8Array;
}

const mostInterimAnswers = 8;

/**
 * `dispatch` instead of `request`: its handler is told right before the first byte is written, which alone makes `sent`
 * honest. Never rejects, and no error object of undici leaves this function: some hold the answer's bytes (TK-13).
 */
export function exchange(
  dispatcher: Dispatcher,
  clock: Clock,
  request: WireRequest,
): Promise<WireAnswer | EgressFailure> {
  return new Promise((resolve) => {
    const ending = createEnding(resolve);
    const { signal, timeout_ms } = request;
    const abort = () => ending.fail('broken', 'The call was given up.');
    const cancel = clock.alarm(timeout_ms, () => ending.fail('timed_out', 'No complete answer in time.'));
    ending.whenSettled(() => {
      cancel();
      signal?.removeEventListener('abort', abort);
    });
    signal?.addEventListener('abort', abort);
    if (signal?.aborted) abort();
    else dispatcher.dispatch(dispatchOptions(request), createHandler(ending, request));
  });
}

function dispatchOptions(request: WireRequest): Dispatcher.DispatchOptions {
  return {
    origin: request.origin,
    path: request.path,
    method: request.method,
    headers: request.headers,
    body: request.body ?? null,
    // The whole deadline is the alarm's; these only catch a clock that never rings.
    headersTimeout: request.timeout_ms * 2,
    bodyTimeout: request.timeout_ms * 2,
  };
}

type Ending = ReturnType<typeof createEnding>;

function createEnding(resolve: (result: WireAnswer | EgressFailure) => void) {
  let settled = false;
  let sent = false;
  let controller: Dispatcher.DispatchController | undefined;
  let after = () => {};
  const settle = (result: WireAnswer | EgressFailure) => {
    if (settled) return;
    settled = true;
    after();
    resolve(result);
  };
  return {
    settle,
    whenSettled(run: () => void) {
      after = run;
    },
    /** Called right before the first byte. A call that was given up while it waited for a connection is never written. */
    start(started: Dispatcher.DispatchController) {
      if (settled) return started.abort(new Error('given up'));
      controller = started;
      sent = true;
    },
    fail(failed: 'timed_out' | 'broken' | 'too_large', reason: string) {
      settle({ failed, reason, sent });
      controller?.abort(new Error('given up'));
    },
    failWith(error: Error) {
      settle(failureOf(error, sent));
    },
  };
}

function createHandler(ending: Ending, request: WireRequest): Dispatcher.DispatchHandler {
  const sink = createByteSink(request.max_bytes);
  const answer: Omit<WireAnswer, 'bytes'> = { status: 0, headers: {} };
  let interim = 0;
  const tooLarge = () => ending.fail('too_large', 'The answer is too large.');
  return {
    onRequestStart: (controller) => ending.start(controller),
    onResponseStart(_controller, status, headers) {
      if (status < 200) {
        if (++interim > mostInterimAnswers) ending.fail('broken', 'The answer is broken.');
        return;
      }
      answer.status = status;
      answer.headers = headers;
      if (request.method !== 'HEAD' && Number(headers['content-length']) > request.max_bytes) tooLarge();
    },
    onResponseData(_controller, piece) {
      if (!sink.take(piece)) tooLarge();
    },
    onResponseEnd: () => ending.settle({ ...answer, bytes: sink.bytes() }),
    onResponseError: (_controller, error) => ending.failWith(error),
  };
}

function failureOf(error: Error, sent: boolean): EgressFailure {
  const code = 'code' in error ? error.code : undefined;
  if (error instanceof AddressRefused) return { failed: 'blocked', reason: error.message, sent: false };
  if (code === 'UND_ERR_INVALID_ARG')
    return { failed: 'blocked', reason: 'The request is not well formed.', sent: false };
  if (!sent) return { failed: 'unreachable', reason: 'No connection could be made.', sent: false };
  if (code === 'UND_ERR_HEADERS_OVERFLOW') return { failed: 'too_large', reason: 'The answer is too large.', sent };
  if (code === 'UND_ERR_HEADERS_TIMEOUT' || code === 'UND_ERR_BODY_TIMEOUT') {
    return { failed: 'timed_out', reason: 'No complete answer in time.', sent };
  }
  return { failed: 'broken', reason: 'The answer is broken.', sent };
}
