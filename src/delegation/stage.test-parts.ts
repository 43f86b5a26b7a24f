/** Everything real but the brand's people: store, vault, egress and delegation, a provider behind a hostile proxy, a brand API. */
import { type HostileBrand, startHostileBrand } from '../../acceptance/hostile/hostile-brand.ts';
import { type HostileProvider, startHostileProvider } from '../../acceptance/hostile/hostile-provider.ts';
import type { CredentialDocument } from '../api/credential.ts';
import type { IdentityProviderDocument } from '../api/identity-provider.ts';
import type { Bus } from '../bus/bus.ts';
import { createLocalBus } from '../bus/local-bus.ts';
import { createEgress } from '../egress/create-egress.ts';
import type { Egress } from '../egress/egress.ts';
import { createAccount } from '../store/account.ts';
import { type AttemptRow, findAttempt } from '../store/attempt.ts';
import { type ConnectionRow, connectionFor } from '../store/connection.ts';
import { insertConversation } from '../store/conversation.ts';
import { createCredential } from '../store/credential.ts';
import { createKeyStore } from '../store/data-key.ts';
import type { Database } from '../store/database.ts';
import { readEvents } from '../store/event.ts';
import { createIdentityProvider } from '../store/identity-provider.ts';
import { migrate } from '../store/migrate.ts';
import { openSqlite } from '../store/sqlite.ts';
import { createVault } from '../vault/create-vault.ts';
import { createRootKey, rootKeysOf } from '../vault/root-key.ts';
import type { Vault } from '../vault/vault.ts';
import { newId } from '../world/id.ts';
import { Secret } from '../world/secret.ts';
import { type Log, systemRandom, type World } from '../world/world.ts';
import { type AutoProvider, startAutoProvider } from './auto-provider.test-parts.ts';
import { newBrowserSecret } from './browser-secret.ts';
import { createDelegation } from './create-delegation.ts';
import type { Ask, Asker, ConsumerCredential, Delegation } from './delegation.ts';
import { linkFor } from './link.ts';
import type { SignInPages } from './sign-in-pages.ts';

export const publicUrl = 'http://localhost:4300';

export interface Conversation extends Asker {
  /** The secret in the cookie of the browser that opened it; null for a plain API client. */
  browser: string | null;
}

export interface Stage {
  db: Database;
  vault: Vault;
  delegation: Delegation & SignInPages;
  provider: HostileProvider;
  behind: AutoProvider;
  brand: HostileBrand;
  egress: Egress;
  bus: Bus;
  world: World;
  /** Lines of the log, as text. */
  logged: string[];
  credential: ConsumerCredential;
  /** Simulated time goes on by so many ms. */
  pass(ms: number): void;
  /** Another process on the same database. */
  another(): Delegation & SignInPages;
  /** What is due by the clock, to its end: again while a round says that it has not waited for all it began. */
  workOff(): Promise<void>;
  converse(options?: { hosted?: boolean; channel?: 'web' | 'text' }): Promise<Conversation>;
  ask(conversation: Conversation, more?: Partial<Ask>): Promise<string>;
  link(attemptId: string): string;
  attempt(attemptId: string): Promise<AttemptRow>;
  connection(conversation: Conversation): Promise<ConnectionRow | undefined>;
  signInEvents(conversation: Conversation): Promise<{ status: string; outcome?: string; attempts_left?: number }[]>;
  notices(conversation: Conversation): Promise<{ attempt_id: string; outcome: string }[]>;
  type(conversation: Conversation, text: string): ReturnType<Delegation['typedCode']>;
  /** From an authorization URL through the provider to the query of the callback. */
  walk(url: string): Promise<{ account_id: string; leaf: string; query: string }>;
  /** Continue and the provider: what the callback would be called with. */
  goThrough(attemptId: string, browser: string | null): Promise<{ account_id: string; leaf: string; query: string }>;
  /** The whole sign-in of a hosted conversation's own browser. */
  signIn(conversation: Conversation, more?: Partial<Ask>): Promise<string>;
  close(): Promise<void>;
}

interface Setup {
  provider?: Partial<IdentityProviderDocument>;
  credential?: Partial<CredentialDocument>;
  db?: Database;
  /** Further places that may be called. */
  allow?: string[];
}

