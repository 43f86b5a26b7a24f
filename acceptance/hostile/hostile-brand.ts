/** A brand's API that can be told to misbehave, one named switch at a time, and counts what it really did. */
import type { ServerResponse } from 'node:http';
import {
  createGate,
  gzipBomb,
  type Received,
  type Reply,
  reply,
  rude,
  sendReply,
  startLoopbackServer,
  threeMegabytes,
} from './loopback-server.ts';

const bearer = (challenge: string) => ({ 'www-authenticate': `Bearer realm="brand"${challenge && `, ${challenge}`}` });

/** Whole answers. */
const replies = {
  unauthorized: () => reply(401, { error: 'invalid_token' }, bearer('error="invalid_token"')),
  unauthorized_without_challenge: () => reply(401, { error: 'unauthorized' }),
  forbidden: () => reply(403, { error: 'forbidden' }),
  insufficient_scope: () =>
    reply(403, { error: 'insufficient_scope' }, bearer('error="insufficient_scope", scope="orders.read orders.write"')),
  /** Asks for more than anybody configured. */
  scope_beyond_ceiling: () =>
    reply(403, { error: 'insufficient_scope' }, bearer('error="insufficient_scope", scope="admin"')),
  step_up: () =>
    reply(401, {}, bearer('error="insufficient_user_authentication", acr_values="urn:brand:gold", max_age="300"')),
  challenge_junk: () => reply(401, {}, { 'www-authenticate': 'Bearer error="insufficient_scope, scope=, "=,,,' }),
  status_500: () => reply(500, { error: 'server_error' }),
  status_500_login_page: () => reply(500, '<!doctype html><form>login</form>', { 'content-type': 'text/html' }),
  status_503: () => reply(503, '', { 'retry-after': '86400' }),
  status_429: () => reply(429, '', { 'retry-after': '30' }),
  status_204: () => reply(204),
  status_404: () => reply(404, { error: 'not_found' }),
  ok_with_error: () => reply(200, { error: 'unauthenticated' }),
  malformed_json: () => reply(200, '{"item": ', { 'content-type': 'application/json' }),
  deep_json: () => reply(200, '['.repeat(200_000), { 'content-type': 'application/json' }),
  poisoned_json: () =>
    reply(200, '{"__proto__":{"polluted":true},"constructor":{"prototype":{"polluted":true}},"item":"Lantern"}'),
  three_megabytes: () => reply(200, threeMegabytes.toString()),
  gzip_bomb: gzipBomb,
  /** To a place that counts who comes, and with what (`redirected`). */
  redirect: () => reply(302, '', { location: '/hostile/trap' }),
  redirect_to_metadata: () => reply(302, '', { location: 'http://169.254.169.254/latest/meta-data/' }),
  echo: (received: Received) => echo(200, received),
  echo_in_401: (received: Received) => echo(401, received),
  echo_in_500: (received: Received) => echo(500, received),
} satisfies Record<string, (received: Received) => Reply>;

/** No whole answer at all. The call has taken effect by then. */
const rudeness = {
  never_answers: rude.silence,
  reset: rude.reset,
  reset_in_body: rude.resetInBody,
  cut: rude.cut,
  drip: rude.drip,
  junk: rude.junk,
} satisfies Record<string, (response: ServerResponse) => void>;

export type BrandSwitch =
  | keyof typeof replies
  | keyof typeof rudeness
  /** Answers well, but only after `release()`. */
  | 'held';

export interface HostileBrand {
  url: string;
  place: string;
  /** One switch at a time; `times` limits how often it acts. Without a name it behaves again. */
  misbehave(name?: BrandSwitch, limit?: { times: number }): void;
  release(): void;
  /** Every request, in order. Their headers hold the real token. */
  requests(): Received[];
  /** Requests by `Idempotency-Key`; those without one under "". */
  byKey(): Record<string, number>;
  /** How often something was really done: requests that are not GET or HEAD, were allowed in, and took effect. */
  effects(): number;
  /** Requests that followed a redirect. */
  redirected(): Received[];
  down(): Promise<void>;
  up(): Promise<void>;
  close(): Promise<void>;
}

