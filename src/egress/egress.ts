/** The only way out. Takes a URL from an author, an account or a provider's metadata and calls it under guard. */
import type { Secret } from '../world/secret.ts';

export interface OutgoingRequest {
  method: string;
  url: string;
  headers: Record<string, string>;
  body?: string | Uint8Array;
  /** Whole time for connect, headers and body in ms. Default 10,000. */
  timeout_ms?: number;
  /** Decoded bytes of the answer at most. Default 1 MB. */
  max_bytes?: number;
  /** A secret for one named header or query parameter, sent only when the URL's origin is one of `origins` (exact). */
  secret?: ({ header: string; prefix: string } | { parameter: string }) & { value: Secret; origins: readonly string[] };
  /** Further secrets to scrub from the answer (raw, URL-encoded, base64, base64url). */
  scrub?: readonly Secret[];
}

export interface Answer {
  status: number;
  /** Lower-case names; repeated ones joined by ", ". Scrubbed. */
  headers: Record<string, string>;
  /** Scrubbed text. */
  body: string;
}

export type EgressFailure =
  /** Refused before anything was sent: address, scheme, port, header, origin. */
  | { failed: 'blocked'; reason: string; sent: false }
  /** No connection: nothing was sent. */
  | { failed: 'unreachable'; reason: string; sent: false }
  /** The deadline passed, or the answer was cut, broken or too large after bytes were sent. */
  | { failed: 'timed_out' | 'broken' | 'too_large'; reason: string; sent: boolean };

export interface Egress {
  request(request: OutgoingRequest): Promise<Answer | EgressFailure>;
  /** Whether there is anything at the place at all, as far as can be told in this time. `safe`: a GET of it does nothing. */
  reaches(place: { url: string; safe: boolean }, timeout_ms: number): Promise<boolean>;
  /** The same guard as a `fetch` for oauth4webapi (option `customFetch`); a failure is thrown as EgressError. */
  fetch: typeof fetch;
  close(): Promise<void>;
}

/** Thrown by `Egress.fetch` only. */
export class EgressError extends Error {
  readonly failure: EgressFailure;

  constructor(failure: EgressFailure) {
    super(`${failure.failed}: ${failure.reason}`);
    this.name = 'EgressError';
    this.failure = failure;
  }
}
