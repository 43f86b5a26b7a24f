/** The runtime on real parts: store, vault, sandbox, egress, delegation, a real provider and a brand's API on loopback. */
import { vi } from 'vitest';
import { type Stage, setStage } from '../delegation/stage.test-parts.ts';
import type { BotDocument } from '../bot/document.ts';
import type { CredentialDocument } from '../api/credential.ts';
import { createSandbox } from '../sandbox/create-sandbox.ts';
import { patient } from '../sandbox/sandbox.test-parts.ts';
import { createBot } from '../store/bot.ts';
import { publishBot } from '../store/bot-version.ts';
import { type ConversationRow, findConversation } from '../store/conversation.ts';
import type { Database } from '../store/database.ts';
import { readTrace, type TraceItem } from '../store/trace.ts';
import { newId, randomText } from '../world/id.ts';
import { systemRandom } from '../world/world.ts';
import { createRuntime } from './create-runtime.ts';
import type { RuntimeParts } from './parts.ts';
import type { Opened, Runtime, Session, WireEvent } from './runtime.ts';

export interface RuntimeStage extends Stage {
  runtime: Runtime;
  /** Another server process on the same database. */
  node(change?: Partial<RuntimeParts>): Runtime;
  publish(document: BotDocument, id?: string): Promise<string>;
  chat(botId: string, options?: { channel?: 'web' | 'text'; on?: Runtime; locale?: string }): Promise<Chat>;
}

/** One consumer in the hosted chat, and what she can do and see. */
export interface Chat extends Opened {
  session: Session;
  browser: string;
  say(text: string, id?: string): Promise<{ seq: number }>;
  tap(payload: string, label?: string): Promise<{ seq: number }>;
  events(): Promise<WireEvent[]>;
  /** What the bot has said so far. */
  texts(): Promise<string[]>;
  /** Waits until the bot has said this as its `n`-th message of that kind. */
  hears(text: string, n?: number): Promise<WireEvent>;
  until<T>(look: () => Promise<T | undefined>): Promise<T>;
  /** Resolves when nothing waits in the inbox and nobody works. */
  quiet(): Promise<void>;
  /** The attempt that was offered last. */
  offered(): Promise<string>;
  /** Through Continue and the provider with this chat's own browser. */
  signIn(attemptId?: string): Promise<void>;
  row(): Promise<ConversationRow>;
  trace(): Promise<TraceItem[]>;
}

interface Setup {
  credential?: Partial<CredentialDocument>;
  db?: Database;
  /** What the runtime itself is given in place of the stage's parts. */
  change?: (stage: Stage) => Partial<RuntimeParts>;
}

export async function setRuntimeStage(setup: Setup = {}): Promise<RuntimeStage> {
  const credential = { scope: 'openid orders.read orders.write', ...setup.credential };
  const stage = await setStage({ credential, ...(setup.db ? { db: setup.db } : {}) });
  const sandbox = createSandbox({ clock: patient(stage.world.clock), log: stage.world.log });
  const nodes: Runtime[] = [];

  function node(change: Partial<RuntimeParts> = {}): Runtime {
    const { world, db, vault, egress, bus, delegation } = stage;
    const runtime = createRuntime({ world, db, vault, egress, sandbox, bus, delegation, ...change });
    nodes.push(runtime);
    return runtime;
  }

  const runtime = node(setup.change?.(stage));
  return {
    ...stage,
    runtime,
    node,
    publish: (document, id = newId(systemRandom, 'bot')) => publish(stage, document, id),
    chat: (botId, { on = runtime, ...options } = {}) => openChat(stage, on, { bot_id: botId, ...options }),
    async close() {
      for (const one of nodes) await one.drain();
      await sandbox.close();
      await stage.close();
    },
  };
}

async function publish({ db, world }: Stage, document: BotDocument, id: string): Promise<string> {
  const at = world.clock.now();
  await db.write(async (tx) => {
    const known = await tx.get('SELECT id FROM bot WHERE id = ?', id);
    if (known) await tx.run('UPDATE bot SET draft = ? WHERE id = ?', JSON.stringify(document), id);
    else await createBot(tx, { id, account_id: 'acc', name: document.name, draft: document, embed_origins: [], at });
    await publishBot(tx, { account_id: 'acc', id }, at);
  });
  return id;
}

async function openChat(
  stage: Stage,
  runtime: Runtime,
  start: { bot_id: string; channel?: 'web' | 'text'; locale?: string },
): Promise<Chat> {
  const browser = randomText(systemRandom, 32);
  const opened = await runtime.open({ channel: 'web', locale: 'en', browser, ...start });
  const id = opened.conversation_id;
  const session = await runtime.session(id, opened.session_token);
  const reading = readings(stage, runtime, session);
  let count = 0;
  const nextId = () => `m${(count += 1)}`;
  const chat: Chat = {
    ...opened,
    ...reading,
    session,
    browser,
    say: (text, messageId = nextId()) => runtime.accept(session, { id: messageId, text }),
    tap: (postback, label) => runtime.accept(session, { id: nextId(), postback, ...(label ? { label } : {}) }),
    async signIn(attemptId) {
      const attempt = attemptId ?? (await reading.offered());
      const back = await stage.goThrough(attempt, browser);
      await stage.delegation.callback({ ...back, browser });
    },
  };
  return chat;
}

function readings({ db }: Stage, runtime: Runtime, session: Session) {
  const id = session.conversation_id;

  /** Looks again and again; says where it was when it gives up. */
  function until<T>(look: () => Promise<T | undefined>): Promise<T> {
    return vi.waitFor(
      async () => {
        const found = await look();
        if (found === undefined) throw new Error(`not yet: ${JSON.stringify(await events())}`);
        return found;
      },
      { timeout: 15_000, interval: 5 },
    );
  }

  const events = async () => (await runtime.events(session, 0, 1_000)).events;
  const row = async () => {
    const found = await findConversation(db, id);
    if (!found) throw new Error('no conversation');
    return found;
  };

  return {
    until,
    events,
    row,
    async texts() {
      const said = (await events()).filter((event) => event.type === 'message' && event['from'] === 'bot');
      return said.map((event) => String(event['text'] ?? ''));
    },
    hears: (text: string, n = 1) =>
      until(async () => {
        const said = (await events()).filter(
          (event) => event['from'] === 'bot' && JSON.stringify(event).includes(text),
        );
        return said[n - 1];
      }),
    async quiet(): Promise<void> {
      await until(async () => {
        const waits = await db.get('SELECT position FROM inbox WHERE conversation_id = ? AND done_at IS NULL', id);
        return waits || (await row()).lease_until > 0 ? undefined : true;
      });
    },
    offered: () =>
      until(async () => {
        const offers = (await events()).filter((event) => event.type === 'sign_in' && event['status'] === 'offered');
        const last = offers.at(-1)?.['attempt_id'];
        return typeof last === 'string' ? last : undefined;
      }),
    trace: () => readTrace(db, { conversation_id: id, after: 0, limit: 1_000 }),
  };
}
