/** A proxy in front of a real OAuth provider that can be told to misbehave, one named switch at a time, and counts token requests. */
import type { ServerResponse } from 'node:http';
import { metadataEdits, responseEdits } from './authorization-misbehaviour.ts';
import {
  createGate,
  type Gate,
  type Received,
  type Reply,
  reply,
  rude,
  sendReply,
  startLoopbackServer,
} from './loopback-server.ts';
import { tokenEdits, tokenRefusals } from './token-misbehaviour.ts';
import { createUpstream } from './upstream.ts';

/** No whole answer from the token endpoint; the provider has not been asked. */
const rudeAtOnce = {
  never_answers: rude.silence,
  reset: rude.reset,
  drip: rude.drip,
  junk: rude.junk,
  cut: rude.cut,
} satisfies Record<string, (response: ServerResponse) => void>;

export type ProviderSwitch =
  | keyof typeof tokenEdits
  | keyof typeof tokenRefusals
  | keyof typeof rudeAtOnce
  /** Answers only after `release()`. The provider has not been asked. */
  | 'held'
  /** As `held`, but the provider has done its part: codes are used up, refresh tokens rotated. */
  | 'held_after_commit'
  /** The provider has done its part, then the connection breaks: the response is lost. */
  | 'lost_answer'
  | keyof typeof responseEdits
  | keyof typeof metadataEdits
  /** Every path answers 503. */
  | 'all_503'
  /** Every path is left without an answer. */
  | 'all_silent';

export interface TokenRequest {
  grant_type: string;
  code: string | null;
  refresh_token: string | null;
  /** Of the answer that went out; null when none did. */
  status: number | null;
}

export interface HostileProvider {
  /** Use it wherever the real provider's URL would stand: issuer, endpoints, discovery. */
  url: string;
  place: string;
  /** The real one; may be given later, so that a provider can take this proxy's URL as its own issuer. */
  aimAt(upstream: string): void;
  /** One switch at a time; `times` limits how often it acts. Without a name it behaves again. */
  misbehave(name?: ProviderSwitch, limit?: { times: number }): void;
  /** Lets everybody go who is held. */
  release(): void;
  /** Requests at the token endpoint, in order, also those the provider never saw. */
  tokenRequests(): TokenRequest[];
  /** How many of them, by grant type and, if given, code. */
  count(match: { grant_type: string; code?: string }): number;
  /** How many followed the redirect of the switch `redirect`. */
  redirectHits(): number;
  /** Connections are refused until `up()`. */
  down(): Promise<void>;
  up(): Promise<void>;
  close(): Promise<void>;
}

export interface HostileProviderOptions {
  upstream?: string;
  /**
   * Leaves `issuer` and `iss` as the real provider's, for a client configured by hand with signed id tokens. Otherwise
   * they are rewritten to this proxy's URL like every other URL.
   */
  keepIssuer?: boolean;
  /** Default: any path that ends in `/token`. */
  tokenPath?: string;
}

export async function startHostileProvider(options: HostileProviderOptions = {}): Promise<HostileProvider> {
  const requests: TokenRequest[] = [];
  const mood = createMood();
  let redirectHits = 0;
  const server = await startLoopbackServer(async (received, response) => {
    const path = received.path.split('?')[0] ?? '';
    if (path === '/hostile/trap') redirectHits++;
    if (mood.now('all_silent')) return rude.silence();
    if (mood.now('all_503') || path === '/hostile/trap') return sendReply(response, reply(503));
    if (options.tokenPath ? path === options.tokenPath : path.endsWith('/token')) return token(received, response);
    sendReply(response, editedReply(await upstream.ask(received), path));
  });
  const upstream = createUpstream({ own: server.url, keepIssuer: options.keepIssuer ?? false });
  if (options.upstream) upstream.aimAt(options.upstream);

  async function token(received: Received, response: ServerResponse): Promise<void> {
    const form = new URLSearchParams(received.body);
    const request: TokenRequest = {
      grant_type: form.get('grant_type') ?? '',
      code: form.get('code'),
      refresh_token: form.get('refresh_token'),
      status: null,
    };
    requests.push(request);
    const answer = await tokenReply(received, response);
    if (!answer) return;
    request.status = answer.status;
    sendReply(response, answer);
  }

  /** Undefined when the caller has been treated rudely. */
  async function tokenReply(received: Received, response: ServerResponse): Promise<Reply | undefined> {
    const name = mood.take();
    const gate = mood.gate();
    if (isKey(tokenRefusals, name)) return tokenRefusals[name];
    if (isKey(rudeAtOnce, name)) return void rudeAtOnce[name](response);
    if (name === 'held') await gate.passed;
    const real = await upstream.ask(received);
    if (name === 'held_after_commit') await gate.passed;
    if (name === 'lost_answer') return void rude.reset(response);
    return isKey(tokenEdits, name) ? tokenEdits[name](real) : real;
  }

  function editedReply(real: Reply, path: string): Reply {
    const name = mood.peek();
    if (isKey(metadataEdits, name) && path.includes('/.well-known/')) {
      return { ...real, body: JSON.stringify(metadataEdits[mood.take(name)](JSON.parse(String(real.body)))) };
    }
    const location = real.headers['location'];
    if (!isKey(responseEdits, name) || typeof location !== 'string' || !isResponse(location, server.url)) return real;
    const url = new URL(location);
    responseEdits[mood.take(name)](url);
    return { ...real, headers: { ...real.headers, location: url.href } };
  }

  return {
    url: server.url,
    place: server.place,
    aimAt: upstream.aimAt,
    misbehave: mood.set,
    release: () => mood.gate().open(),
    tokenRequests: () => requests,
    count: (match) =>
      requests.filter(
        (one) => one.grant_type === match.grant_type && (match.code === undefined || one.code === match.code),
      ).length,
    redirectHits: () => redirectHits,
    down: server.down,
    up: server.up,
    close: server.close,
  };
}

/** Which switch is on, and for how often. */
function createMood() {
  let name: ProviderSwitch | undefined;
  let left = Number.POSITIVE_INFINITY;
  let gate: Gate = createGate();
  function take(): ProviderSwitch | undefined;
  function take<Name extends ProviderSwitch>(expected: Name): Name;
  function take(expected?: ProviderSwitch): ProviderSwitch | undefined {
    const taken = expected ?? name;
    if (taken !== undefined && --left <= 0) name = undefined;
    return taken;
  }
  return {
    set(next?: ProviderSwitch, limit = { times: Number.POSITIVE_INFINITY }) {
      gate.open();
      gate = createGate();
      name = next;
      left = limit.times;
    },
    peek: () => name,
    take,
    now(expected: ProviderSwitch): boolean {
      if (name !== expected) return false;
      take(expected);
      return true;
    },
    gate: () => gate,
  };
}

/** The redirect back to the client: it leaves this origin and answers the request. */
function isResponse(location: string, own: string): boolean {
  const url = URL.parse(location);
  return url !== null && url.origin !== own && (url.searchParams.has('code') || url.searchParams.has('error'));
}

function isKey<Table extends object>(table: Table, name: PropertyKey | undefined): name is keyof Table {
  return name !== undefined && Object.hasOwn(table, name);
}