export interface HostileBrandOptions {
  /** The bearer tokens it takes; others get 401. Default: all, and none at all. */
  accepts?: (token: string | undefined) => boolean;
  /** What a good answer says. */
  answer?: (received: Received) => unknown;
}

/** Turned away before anything is done. */
const turnedAway = new Set<BrandSwitch>([
  'unauthorized',
  'unauthorized_without_challenge',
  'forbidden',
  'insufficient_scope',
  'scope_beyond_ceiling',
  'step_up',
  'challenge_junk',
  'echo_in_401',
  'status_429',
  'status_503',
]);

export async function startHostileBrand(options: HostileBrandOptions = {}): Promise<HostileBrand> {
  const requests: Received[] = [];
  const redirected: Received[] = [];
  let effects = 0;
  let current: BrandSwitch | undefined;
  let left = Number.POSITIVE_INFINITY;
  let gate = createGate();

  function take(): BrandSwitch | undefined {
    const taken = current;
    if (--left <= 0) current = undefined;
    return taken;
  }

  const server = await startLoopbackServer(async (received, response) => {
    if (received.path.startsWith('/hostile/trap')) {
      redirected.push(received);
      return sendReply(response, reply(200, { item: 'trap' }));
    }
    // Whether anything is there at all is no call, and uses up no switch.
    if (received.method === 'HEAD' && received.path === '/')
      return sendReply(response, current === 'status_503' ? replies.status_503() : reply(200, {}));
    requests.push(received);
    const name = take();
    const accepted = options.accepts?.(bearerToken(received)) ?? true;
    const changes = received.method !== 'GET' && received.method !== 'HEAD';
    if (changes && accepted && !(name && turnedAway.has(name))) effects++;
    if (name === 'held') await gate.passed;
    if (isKey(rudeness, name)) return rudeness[name](response);
    if (isKey(replies, name)) return sendReply(response, replies[name](received));
    sendReply(
      response,
      accepted
        ? reply(200, options.answer?.(received) ?? { item: 'Lantern', arrives: 'Friday' })
        : replies.unauthorized(),
    );
  });

  return {
    url: server.url,
    place: server.place,
    misbehave(name, limit = { times: Number.POSITIVE_INFINITY }) {
      gate.open();
      gate = createGate();
      current = name;
      left = limit.times;
    },
    release: () => gate.open(),
    requests: () => requests,
    byKey: () => countBy(requests.map((request) => request.headers['idempotency-key'] ?? '')),
    effects: () => effects,
    redirected: () => redirected,
    down: server.down,
    up: server.up,
    close: server.close,
  };
}

/** The token in every form an honest but careless server may echo it. */
function echo(status: number, received: Received): Reply {
  const authorization = received.headers['authorization'] ?? '';
  const token = bearerToken(received) ?? '';
  const coded = [
    encodeURIComponent(token),
    ...(['base64', 'base64url', 'hex'] as const).flatMap((code) =>
      [token, authorization].map((text) => Buffer.from(text).toString(code)),
    ),
  ];
  const headers = {
    'x-echo': authorization,
    'x-echo-coded': coded.join(', '),
    ...bearer(`error_description="${token}"`),
  };
  return reply(status, { item: 'Lantern', received: received.headers, coded }, headers);
}

function bearerToken(received: Received): string | undefined {
  return /^Bearer (.+)$/i.exec(received.headers['authorization'] ?? '')?.[1];
}

function countBy(names: string[]): Record<string, number> {
  const counts = new Map<string, number>();
  for (const name of names) counts.set(name, (counts.get(name) ?? 0) + 1);
  return Object.fromEntries(counts);
}

function isKey<Table extends object>(table: Table, name: PropertyKey | undefined): name is keyof Table {
  return name !== undefined && Object.hasOwn(table, name);
}
