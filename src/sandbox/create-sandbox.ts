/** The sandbox: author code and author regular expressions go in as JSON, checked JSON comes out, and nothing else happens. */
import { asJavaScript } from '../bot/java-regex.ts';
import type { Json } from '../world/json.ts';
import { type Clock, type Log, type Random, systemRandom } from '../world/world.ts';
import { answering, type Known } from './answering.ts';
import { createBackOff } from './back-off.ts';
import { botOutput, regexOutput } from './bot-output.ts';
import { type StartProcess, startJailedProcess } from './jail.ts';
import type { JailRequest } from './jail/protocol.ts';
import { bestLeash, leashed } from './leash.ts';
import { createPool, type PoolAnswer } from './pool.ts';
import { readOutput } from './read-output.ts';
import type { Sandbox, SandboxOutcome, SandboxRun } from './sandbox.ts';

export interface SandboxParts {
  clock: Clock;
  log: Log;
  /** Seeds the scripts' `Math.random` where a run names no seed. */
  random?: Random;
  /** Jails side by side. Default 2. */
  size?: number;
  /** How a process is started; only tests pass their own. */
  start?: StartProcess;
}

const resting: PoolAnswer = {
  ok: false,
  kind: 'timeout',
  message: 'not run: the same code ran longer than its limit a moment ago, and rests for some seconds',
};

const defaultLimit = 250;
const longestLimit = 5_000;
/** UTF-16 units of JSON. */
const longestInput = 4_000_000;

export function createSandbox(parts: SandboxParts): Sandbox {
  const { clock, log, random = systemRandom, size = 2, start = leashed(bestLeash(), startJailedProcess) } = parts;
  const pool = createPool({ clock, log, start, size });
  const backOff = createBackOff(clock);

  function requestOf(run: SandboxRun): JailRequest {
    const limit_ms = Math.min(Math.max(run.limit_ms ?? defaultLimit, 1), longestLimit);
    const common = { limit_ms, now: run.now ?? clock.now(), seed: run.seed ?? seedFrom(random.bytes(4)) };
    return run.api === 'bot'
      ? { api: 'bot', ...common, input: botInput(run.input) }
      : { api: 'regex', ...common, input: regexInput(run.input) };
  }

  async function answerTo(run: SandboxRun, request: JailRequest): Promise<PoolAnswer> {
    const work = {
      tenant: run.tenant,
      lane: run.lane ?? '',
      refused: () => (backOff.isResting(run) ? resting : undefined),
    };
    const first = work.refused() ?? (await pool.run(work, request));
    // A run changes nothing outside itself, so one whose process was lost may be run again (SB-10); once, because
    // it may be the script that kills its process.
    const answer = isDead(first) ? await pool.run(work, request) : first;
    const timedOut = !answer.ok && answer.kind === 'timeout';
    if (answer !== resting && (answer.ok || timedOut)) backOff.ended(run, timedOut);
    return answer;
  }

  return {
    async run(run) {
      if (JSON.stringify(run.input).length > longestInput) {
        return { ok: false, kind: 'memory', message: `the script is given more than ${longestInput} characters` };
      }
      const request = requestOf(run);
      // Clock and seed are the request's, so a run from the start is the same run as far as it came before.
      const once = async (known: Known): Promise<SandboxOutcome> =>
        outcomeOf(run.api, await answerTo(run, withKnown(request, known)));
      return await answering(run, once);
    },
    health: pool.health,
    close: pool.close,
  };
}

function withKnown(request: JailRequest, known: Known): JailRequest {
  return request.api === 'bot' ? { ...request, input: { ...request.input, known } } : request;
}

function isDead(answer: PoolAnswer): boolean {
  return !answer.ok && answer.kind === 'died';
}

function outcomeOf(api: SandboxRun['api'], answer: PoolAnswer): SandboxOutcome {
  if (!answer.ok) return { ...answer, kind: answer.kind === 'died' ? 'unavailable' : answer.kind };
  try {
    const output = readOutput(answer.output);
    if (api === 'bot' && botOutput.Check(output)) return { ok: true, output };
    if (api === 'regex' && regexOutput.Check(output)) return matchesOf(output);
    return { ok: false, kind: 'thrown', message: 'the script tampered with its own results' };
  } catch (error) {
    return { ok: false, kind: 'thrown', message: error instanceof Error ? error.message : 'the result cannot be read' };
  }
}

function matchesOf({ matched, notes }: { matched: (boolean | string)[]; notes: string[] }): SandboxOutcome {
  return notes.length > 0 ? { ok: true, output: matched, notes } : { ok: true, output: matched };
}

function botInput(input: Json) {
  const given = recordOf(input);
  return {
    code: textOf(given.code),
    globals: textOf(given.globals),
    hook: textOf(given.hook),
    scope: { ...emptyScope, ...recordOf(given.scope) },
    known: {},
  };
}

const emptyScope = {
  variables: {},
  web_view_variables: {},
  environment: {},
  user_message: '',
  metadata: [],
  quick_reply_payload: null,
  button_payload: null,
  starter_intent: null,
  last_call: null,
  disambiguated: null,
  entities: [],
  file: null,
  facts: {},
};

function regexInput(input: Json) {
  const given = recordOf(input);
  const flags = textOf(given.flags);
  const regexes = Array.isArray(given.regexes) ? given.regexes.map((regex) => asJavaScript(textOf(regex), flags)) : [];
  return { text: textOf(given.text), regexes, find: given.find === true };
}

function recordOf(value: Json | undefined): { [key: string]: Json } {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? value : {};
}

function textOf(value: Json | undefined): string {
  return typeof value === 'string' ? value : '';
}

function seedFrom(bytes: Uint8Array): number {
  return bytes.reduce((seed, byte) => (seed * 256 + byte) >>> 0, 0);
}
