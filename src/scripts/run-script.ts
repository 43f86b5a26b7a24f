import {
  type ConversationScript,
  type ExpectedCall,
  type HappenedEvent,
  offlineToken,
  type ScriptTurn,
} from '../api/conversation-script.ts';
import type { BotDocument } from '../bot/document.ts';
import type { TraceItem } from '../store/trace.ts';
import { areAsExpected, haveHappened } from './compare.ts';
import { happenedIn } from '../runtime/happened.ts';
import { createOfflineApis, type MadeCall, missingCalls } from './offline-apis.ts';
import { givenFor } from './offline-credentials.ts';
import type { OfflineHouse } from './offline-house.ts';
import { createOfflineProvider } from './offline-provider.ts';
import { type Heard, openRehearsal, type Rehearsal } from './rehearsal.ts';
import { seenIn, type SeenMessage, shortly } from '../runtime/seen.ts';
import { createTaps } from '../runtime/taps.ts';

/** What was wrong at a turn. `turn` counts from 1; one beyond the last is the end of the script. */
export interface Failure {
  turn: number;
  what: 'messages' | 'events' | 'calls' | 'tap';
  expected: unknown;
  got: unknown;
}

export interface ScriptRun {
  passed: boolean;
  failure?: Failure;
  /** What the author should hear although it may have passed, such as a call that no entry of `apis` answers. */
  notes: string[];
  /** Of the whole conversation. */
  trace: TraceItem[];
  /** How often the consumer was heard. */
  heard: number;
}

/** The bot of a script, and other bots of its account. */
export interface ScriptBots {
  document: BotDocument;
  others?: readonly BotDocument[];
}

/** Runs a script to its first failure: a fresh consumer, a fresh conversation, no network, and a clock that only `advance` moves. */
export async function runScript(house: OfflineHouse, bots: ScriptBots, script: ConversationScript): Promise<ScriptRun> {
  const { setup = {}, apis = [] } = script;
  const { document, others: besides = [] } = bots;
  const offline = createOfflineApis(apis, createOfflineProvider(tokenFor([document, ...besides], script)));
  const bot = await house.load(document);
  const others = await Promise.all(besides.map(house.load));
  const rehearsal = await openRehearsal({ house, bot, others, setup, egress: offline.egress });
  const running = createRunning(rehearsal);
  let failure: Failure | undefined;
  for (const [at, turn] of script.turns.entries()) {
    failure = await running.take(turn, at + 1);
    if (failure) break;
  }
  failure ??= failureOfCalls(script, offline.calls);
  const { trace, notes, heard } = running;
  return {
    passed: failure === undefined,
    ...(failure && { failure }),
    notes: [...notes, ...notesOfCalls(offline.calls), ...rehearsal.faults],
    trace,
    heard: heard(),
  };
}

/** What a granted sign-in gives: the token that the script names for a credential of the bot's. */
function tokenFor(documents: readonly BotDocument[], { setup }: ConversationScript): string {
  const credentials = documents.flatMap(({ integrations }) =>
    integrations.flatMap(({ credential }) => credential ?? []),
  );
  const given = credentials.map((name) => givenFor(name, setup?.credentials ?? {})?.accessToken);
  return given.find((token) => token !== undefined) ?? offlineToken;
}

function createRunning(rehearsal: Rehearsal) {
  const trace: TraceItem[] = [];
  const notes: string[] = [];
  /** Since the consumer last did something, as far as no `expect` has taken it. */
  let seen: SeenMessage[] = [];
  let happened: HappenedEvent[] = [];
  const taps = createTaps();
  let count = 0;

  function hear(heard: Heard, more: boolean): void {
    const messages = seenIn(heard.events);
    trace.push(...heard.trace);
    const happenedNow = happenedIn(heard.trace);
    seen = more ? [...seen, ...messages] : messages;
    happened = more ? [...happened, ...happenedNow] : happenedNow;
    taps.show(messages);
  }

  async function tap(label: string, turn: number): Promise<Failure | undefined> {
    const found = taps.labelled(label);
    if (!found) return { turn, what: 'tap', expected: label, got: taps.labels() };
    if (found.says) hear(await say(found.says), false);
    else notes.push(`turn ${turn}: "${label}" only opens its link, so nothing was said`);
    return undefined;
  }

  /** To say what a button in view posts is to tap it, unless the script says that it was typed. */
  function spoken({ say: text, typed }: Extract<ScriptTurn, { say: unknown }>): Parameters<Rehearsal['say']>[0] {
    return (typed ? undefined : taps.posting(text)?.says) ?? { text };
  }

  function say(said: Parameters<Rehearsal['say']>[0]): Promise<Heard> {
    count += 1;
    return rehearsal.say(said);
  }

  function expect(expected: Extract<ScriptTurn, { expect: unknown }>, turn: number): Failure | undefined {
    const got = { seen, happened };
    seen = [];
    happened = [];
    if (!areAsExpected(expected.expect, got.seen))
      return { turn, what: 'messages', expected: expected.expect, got: got.seen.map(shortly) };
    if (expected.events && !haveHappened(expected.events, got.happened))
      return { turn, what: 'events', expected: expected.events, got: got.happened };
    return undefined;
  }

  return {
    trace,
    notes,
    heard: () => count,
    async take(turn: ScriptTurn, at: number): Promise<Failure | undefined> {
      if ('expect' in turn) return expect(turn, at);
      if ('tap' in turn) return await tap(turn.tap, at);
      if ('advance' in turn) hear(await rehearsal.advance(turn.advance), true);
      else hear(await say(spoken(turn)), false);
      return undefined;
    },
  };
}

function failureOfCalls(
  { expectApiCalls = [], turns }: ConversationScript,
  calls: readonly MadeCall[],
): Failure | undefined {
  const missing: ExpectedCall[] = missingCalls(expectApiCalls, calls);
  if (missing.length === 0) return undefined;
  const got = calls.map(({ method, url, headers, body }) => ({ method, url, headers, ...(body !== '' && { body }) }));
  return { turn: turns.length + 1, what: 'calls', expected: missing, got };
}

function notesOfCalls(calls: readonly MadeCall[]): string[] {
  return calls
    .filter(({ unmatched }) => unmatched)
    .map(({ method, url }) => `${method} ${url} was answered with 404: no entry of apis fits it`);
}
