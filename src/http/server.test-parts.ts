import { randomBytes } from 'node:crypto';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { FastifyInstance, InjectOptions } from 'fastify';
import { Registry } from 'prom-client';
import { createLocalBus } from '../bus/local-bus.ts';
import { createDelegation } from '../delegation/create-delegation.ts';
import { createProviders } from '../delegation/provider.ts';
import { createEgress } from '../egress/create-egress.ts';
import { createRuntime } from '../runtime/create-runtime.ts';
import type { Sandbox } from '../sandbox/sandbox.ts';
import { createKeyStore } from '../store/data-key.ts';
import type { Database } from '../store/database.ts';
import { migrate } from '../store/migrate.ts';
import { openSqlite } from '../store/sqlite.ts';
import { createVault } from '../vault/create-vault.ts';
import { createRootKey, rootKeysOf } from '../vault/root-key.ts';
import { Secret } from '../world/secret.ts';
import { silentLog, systemClock, systemRandom, type World } from '../world/world.ts';
import type { HttpConfig } from './http-config.ts';
import { createServer } from './server.ts';

export const adminKey = 'the-key-for-the-whole-instance';
const publicHost = 'localhost:4300';

type Method = NonNullable<InjectOptions['method']>;

export interface Sent {
  json?: unknown;
  token?: string;
  headers?: Record<string, string>;
}

export interface Answer {
  status: number;
  headers: Record<string, string>;
  /** The parsed JSON object; empty where the answer is none. */
  body: Record<string, unknown>;
  text: string;
}

export interface Account {
  id: string;
  key: string;
  /** A request to this account's own path, with its key. */
  call(method: Method, path: string, sent?: Sent): Promise<Answer>;
  /** Creates and returns the id. */
  create(path: string, json: unknown): Promise<string>;
}

export interface TestServer {
  app: FastifyInstance;
  db: Database;
  config: HttpConfig;
  call(method: Method, url: string, sent?: Sent): Promise<Answer>;
  account(): Promise<Account>;
  /** A published bot that answers "hi" with "hello". */
  publishedBot(account: Account): Promise<string>;
  close(): Promise<void>;
}

interface Change {
  config?: Partial<HttpConfig>;
  world?: Partial<World>;
  db?: Database;
  egressAllow?: string[];
}

/** The real server on a real store, vault, delegation and runtime. There is no jail: bots here have no scripts. */
export async function startTestServer(change: Change = {}): Promise<TestServer> {
  const world: World = { clock: systemClock, random: systemRandom, log: silentLog, ...change.world };
  const config: HttpConfig = {
    publicUrl: `http://${publicHost}`,
    studioUrl: 'http://127.0.0.1:4300',
    adminKey: new Secret(adminKey),
    trustProxy: [],
    ...change.config,
  };
  const db = change.db ?? (await freshStore());
  const rootKeys = rootKeysOf([createRootKey(randomBytes(32), world.random)]);
  const vault = await createVault({ keyStore: createKeyStore(db), rootKeys, world });
  const egress = createEgress({ allow: change.egressAllow ?? [], clock: world.clock, log: world.log });
  const bus = createLocalBus();
  const delegation = createDelegation({ db, vault, egress, world, bus, publicUrl: config.publicUrl });
  const sandbox = withoutJail;
  const runtime = createRuntime({ world, db, vault, egress, sandbox, bus, delegation });
  const providers = createProviders({ vault, egress, world });
  const app = createServer({
    runtime,
    delegation,
    db,
    vault,
    world,
    config,
    sandbox,
    metrics: new Registry(),
    webRoot: join(tmpdir(), 'errand-nothing-built'),
    signIn: async () => {},
    providers,
  });
  await app.ready();
  const call = caller(app, new URL(config.publicUrl).host);
  return {
    app,
    db,
    config,
    call,
    account: () => newAccount(call),
    publishedBot,
    async close() {
      await runtime.drain();
      await app.close();
      await egress.close();
      await bus.close();
      await db.close();
    },
  };
}

export async function freshStore(): Promise<Database> {
  const db = openSqlite({ file: ':memory:' });
  await migrate(db, systemClock);
  return db;
}

const withoutJail: Sandbox = {
  run: async () => ({ ok: false, kind: 'unavailable', message: 'no jail in this test' }),
  health: () => ({ state: 'unavailable', level: 'none', reason: 'no jail in this test' }),
  close: async () => {},
};

function caller(app: FastifyInstance, host: string): TestServer['call'] {
  return async (method, url, { json, token, headers = {} } = {}) => {
    const answer = await app.inject({
      method,
      url,
      headers: {
        host,
        ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
        ...(json === undefined ? {} : { 'content-type': 'application/json' }),
        ...headers,
      },
      ...(json === undefined ? {} : { payload: typeof json === 'string' ? json : JSON.stringify(json) }),
    });
    const given = Object.entries(answer.headers).map(([name, value]) => [name, String(value)]);
    return {
      status: answer.statusCode,
      headers: Object.fromEntries(given),
      body: objectOf(answer.payload),
      text: answer.payload,
    };
  };
}

async function newAccount(call: TestServer['call']): Promise<Account> {
  const { body } = await call('POST', '/v1/accounts', { token: adminKey, json: { name: 'Brand' } });
  const [id, key] = [String(body['id']), String(body['api_key'])];
  const own: Account['call'] = (method, path, sent) =>
    call(method, `/v1/accounts/${id}${path}`, { token: key, ...sent });
  async function create(path: string, json: unknown): Promise<string> {
    const answer = await own('POST', path, { json });
    if (answer.status !== 201) throw new Error(`${path}: ${answer.status} ${answer.text}`);
    return String(answer.body['id']);
  }
  return { id, key, call: own, create };
}

async function publishedBot(account: Account): Promise<string> {
  const id = await account.create('/bots', greeter());
  await account.create(`/bots/${id}/publish`, {});
  return id;
}

export function greeter() {
  const interactions = [
    { id: 'i1', name: 'start', type: 'starter', patterns: ['hi'] },
    { id: 'i2', name: 'hello', type: 'text', text: 'hello' },
  ];
  return {
    format: 'errand.bot/1',
    name: 'Greeter',
    dialogs: [{ id: 'd1', name: 'Greeting', type: 'standard', interactions }],
    integrations: [],
  };
}

function objectOf(text: string): Record<string, unknown> {
  if (!text.startsWith('{')) return {};
  const parsed: unknown = JSON.parse(text);
  return isObject(parsed) ? parsed : {};
}

export const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
