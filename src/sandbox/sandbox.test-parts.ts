/** What the sandbox's tests share: sandboxes that end with the test, and runs with little to write. */
import { afterAll } from 'vitest';
import { type Clock, silentLog, systemClock } from '../world/world.ts';
import { type BotOutput, botOutput } from './bot-output.ts';
import { createSandbox, type SandboxParts } from './create-sandbox.ts';
import type { Sandbox, SandboxOutcome, SandboxRun } from './sandbox.ts';

export const facts = {
  conversation_id: 'conv_1',
  consumer_id: 'user_1',
  account_id: 'acct_1',
  bot_id: 'bot_1',
  channel: 'web',
  locale: 'en',
  environment: {},
};

/** Watchdogs by this clock come late: a busy machine's pauses are no runaways; what the engine itself ends still ends in time. */
export const patient = (clock: Clock): Clock => ({ ...clock, alarm: (ms, ring) => clock.alarm(ms + 10_000, ring) });

export function openSandbox(parts: Partial<SandboxParts> = {}): Sandbox {
  const sandbox = createSandbox({ clock: patient(systemClock), log: silentLog, ...parts });
  afterAll(() => sandbox.close());
  return sandbox;
}

/** Every jail is up: from here on a measured time holds no start of a process. */
export async function untilFull(sandbox: Sandbox, size = 2): Promise<void> {
  for (let health = sandbox.health(); (health.jails ?? 0) < size; health = sandbox.health()) {
    if (health.state === 'unavailable') throw new Error(health.reason);
    await new Promise((next) => setImmediate(next));
  }
}

export interface Script {
  globals?: string;
  hook?: string;
  scope?: Record<string, SandboxRun['input']>;
  limit_ms?: number;
  tenant?: string;
  lane?: string;
  now?: number;
  seed?: number;
  answer?: NonNullable<SandboxRun['answer']>;
}

export function runScript(sandbox: Sandbox, code: string, script: Script = {}): Promise<SandboxOutcome> {
  const { globals = '', hook = 'pre_process', scope = {}, tenant = 'acct_1', ...rest } = script;
  return sandbox.run({ api: 'bot', tenant, input: { code, globals, hook, scope: { facts, ...scope } }, ...rest });
}

/** The checked output of a run that must end well. */
export async function outputOf(sandbox: Sandbox, code: string, script: Script = {}): Promise<BotOutput> {
  const outcome = await runScript(sandbox, code, script);
  if (!outcome.ok) throw new Error(`${outcome.kind}: ${outcome.message}`);
  if (!botOutput.Check(outcome.output)) throw new Error('the output has another shape');
  return outcome.output;
}

/** What a script sent, as texts: the shortest way for a script to say what it saw. */
export async function sentBy(sandbox: Sandbox, code: string, script: Script = {}): Promise<string[]> {
  const { effects, error } = await outputOf(sandbox, code, script);
  if (error) throw new Error(error.message);
  return effects.flatMap((effect) => (effect.type === 'send' ? [effect.text] : []));
}
