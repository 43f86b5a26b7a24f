/** One jailed process: how it is started, how it proves itself, and how it is killed when it does not answer in time. */
import { type ChildProcess, spawn } from 'node:child_process';
import { realpathSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Clock } from '../world/world.ts';
import { lines } from './jail/lines.ts';
import type { JailReply, JailRequest } from './jail/protocol.ts';

/** Starts a program with nothing but three pipes; tests pass their own to start a broken one. */
export type StartProcess = (file: string, args: string[]) => ChildProcess;

export type JailAnswer =
  | JailReply
  /** The process ended by itself, or was killed by somebody else, before it answered. */
  | { ok: false; kind: 'died'; message: string };

export interface Jail {
  pid: number | undefined;
  /** One request at a time. Answers within `limit_ms` + 400 ms, whatever the script does. */
  run(request: JailRequest): Promise<JailAnswer>;
  /** False from the moment it was killed; `ended` follows. */
  alive(): boolean;
  /** Resolves when the process is gone. */
  ended: Promise<void>;
  end(): void;
}

/**
 * ms of wall time after the script's own limit at which its process is killed: some of the engine's loops cannot be
 * interrupted. The limit itself is processor time, so this is also how long a busy machine may keep a script waiting.
 */
const grace = 400;
const startLimit = 10_000;
/** Characters; an answer's output is at most 2 MB, and JSON text in JSON text may double it. */
const longestAnswer = 8_000_000;

export const startJailedProcess: StartProcess = (file, args) =>
  spawn(file, args, { cwd: '/', env: {}, stdio: ['pipe', 'pipe', 'pipe'], windowsHide: true });

/** Starts a jail and waits for its proof. @throws Error with the reason, when the jail cannot be made or does not hold */
export async function startJail(parts: { clock: Clock; start: StartProcess }): Promise<Jail> {
  const child = parts.start(process.execPath, jailArguments());
  const ended = new Promise<void>((resolve) => child.once('close', () => resolve()).once('error', () => resolve()));
  const lastWords = hearErrors(child);
  const answers = answersOf(child);

  async function ask(limit: number): Promise<{ answer: string | undefined; late: boolean }> {
    let late = false;
    const cancel = parts.clock.alarm(limit, () => {
      late = true;
      child.kill('SIGKILL');
    });
    const { value, done } = await answers.next();
    cancel();
    return { answer: done ? undefined : value, late };
  }

  const { answer, late } = await ask(startLimit);
  const fault = late ? 'the jail did not start in time' : faultIn(answer, lastWords);
  if (fault) {
    child.kill('SIGKILL');
    throw new Error(fault);
  }

  return {
    pid: child.pid,
    alive: () => !child.killed && child.exitCode === null && child.signalCode === null,
    ended,
    end: () => void child.kill('SIGKILL'),
    async run(request) {
      child.stdin?.write(`${JSON.stringify(request)}\n`);
      const { answer, late } = await ask(request.limit_ms + grace);
      if (late) return { ok: false, kind: 'timeout', message: 'the script ran longer than its limit and was killed' };
      const reply = answer === undefined ? undefined : readReply(answer);
      if (reply) return reply;
      child.kill('SIGKILL');
      return { ok: false, kind: 'died', message: 'the sandbox process ended during the script' };
    },
  };
}

/** Read access to exactly the files the jail is made of, at their real paths: Node may not follow links in there. */
function jailArguments(): string[] {
  const here = dirname(fileURLToPath(import.meta.url));
  const jail = realpathSync(join(here, 'jail'));
  const shared = realpathSync(join(here, '../bot/old-loops.ts'));
  const own = [
    'entry.ts',
    'lines.ts',
    'realm.ts',
    'run-bot.ts',
    'self-test.ts',
    'bot-answers.js',
    'bot-context-service.js',
    'bot-prelude.js',
    'regex-prelude.js',
  ];
  const theirs = [
    'quickjs.wasm',
    'package.json',
    'dist/index.js',
    'dist/wasi-shim.js',
    'dist/extensions.js',
    'dist/version.js',
  ];
  const require = createRequire(import.meta.url);
  const engine = realpathSync(dirname(require.resolve('quickjs-wasi/quickjs.wasm')));
  const files = [shared, ...own.map((name) => join(jail, name)), ...theirs.map((name) => join(engine, name))];
  return [
    '--permission',
    ...files.map((file) => `--allow-fs-read=${file}`),
    '--max-old-space-size=64',
    '--stack-size=4000',
    '--disallow-code-generation-from-strings',
    join(jail, 'entry.ts'),
    engine,
  ];
}

function answersOf(child: ChildProcess): AsyncGenerator<string, void> {
  // A killed process breaks the pipe we write to; its silence on the other pipe is what counts.
  child.stdin?.on('error', () => {});
  if (!child.stdout) throw new Error('the jail has no pipe to answer through');
  return lines(child.stdout.setEncoding('utf8'), longestAnswer);
}

/** The end of what the process said on standard error, for the reason it gives when it cannot start. */
function hearErrors(child: ChildProcess): () => string {
  let heard = '';
  child.stderr?.setEncoding('utf8').on('data', (chunk: string) => {
    heard = (heard + chunk).slice(-2_000);
  });
  child.once('error', (error) => {
    heard = `Error: ${error.message}`;
  });
  return () => heard.split('\n').find((line) => line.includes('rror')) ?? 'the process ended without a word';
}

/** What is wrong with a jail's first line: nothing, only when every door it names was refused. */
function faultIn(answer: string | undefined, lastWords: () => string): string | undefined {
  if (answer === undefined) return `the jail did not start: ${lastWords().slice(0, 300)}`;
  const doors = doorsIn(answer);
  if (doors.length === 0) return 'the jail did not report on its doors';
  const open = doors.filter(([, result]) => result !== 'refused');
  if (open.length === 0) return undefined;
  return `the jail does not hold: ${open.map(([door, result]) => `${door} ${result}`).join(', ')}`;
}

function doorsIn(answer: string): [string, unknown][] {
  const report = parsed(answer);
  if (typeof report !== 'object' || report === null || !('doors' in report)) return [];
  return Object.entries(report.doors ?? {});
}

function readReply(answer: string): JailReply | undefined {
  const reply = parsed(answer);
  if (typeof reply !== 'object' || reply === null || !('ok' in reply)) return undefined;
  if (reply.ok === true && 'output' in reply && typeof reply.output === 'string')
    return { ok: true, output: reply.output };
  if (!('kind' in reply) || !('message' in reply)) return undefined;
  if (reply.kind !== 'timeout' && reply.kind !== 'memory') return undefined;
  return { ok: false, kind: reply.kind, message: String(reply.message) };
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