/** A round that is wanted again within this time has left something under way. ms. */
const soon = 1_000;

export async function setStage(setup: Setup = {}): Promise<Stage> {
  const { world, pass, logged } = simulatedWorld();
  const db = setup.db ?? openSqlite({ file: ':memory:' });
  await migrate(db, world.clock);
  const vault = await createVault({
    keyStore: createKeyStore(db),
    rootKeys: rootKeysOf([createRootKey(systemRandom.bytes(32), systemRandom)]),
    world,
  });
  const provider = await startHostileProvider();
  const redirectUris = [`${publicUrl}/callback/acc/cred`, `${publicUrl}/callback/acc/redirectCode`];
  const behind = await startAutoProvider({ issuer: provider.url, redirectUris });
  provider.aimAt(behind.url);
  const brand = await startHostileBrand();
  const egress = createEgress({
    allow: [provider.place, brand.place, ...(setup.allow ?? [])],
    clock: world.clock,
    log: world.log,
  });
  const bus = createLocalBus();
  const make = () => createDelegation({ db, vault, egress, world, bus, publicUrl });
  const delegation = make();
  await configure(db, vault, { ...setup, issuer: provider.url, origin: brand.url });
  const found = await delegation.credential('acc', 'orders');
  if (!found) throw new Error('no credential');
  const people = conversations({ db, vault, world, delegation, credential: found });
  const ways = browsers(delegation, people);
  return {
    db,
    vault,
    delegation,
    provider,
    behind,
    brand,
    egress,
    bus,
    world,
    logged,
    credential: found,
    pass,
    another: make,
    async workOff() {
      for (let due = 0, from = 0; due < from + soon; ) {
        from = world.clock.now();
        due = await delegation.work();
      }
    },
    ...people,
    ...ways,
    async close() {
      await egress.close();
      await bus.close();
      await Promise.all([provider.close(), behind.close(), brand.close()]);
      await db.close();
    },
  };
}

/** Time that a test moves by hand; pauses within the code take as long as they say. */
function simulatedWorld() {
  let offset = 0;
  const logged: string[] = [];
  const line = (fields: object, message: string) => void logged.push(`${message} ${JSON.stringify(fields)}`);
  const log: Log = { debug: line, info: line, warn: line, error: line };
  const world: World = {
    clock: {
      now: () => Date.now() + offset,
      alarm(ms, ring) {
        const timer = setTimeout(ring, ms);
        return () => clearTimeout(timer);
      },
    },
    random: systemRandom,
    log,
  };
  return { world, logged, pass: (ms: number) => void (offset += ms) };
}

async function configure(db: Database, vault: Vault, setup: Setup & { issuer: string; origin: string }): Promise<void> {
  const owner = { account_id: 'acc', field: 'identity_provider.client_secret', row: 'idp' };
  const client_secret = await vault.seal(new Secret('the-secret-of-errand'), owner);
  const provider: IdentityProviderDocument = {
    issuer: setup.issuer,
    client_id: 'errand',
    token_endpoint_auth_method: 'client_secret_basic',
    pkce: 'S256',
    ...setup.provider,
  };
  const credential: CredentialDocument = {
    mode: 'managed',
    scope: 'openid orders.read',
    origins: [setup.origin],
    binding: 'code',
    header: 'Authorization',
    ...setup.credential,
  };
  const at = Date.now();
  await db.write(async (tx) => {
    await createAccount(tx, { id: 'acc', name: 'Brightwater Goods', at });
    await createIdentityProvider(tx, {
      id: 'idp',
      account_id: 'acc',
      name: 'brand',
      document: provider,
      client_secret,
      at,
    });
    await createCredential(tx, {
      id: 'cred',
      account_id: 'acc',
      name: 'orders',
      type: 'consumer_authentication',
      import_id: null,
      document: credential,
      identity_provider_id: 'idp',
      at,
    });
    await tx.run(
      `INSERT INTO bot (id, account_id, name, draft, embed_origins, version, created_at, updated_at)
       VALUES ('bot', 'acc', 'Order desk', '{}', '[]', 1, ?, ?)`,
      at,
      at,
    );
  });
}

