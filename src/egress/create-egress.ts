/** The only way out, put together: every check in order, then one exchange, then the scrubbed answer. */
import { Agent } from 'undici';
import type { Secret } from '../world/secret.ts';
import type { Clock, Log } from '../world/world.ts';
import { type AllowList, createAllowList } from './allow-list.ts';
import { createConnector, type Resolve, systemResolve } from './connector.ts';
import { decode } from './decode.ts';
import type { Answer, Egress, EgressFailure, OutgoingRequest } from './egress.ts';
import { exchange, type WireAnswer } from './exchange.ts';
import { createGuardedFetch } from './guarded-fetch.ts';
import { refuseHeaders } from './header-rules.ts';
import { createScrub, type Scrub } from './scrub.ts';
import { createReaches } from './reaches.ts';
import { refuseSecretOrigin } from './secret-origin.ts';
import { checkTarget } from './target.ts';

export interface EgressParts {
  /** Exact `host:port` places that may be private or loopback. */
  allow: readonly string[];
  clock: Clock;
  log: Log;
  /** Names to addresses; the system's by default. */
  resolve?: Resolve;
  /** PEM certificates trusted beside the system's. */
  ca?: readonly string[];
}

const defaults = { timeout_ms: 10_000, max_bytes: 1_000_000 };
const mostAnswerHeaderBytes = 32_768;
/** Connections to one origin at most: a brand that hangs holds these and no more. */
const connectionsPerOrigin = 128;

export function createEgress(parts: EgressParts): Egress {
  const allowed = createAllowList(parts.allow);
  const agent = new Agent({
    allowH2: false,
    connections: connectionsPerOrigin,
    pipelining: 1,
    maxHeaderSize: mostAnswerHeaderBytes,
    connect: createConnector({ ...parts, allowed, resolve: parts.resolve ?? systemResolve, ca: parts.ca ?? [] }),
  });

  async function run(request: OutgoingRequest, signal?: AbortSignal): Promise<Answer | EgressFailure> {
    const url = checkRequest(request, allowed);
    if ('refused' in url) {
      parts.log.info({ origin: originForLog(request.url), why: url.refused }, 'egress refused a request');
      return { failed: 'blocked', reason: url.refused, sent: false };
    }
    const max_bytes = request.max_bytes ?? defaults.max_bytes;
    const answer = await exchange(agent, parts.clock, {
      origin: url.origin,
      path: wirePath(url, request),
      method: request.method.toUpperCase(),
      headers: wireHeaders(request),
      body: request.body,
      timeout_ms: request.timeout_ms ?? defaults.timeout_ms,
      max_bytes,
      signal,
    });
    return 'failed' in answer ? answer : readAnswer(answer, max_bytes, createScrub(secretsOf(request)));
  }

  return {
    request: (request) => run(request),
    reaches: createReaches(run),
    fetch: createGuardedFetch(run),
    close: () => agent.destroy(),
  };
}

const methods = /^(?:GET|HEAD|POST|PUT|PATCH|DELETE|OPTIONS)$/i;

function checkRequest(request: OutgoingRequest, allowed: AllowList): URL | { refused: string } {
  if (!methods.test(request.method)) return { refused: 'This method may not be used.' };
  const url = checkTarget(request.url, allowed);
  if ('refused' in url) return url;
  const headers = refuseHeaders(request);
  if (headers) return { refused: headers };
  if (request.secret && 'parameter' in request.secret && url.searchParams.has(request.secret.parameter))
    return { refused: 'The parameter of the secret is there twice.' };
  const origin = request.secret && refuseSecretOrigin(url, request.secret.origins, allowed);
  return origin ? { refused: origin } : url;
}

/** A secret in the query is put there last: no log, trace or check before this sees it. */
function wirePath({ pathname, search }: URL, { secret }: OutgoingRequest): string {
  if (!secret || !('parameter' in secret)) return `${pathname}${search}`;
  const pair = `${encodeURIComponent(secret.parameter)}=${encodeURIComponent(secret.value.reveal())}`;
  return `${pathname}${search === '' ? '?' : `${search}&`}${pair}`;
}

function wireHeaders({ headers, secret }: OutgoingRequest): Record<string, string> {
  return {
    'user-agent': 'Errand',
    ...lowerCased(headers),
    'accept-encoding': 'identity',
    ...(secret && 'header' in secret
      ? { [secret.header.toLowerCase()]: `${secret.prefix}${secret.value.reveal()}` }
      : {}),
  };
}

function lowerCased(headers: Record<string, string>): Record<string, string> {
  return Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]));
}

function secretsOf({ secret, scrub }: OutgoingRequest): Secret[] {
  return [...(secret ? [secret.value] : []), ...(scrub ?? [])];
}

async function readAnswer(answer: WireAnswer, limit: number, scrub: Scrub): Promise<Answer | EgressFailure> {
  const headers: Record<string, string> = {};
  for (const [name, value] of Object.entries(answer.headers)) {
    if (value !== undefined) headers[name.toLowerCase()] = Array.isArray(value) ? value.join(', ') : value;
  }
  const decoded = await decode(answer.bytes, headers, limit);
  if ('failed' in decoded) {
    const reason = decoded.failed === 'too_large' ? 'The answer is too large.' : 'The answer is broken.';
    return { failed: decoded.failed, reason, sent: true };
  }
  // They describe the bytes on the wire, not the text given back.
  delete headers['content-encoding'];
  delete headers['content-length'];
  const scrubbed = Object.entries(headers).map(([name, value]) => [scrub(name), scrub(value)]);
  return { status: answer.status, headers: Object.fromEntries(scrubbed), body: scrub(decoded.text) };
}

/** Never the path or query: they may hold what a consumer wrote. */
function originForLog(text: string): string {
  const url = URL.parse(text);
  return url && url.origin !== 'null' ? url.origin : 'no origin';
}
