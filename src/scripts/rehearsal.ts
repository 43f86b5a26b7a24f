import { type ScriptSetup, signInSite } from '../api/conversation-script.ts';
import type { BotDocument } from '../bot/document.ts';
import { createLocalBus } from '../bus/local-bus.ts';
import { newBrowserSecret } from '../delegation/browser-secret.ts';
import { createDelegation } from '../delegation/create-delegation.ts';
import type { Egress } from '../egress/egress.ts';
import { type Bots, createBots, type LoadedBot } from '../runtime/bots.ts';
import { deliver } from '../runtime/delivery.ts';
import { createLive } from '../runtime/live.ts';
import type { Rooms } from '../runtime/parts.ts';
import type { WireEvent } from '../runtime/runtime.ts';
import { findSession, openConversation } from '../runtime/sessions.ts';
import { takeMessage } from '../runtime/take-message.ts';
import { createWorker } from '../runtime/worker.ts';
import type { Sandbox } from '../sandbox/sandbox.ts';
import { createAccount } from '../store/account.ts';
import { createBot } from '../store/bot.ts';
import { publishBot } from '../store/bot-version.ts';
import type { Database } from '../store/database.ts';
import { readEvents } from '../store/event.ts';
import { readTrace, type TraceItem } from '../store/trace.ts';
import { newId } from '../world/id.ts';
import { Problem } from '../world/problem.ts';
import { type Log, silentLog, systemRandom } from '../world/world.ts';
import { putCredentials } from './offline-credentials.ts';
import type { OfflineHouse } from './offline-house.ts';
import { createOfflineTime, type OfflineTime } from './offline-time.ts';
import { createSignIns } from './sign-in.ts';
import { createStandIn } from './stand-in.ts';

export interface RehearsalParts {
  house: OfflineHouse;
  bot: LoadedBot;
  /** Of the same account, published. */
  others: readonly LoadedBot[];
  setup: ScriptSetup;
  egress: Egress;
}

/** What came of what the consumer did. */
export interface Heard {
  events: WireEvent[];
  trace: TraceItem[];
}

type Said = { text: string } | { postback: string; label: string; metadata?: Record<string, unknown>[] };

/** One consumer and her conversation, on the runtime itself: only the network, the clock and her sign-in are played. */
export interface Rehearsal {
  /** What went wrong in Errand itself: a turn that threw, in the words of the log. */
  faults: string[];
  say(said: Said): Promise<Heard>;
  /** Time goes on by so many ms, and what falls due happens. */
  advance(ms: number): Promise<Heard>;
}

/** Opens a fresh conversation of a fresh consumer, in an account of its own: nothing of another script is seen. */
export async function openRehearsal(parts: RehearsalParts): Promise<Rehearsal> {
  const time = createOfflineTime();
  const stage = await setStage(parts, time);
  const { rooms, bot_id } = stage;
  const { channel = 'web', locale, sign_in: choice = 'never' } = parts.setup;
  const browser = newBrowserSecret(rooms.vault, systemRandom);
  const opened = await openConversation(rooms, {
    bot_id,
    channel,
    browser,
    ...(locale === undefined ? {} : { locale }),
  });
  const id = opened.conversation_id;
  const session = await findSession(rooms, id, opened.session_token);
  const worker = createWorker(rooms);
  rooms.bus.subscribe('work', (conversationId) => worker.wake(conversationId));
  const signIns = createSignIns(stage.delegation, { time, browser, choice });
  const read = createReading(rooms, id);
  let count = 0;

  /** Until nothing goes on any more, the consumer's sign-ins included. */
  async function heard(): Promise<Heard> {
    const all: WireEvent[] = [];
    for (let rounds = 0; rounds < mostRounds; rounds += 1) {
      await time.settle(() => worker.running() > 0);
      const events = await read.events();
      all.push(...events);
      if (!(await signIns.follow(events))) break;
    }
    return { events: all, trace: await read.trace() };
  }

  return {
    faults: stage.faults,
    async say(said) {
      count += 1;
      await takeMessage(rooms, worker, { session, message: { id: `m${count}`, ...said } }).catch(ofClosed);
      return await heard();
    },
    async advance(ms) {
      time.clock.advance(ms);
      await stage.delegation.work();
      worker.wake(id);
      return await heard();
    },
  };
}

/** Sign-ins after one message of the consumer's: a bot that asks again and again comes to an end. */
const mostRounds = 20;

/** Who speaks to a closed conversation hears nothing. */
function ofClosed(error: unknown): undefined {
  if (!(error instanceof Problem) || error.code !== 'conversation_closed') throw error;
}