interface People extends Pick<Stage, 'db' | 'vault' | 'world' | 'credential'> {
  delegation: Delegation;
}

function conversations({ db, vault, world, credential, delegation }: People) {
  const made = {
    async converse(options: { hosted?: boolean; channel?: 'web' | 'text' } = {}): Promise<Conversation> {
      const { hosted = true, channel = 'web' } = options;
      const browser = hosted ? newBrowserSecret(vault, systemRandom) : null;
      const row = {
        id: newId(systemRandom, 'conv'),
        account_id: 'acc',
        bot_id: 'bot',
        channel,
        locale: 'en',
        browser_hash: browser === null ? null : vault.mac('browser', browser),
      };
      const rest = { bot_version: 1, consumer_id: 'someone', session_hash: row.id, state: '{}', at: world.clock.now() };
      await db.write((tx) => insertConversation(tx, { ...row, ...rest }));
      return { ...row, bot_name: 'Order desk', generation: 0, browser };
    },
    async ask(conversation: Conversation, more: Partial<Ask> = {}): Promise<string> {
      const wanted: Ask = { conversation, credential, interaction_id: 'i1', scope: '', minimum_level: 0, ...more };
      const asked = await db.write((tx) => delegation.ask(tx, wanted));
      if ('refused' in asked) throw new Error(`refused: ${asked.refused}`);
      return asked.attempt_id;
    },
    link: (attemptId: string) => linkFor({ vault, publicUrl }, attemptId).slice(`${publicUrl}/sign-in/`.length),
    async attempt(attemptId: string): Promise<AttemptRow> {
      const attempt = await findAttempt(db, attemptId);
      if (!attempt) throw new Error('no such attempt');
      return attempt;
    },
    connection: (conversation: Conversation) =>
      connectionFor(db, { account_id: 'acc', credential_id: 'cred', principal: conversation.id }),
    async signInEvents(conversation: Conversation) {
      const rows = await readEvents(db, { conversation_id: conversation.id, after: 0, limit: 1_000 });
      return rows.filter((row) => row.type === 'sign_in').map((row) => JSON.parse(row.body));
    },
    async notices(conversation: Conversation) {
      const rows = await db.all<{ body: string }>(
        "SELECT body FROM inbox WHERE conversation_id = ? AND kind = 'notice' ORDER BY position",
        conversation.id,
      );
      return rows.map((row) => JSON.parse(row.body));
    },
    type: (conversation: Conversation, text: string) => db.write((tx) => delegation.typedCode(tx, conversation, text)),
  };
  return made;
}

function browsers(delegation: SignInPages, people: ReturnType<typeof conversations>) {
  async function walk(start: string) {
    const cookies = new Map<string, string>();
    let url = start;
    for (let hops = 0; hops < 10; hops += 1) {
      const cookie = [...cookies].map(([name, value]) => `${name}=${value}`).join('; ');
      const answer = await fetch(url, { redirect: 'manual', headers: { cookie } });
      for (const line of answer.headers.getSetCookie()) {
        const [pair = ''] = line.split(';');
        cookies.set(pair.slice(0, pair.indexOf('=')), pair.slice(pair.indexOf('=') + 1));
      }
      const location = answer.headers.get('location');
      if (location === null) throw new Error(`stuck at ${answer.status} ${url} ${(await answer.text()).slice(0, 300)}`);
      const next = new URL(location, url);
      const [, place, account_id = '', leaf = ''] = next.pathname.split('/');
      if (next.origin === publicUrl && place === 'callback') return { account_id, leaf, query: next.search.slice(1) };
      url = next.href;
    }
    throw new Error('too many redirects');
  }
  async function goThrough(attemptId: string, browser: string | null) {
    const gone = await delegation.proceed(people.link(attemptId), browser, null);
    if (gone.kind !== 'redirect') throw new Error(`not sent to the provider: ${gone.kind}`);
    return await walk(gone.url);
  }
  async function signIn(conversation: Conversation, more: Partial<Ask> = {}) {
    const attemptId = await people.ask(conversation, more);
    await delegation.callback({ ...(await goThrough(attemptId, conversation.browser)), browser: conversation.browser });
    return attemptId;
  }
  return { walk, goThrough, signIn };
}
