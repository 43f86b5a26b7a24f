import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { availableParallelism } from 'node:os';

/** A program of the bench in a process of its own, which answers one question at a time. */
export interface Program {
  pid: number;
  ask<T>(question: object): Promise<T>;
  end(): Promise<void>;
}

/** A question that takes longer than this, in ms, is a fault of the bench or of what it measures. */
const patience = 240_000;

const lastCore = availableParallelism() - 1;
const canPin = lastCore > 0 && spawnSync('taskset', ['-V']).status === 0;

/** Where the load generator runs, for the table's head. */
export const loadCore = canPin ? `core ${lastCore} (pinned)` : 'any core (not pinned)';

/** Starts a program of `bench/programs`. `pinned`: on the last core alone, so that load and server do not share one. */
export async function startProgram(file: string, options: { pinned?: boolean; env?: object } = {}): Promise<Program> {
  const command = [process.execPath, new URL(`programs/${file}`, import.meta.url).pathname];
  const [program = '', ...args] = options.pinned && canPin ? ['taskset', '-c', String(lastCore), ...command] : command;
  const env = { ...process.env, ...options.env };
  const child = spawn(program, args, { env, stdio: ['ignore', 'inherit', 'inherit', 'ipc'] });
  const died = once(child, 'exit').then(([code]) => {
    throw new Error(`${file} ended with ${String(code)}`);
  });
  died.catch(() => {}); // told to whoever asks next
  await Promise.race([once(child, 'message'), died]);
  return {
    pid: child.pid ?? 0,
    async ask<T>(question: object) {
      child.send(question);
      const late = AbortSignal.timeout(patience);
      const [answer] = await Promise.race([once(child, 'message', { signal: late }), died]);
      return answerOf<T>(answer);
    },
    end: () => end(child),
  };
}

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null) return;
  const exited = once(child, 'exit');
  child.kill('SIGTERM');
  await exited;
}

/** Both ends are programs of the bench, which agree on the shapes of their messages. */
function answerOf<T>(answer: { fault?: string; value?: unknown }): T {
  if (answer.fault !== undefined) throw new Error(answer.fault);
  return answer.value as T;
}

/** The other end: answers each question in turn. Call it when the program is ready. */
export function answerQuestions<Q>(answer: (question: Q) => Promise<unknown>): void {
  process.on('message', (question: Q) => {
    answer(question).then(
      (value) => process.send?.({ value }),
      (error: unknown) => process.send?.({ fault: error instanceof Error ? error.stack : String(error) }),
    );
  });
  process.once('SIGTERM', () => process.exit(0));
  process.once('disconnect', () => process.exit(0)); // nobody is left to ask
  process.send?.({});
}
