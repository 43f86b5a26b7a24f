import { createHash, timingSafeEqual } from 'node:crypto';
import type Provider from 'oidc-provider';
import type { OrderBook } from './order-book.ts';
import { type ApiCall, type ApiFault, apiFaults } from './orders-api.ts';
import { registerRedirectUri } from './provider.ts';
import type { Records } from './records.ts';
import { type Exchange, readBody, sendJson } from './web.ts';

export interface Counters {
  /** Requests that reached the token endpoint, by grant type; failed ones count too, those while down do not. */
  token_requests: Record<string, number>;
  /** API requests by their `Idempotency-Key`; those without one under "". */
  api_calls: Record<string, number>;
  /** Orders really cancelled, by login. */
  cancels: Record<string, number>;
}

export interface BrandState {
  provider: 'up' | 'down';
  api: 'up' | ApiFault;
}

/** What the demo's buttons and the tests may do to the brand. */
export interface BrandControl {
  state(): BrandState;
  /** Every access token is over at once; refresh tokens stay. Gives the number ended. */
  expireTokens(): number;
  setProvider(state: 'up' | 'down'): void;
  setApi(state: 'up' | ApiFault): void;
  counters(): Counters;
  /** Requests that reached the orders API, in order. */
  calls(): ApiCall[];
  /** Ends what the customer allowed, tokens included; without a login, everybody's. Gives the number of grants ended. */
  revoke(login?: string): number;
  /** Everything up, counters at zero, orders as on the first day; sign-ins at the shop and permissions end. */
  reset(): void;
}

export interface ControlParts {
  records: Records;
  orders: OrderBook;
  provider: Provider;
  calls: ApiCall[];
  /** Shared with the server, which answers 503 while the provider is down. */
  state: BrandState;
}

const granted = new Set(['Grant', 'AccessToken', 'RefreshToken', 'AuthorizationCode']);

export function createControl({ records, orders, provider, calls, state }: ControlParts): BrandControl {
  const tokenRequests = new Map<string, number>();
  const count = (context: { oidc?: { params?: { grant_type?: unknown } | undefined } }) => {
    const grant = String(context.oidc?.params?.grant_type ?? 'unknown');
    tokenRequests.set(grant, (tokenRequests.get(grant) ?? 0) + 1);
  };
  provider.on('grant.success', count);
  provider.on('grant.error', count);

  function revoke(login?: string): number {
    const isTheirs = (accountId: string | undefined) => login === undefined || accountId === login;
    const grants = records.rows().filter((row) => row.model === 'Grant' && isTheirs(row.payload.accountId));
    records.remove((row) => granted.has(row.model) && isTheirs(row.payload.accountId));
    return grants.length;
  }

  return {
    state: () => ({ ...state }),
    expireTokens: () => records.remove((row) => row.model === 'AccessToken'),
    setProvider(wanted) {
      state.provider = wanted;
    },
    setApi(wanted) {
      state.api = wanted;
    },
    counters: () => ({
      token_requests: Object.fromEntries(tokenRequests),
      api_calls: tally(calls.map((call) => call.idempotencyKey ?? '')),
      cancels: orders.cancels(),
    }),
    calls: () => [...calls],
    revoke,
    reset() {
      revoke();
      records.remove((row) => row.model === 'Session' || row.model === 'Interaction');
      orders.reset();
      tokenRequests.clear();
      calls.length = 0;
      state.provider = 'up';
      state.api = 'up';
    },
  };
}

export interface ControlServerParts {
  control: BrandControl;
  /** `Authorization: Bearer <key>`. */
  key: string;
  records: Records;
  clientId: string;
}

/** The same over HTTP, `/control/*`, for whoever is not in this process: from loopback and with the key only. */
export function createControlServer({ control, key, records, clientId }: ControlServerParts) {
  const commands: Record<string, (body: Record<string, unknown>) => unknown> = {
    'GET /control/state': () => control.state(),
    'GET /control/counters': () => control.counters(),
    'GET /control/calls': () => control.calls(),
    'POST /control/expire-tokens': () => ({ ended: control.expireTokens() }),
    'POST /control/revoke': ({ login }) => ({ ended: control.revoke(typeof login === 'string' ? login : undefined) }),
    'POST /control/reset': () => control.reset(),
    'POST /control/provider': ({ state }) => control.setProvider(state === 'down' ? 'down' : 'up'),
    'POST /control/api': ({ state }) => control.setApi(apiFaults.find((fault) => fault === state) ?? 'up'),
    'POST /control/redirect-uris': ({ uri }) => registerRedirectUri(records, clientId, String(uri)),
  };

  return async ({ request, response, url }: Exchange): Promise<void> => {
    const isNear = ['127.0.0.1', '::1', '::ffff:127.0.0.1'].includes(request.socket.remoteAddress ?? '');
    if (!isNear || !same(`Bearer ${key}`, request.headers.authorization ?? ''))
      return sendJson(response, { status: 403, body: { error: 'forbidden' } });
    const command = commands[`${request.method} ${url.pathname}`];
    if (!command) return sendJson(response, { status: 404, body: { error: 'not_found' } });
    const text = await readBody(request);
    sendJson(response, { status: 200, body: command(text ? JSON.parse(text) : {}) ?? control.state() });
  };
}

function tally(names: string[]): Record<string, number> {
  const counts = new Map<string, number>();
  for (const name of names) counts.set(name, (counts.get(name) ?? 0) + 1);
  return Object.fromEntries(counts);
}

function same(expected: string, given: string): boolean {
  const digest = (text: string) => createHash('sha256').update(text).digest();
  return timingSafeEqual(digest(expected), digest(given));
}
