import { readFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { type BrandControl, type BrandState, createControl, createControlServer } from './control.ts';
import { customers } from './customers.ts';
import { createInteractions } from './interactions.ts';
import { createOrderBook } from './order-book.ts';
import { type ApiCall, createOrdersApi, type Introspection } from './orders-api.ts';
import { errorPage, shopPage, unavailablePage } from './pages.ts';
import { type BrandClient, createProvider, randomId, registerRedirectUri } from './provider.ts';
import { createRecords, type Records } from './records.ts';
import { cookie, type Exchange, sendPage } from './web.ts';

export interface BrandOptions {
  /** 0 takes any free port. */
  port: number;
  /** Default 127.0.0.1: to a browser another site than `localhost`. */
  host?: string;
  /** Where the shop's "ask the order assistant" leads. */
  errandUrl?: string;
  /** The client that Errand is; made up if absent. Give the same again after a restart. */
  client?: BrandClient;
  /** Keeps sign-ins, permissions and keys over a restart. */
  file?: string;
  /** Keeps what became of the orders over a restart. */
  ordersFile?: string;
  /** Default 60. */
  accessTokenSeconds?: number;
  /** Guards `/control/*`; made up if absent. */
  controlKey?: string;
  /** Sends `Cross-Origin-Opener-Policy: same-origin` on every page, as some real providers do. */
  severOpener?: boolean;
}

export interface BrandUser {
  login: string;
  password: string;
  /** Text that only this customer's order answer contains. */
  expects: string;
}

export interface Brand {
  /** `http://127.0.0.1:<port>`, also the issuer. */
  url: string;
  client: BrandClient;
  users: BrandUser[];
  control: BrandControl;
  controlKey: string;
  addRedirectUri(uri: string): void;
  stop(): Promise<void>;
}

/** Starts the demo brand: a shop, an identity provider and an orders API on one address. Rejects when the port is taken. */
export async function startBrand(options: BrandOptions): Promise<Brand> {
  const host = options.host ?? '127.0.0.1';
  const server = createServer();
  const url = `http://${host}:${await listen(server, options.port, host)}`;
  const records = createRecords(options.file);
  const errand = options.client ?? { id: 'errand', secret: randomId() };
  const ordersApi = { id: 'orders-api', secret: randomId() };
  const provider = createProvider({
    issuer: url,
    records,
    errand,
    ordersApi,
    accessTokenSeconds: options.accessTokenSeconds ?? 60,
  });
  const orders = createOrderBook(options.ordersFile);
  const calls: ApiCall[] = [];
  const state: BrandState = { provider: 'up', api: 'up' };
  const control = createControl({ records, orders, provider, calls, state });
  const controlKey = options.controlKey ?? randomId();
  const api = createOrdersApi({
    orders,
    calls,
    introspect: introspectAt(`${url}/token/introspection`, ordersApi),
    fault: () => (state.api === 'up' ? undefined : state.api),
  });
  const interactions = createInteractions(provider);
  const controlServer = createControlServer({ control, key: controlKey, records, clientId: errand.id });
  const answerProvider = provider.callback();
  const css = readFileSync(new URL('brand.css', import.meta.url));

  const shop = ({ request, response }: Exchange): void => {
    const login = signedIn(records, request);
    const customer = customers().find((person) => person.login === login)?.name;
    const html = shopPage({ customer, orders: login ? orders.orders(login) : [], chatUrl: options.errandUrl });
    sendPage(response, 200, html);
  };

  async function route(exchange: Exchange): Promise<void> {
    const { request, response, url: at } = exchange;
    const name = `${request.method} ${at.pathname}`;
    if (at.pathname === '/' && state.api === 'down') return sendPage(response, 503, unavailablePage());
    if (name === 'GET /' || name === 'HEAD /') return shop(exchange);
    if (name === 'POST /sign-out') return signOut(records, request, response);
    if (name === 'GET /brand.css') return void response.setHeader('content-type', 'text/css').end(css);
    if (at.pathname.startsWith('/control/')) return controlServer(exchange);
    if (at.pathname.startsWith('/api/')) return api.handle(exchange);
    // The orders API asks its own provider even while that is closed to everybody else: brand and provider fail apart.
    if (state.provider === 'down' && at.pathname !== '/token/introspection') {
      response.setHeader('retry-after', '30');
      return sendPage(response, 503, unavailablePage());
    }
    if (at.pathname.startsWith('/interaction/')) return interactions.handle(exchange);
    await answerProvider(request, response);
  }

  server.on('request', (request, response) => {
    if (options.severOpener) response.setHeader('cross-origin-opener-policy', 'same-origin');
    const at = new URL(request.url ?? '/', url);
    route({ request, response, url: at }).catch(() => {
      if (!response.headersSent) sendPage(response, 500, errorPage('Something broke on our side.'));
    });
  });

  return {
    url,
    client: errand,
    users: customers().map(({ login, password, orders: [latest] }) => ({
      login,
      password,
      expects: latest?.item ?? '',
    })),
    control,
    controlKey,
    addRedirectUri: (uri) => registerRedirectUri(records, errand.id, uri),
    async stop() {
      const closed = new Promise((resolve) => server.close(resolve));
      server.closeAllConnections();
      await closed;
      records.flush();
    },
  };
}

function listen(server: Server, port: number, host: string): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, () => {
      const address = server.address();
      resolve(typeof address === 'object' && address ? address.port : port);
    });
  });
}

function introspectAt(endpoint: string, client: BrandClient): (token: string) => Promise<Introspection> {
  const authorization = `Basic ${Buffer.from(`${client.id}:${client.secret}`).toString('base64')}`;
  return async (token) => {
    const answer = await fetch(endpoint, {
      method: 'POST',
      headers: { authorization },
      body: new URLSearchParams({ token, token_type_hint: 'access_token' }),
    });
    return answer.json();
  };
}

function signedIn(records: Records, request: IncomingMessage): string | undefined {
  const id = cookie(request, 'brand_session');
  return records.rows().find((row) => row.model === 'Session' && row.id === id)?.payload.accountId;
}

function signOut(records: Records, request: IncomingMessage, response: ServerResponse): void {
  const id = cookie(request, 'brand_session');
  const site = request.headers['sec-fetch-site'];
  if (site === undefined || site === 'same-origin') records.remove((row) => row.model === 'Session' && row.id === id);
  response.writeHead(303, { location: '/' });
  response.end();
}