async function setStage(parts: RehearsalParts, time: OfflineTime) {
  const { house, setup, egress } = parts;
  const faults: string[] = [];
  const world = { clock: time.clock, random: systemRandom, log: faultLog(faults) };
  const db = watched(house.db, time);
  const { vault } = house;
  const bus = createLocalBus();
  const environment = environmentOf(setup);
  const account_id = newId(systemRandom, 'acc');
  const bots = await putBots(db, parts, { account_id, at: time.clock.now(), environment });
  const credentials = { document: allOf(parts), given: setup.credentials ?? {}, environment };
  await putCredentials({ db, vault, world, account_id }, { ...credentials, signs_in: setup.sign_in !== undefined });
  const delegation = createDelegation({ db, vault, egress, world, bus, publicUrl: signInSite });
  const sandbox = offlineSandbox(house, time, account_id);
  const stand_in = createStandIn(setup, parts.bot.document);
  const live = createLive(bus);
  const rooms: Rooms = { world, db, vault, egress, sandbox, bus, delegation, bots: bots.bots, live, stand_in };
  return { rooms, bot_id: bots.first, delegation, faults };
}

function environmentOf({ environment = {} }: ScriptSetup): Record<string, string> {
  return Object.fromEntries(Object.entries(environment).map(([name, value]) => [name, String(value)]));
}

/** Everything that may need a credential. */
function allOf({ bot, others }: RehearsalParts): BotDocument {
  const documents = [bot, ...others].map(({ document }) => document);
  return {
    ...bot.document,
    dialogs: documents.flatMap(({ dialogs }) => dialogs),
    integrations: documents.flatMap(({ integrations }) => integrations),
  };
}

/** The bots are compiled already; their rows are there for what refers to them, and for who looks for one by its name. */
async function putBots(
  db: Database,
  { bot, others }: RehearsalParts,
  made: { account_id: string; at: number; environment: Record<string, string> },
): Promise<{ bots: Bots; first: string }> {
  const { account_id, at, environment } = made;
  const first = newId(systemRandom, 'bot');
  const own = new Map<string, LoadedBot>([[first, { ...bot, account_id, bot_id: first, version: 1 }]]);
  for (const other of others) {
    const bot_id = newId(systemRandom, 'bot');
    own.set(bot_id, { ...other, account_id, bot_id, version: 1 });
  }
  await db.write(async (tx) => {
    await createAccount(tx, { id: account_id, name: 'Rehearsal', at });
    for (const [id, { document }] of own) {
      await createBot(tx, { id, account_id, name: document.name, draft: nothing, embed_origins: [], at });
      await publishBot(tx, { account_id, id }, at);
    }
  });
  const stored = createBots(db);
  const bots: Bots = {
    ...stored,
    published: async (id) => own.get(id),
    version: async (id, number) => own.get(id) ?? (await stored.version(id, number)),
    environment: async () => environment,
  };
  return { bots, first };
}

const nothing: BotDocument = { format: 'errand.bot/1', name: 'Rehearsed', dialogs: [], integrations: [] };

function faultLog(faults: string[]): Log {
  return {
    ...silentLog,
    error(fields, message) {
      const err: unknown = Reflect.get(fields, 'err');
      faults.push(err instanceof Error ? `${message}: ${err.message}` : message);
    },
  };
}

/** Scripts see the conversation's time, and the same random numbers in every run; what one rehearsal overdoes rests in no other. */
function offlineSandbox(house: OfflineHouse, time: OfflineTime, tenant: string): Sandbox {
  let seed = 0;
  return {
    run: (run) => time.outside(house.sandbox().run({ ...run, tenant, now: time.clock.now(), seed: (seed += 1) })),
    health: () => house.sandbox().health(),
    close: async () => {},
  };
}

function watched(db: Database, time: OfflineTime): Database {
  return {
    ...db,
    all: (sql, ...values) => time.outside(db.all(sql, ...values)),
    get: (sql, ...values) => time.outside(db.get(sql, ...values)),
    write: (work, early) => time.outside(db.write(work, early)),
  };
}

/** What is new since the last look. */
function createReading(rooms: Rooms, conversation_id: string) {
  let seq = 0;
  let traced = 0;
  return {
    async events(): Promise<WireEvent[]> {
      const rows = await readEvents(rooms.db, { conversation_id, after: seq, limit: 1_000 });
      seq = rows.at(-1)?.seq ?? seq;
      return await deliver(rooms, conversation_id, rows);
    },
    async trace(): Promise<TraceItem[]> {
      const items = await readTrace(rooms.db, { conversation_id, after: traced, limit: 10_000 });
      traced = items.at(-1)?.n ?? traced;
      return items;
    },
  };
}
