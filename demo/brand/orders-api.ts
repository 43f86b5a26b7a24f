import type { OrderBook } from './order-book.ts';
import { type Exchange, type JsonAnswer, readBody, sendJson } from './web.ts';

/** What a provider says about a token (RFC 7662). */
export interface Introspection {
  active: boolean;
  sub?: string;
  scope?: string;
}

/** Named ways in which the API can misbehave, for demos and tests. */
export const apiFaults = [
  'down',
  'hanging',
  'lost_answer',
  'redirecting',
  'echoing',
  'rate_limiting',
  'refusing_tokens',
  'wanting_more_scope',
] as const;
export type ApiFault = (typeof apiFaults)[number];

/** One request that reached the API. */
export interface ApiCall {
  method: string;
  path: string;
  idempotencyKey: string | undefined;
  /** Whose token it carried, once known. */
  login: string | undefined;
  /** 0 until answered. */
  status: number;
}

export interface OrdersApiParts {
  orders: OrderBook;
  introspect(token: string): Promise<Introspection>;
  fault(): ApiFault | undefined;
  /** Every request that arrives is pushed here. */
  calls: ApiCall[];
}

export interface OrdersApi {
  handle(exchange: Exchange): Promise<void>;
}

interface Route {
  scope: 'orders.read' | 'orders.write';
  answer(login: string, call: ApiCall): JsonAnswer;
}

/** `/api/orders`: whose orders is decided by the token alone, and the token by the provider's introspection. */
export function createOrdersApi({ orders, introspect, fault, calls }: OrdersApiParts): OrdersApi {
  const routes: Record<string, Route> = {
    'GET /api/orders': {
      scope: 'orders.read',
      answer: (login) => ({ status: 200, body: { orders: orders.orders(login) } }),
    },
    'GET /api/orders/latest': {
      scope: 'orders.read',
      answer(login) {
        const latest = orders.orders(login)[0];
        return latest ? { status: 200, body: latest } : { status: 404, body: { error: 'no_order' } };
      },
    },
    'POST /api/orders/latest/cancel': {
      scope: 'orders.write',
      answer: (login, call) => orders.cancelLatest({ login, key: call.idempotencyKey }),
    },
  };

  async function answer(call: ApiCall, token: string | undefined): Promise<JsonAnswer> {
    const route = routes[`${call.method} ${call.path}`];
    if (!route) return { status: 404, body: { error: 'not_found' } };
    // RFC 6750, section 3.1: a request without any token gets the bare challenge, no error code.
    if (token === undefined) return challenge(401, 'Bearer');
    const found = await introspect(token);
    if (!found.active || found.sub === undefined || fault() === 'refusing_tokens')
      return challenge(401, 'Bearer error="invalid_token"');
    call.login = found.sub;
    if (!(found.scope ?? '').split(' ').includes(route.scope) || fault() === 'wanting_more_scope')
      return challenge(403, `Bearer error="insufficient_scope", scope="${route.scope}"`);
    return route.answer(found.sub, call);
  }

  return {
    async handle({ request, response, url }) {
      const key = request.headers['idempotency-key'];
      const call: ApiCall = {
        method: request.method ?? 'GET',
        path: url.pathname,
        idempotencyKey: Array.isArray(key) ? key[0] : key,
        login: undefined,
        status: 0,
      };
      calls.push(call);
      const token = /^Bearer ([\w.~+/-]+=*)$/i.exec(request.headers.authorization ?? '')?.[1];
      await readBody(request);
      const given = before(fault(), token) ?? (await answer(call, token));
      // The deed is done and nobody hears of it: the caller must not do it again blindly.
      if (fault() === 'hanging' || fault() === 'lost_answer') return;
      call.status = given.status;
      sendJson(response, given);
    },
  };
}

function challenge(status: number, header: string): JsonAnswer {
  const error = /error="(\w+)"/.exec(header)?.[1] ?? 'no_token';
  return { status, body: { error }, headers: { 'www-authenticate': header } };
}

/** Answers of a fault that never get as far as the order book. */
function before(fault: ApiFault | undefined, token: string | undefined): JsonAnswer | undefined {
  switch (fault) {
    case 'down':
      return { status: 503, body: { error: 'unavailable' }, headers: { 'retry-after': '30' } };
    case 'hanging':
      return { status: 0, body: null };
    case 'redirecting':
      return { status: 307, body: { error: 'moved' }, headers: { location: '/api/elsewhere' } };
    case 'echoing':
      return { status: 200, body: { item: `you sent ${token ?? 'nothing'}`, headers: [`Bearer ${token ?? ''}`] } };
    case 'rate_limiting':
      return { status: 429, body: { error: 'too_many_requests' }, headers: { 'retry-after': '30' } };
    default:
      return undefined;
  }
}
