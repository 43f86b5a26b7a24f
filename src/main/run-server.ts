import type { Config } from '../config.ts';

/** What a process runs until it is told to stop. */
export interface Running {
  close(): Promise<void>;
}

/** A drain that takes longer than this is cut: the next start recovers what was under way. ms. */
const drainLimit = 28_000;

/** A start that was told to stop, or that failed, has this long to put away what it opened. ms. */
const tidyLimit = 3_000;

/**
 * Runs until SIGTERM or SIGINT, then drains and gives the exit code. A second signal ends at once, and so does one during
 * a start that hangs. A start that fails is thrown, and the process ends whatever it left open.
 */
export async function runUntilSignal(start: () => Promise<Running>): Promise<number> {
  const stopped = signal();
  const watch = orphaned(stopped.stop);
  abandoned(stopped.stop);
  stopped.again(() => process.exit(130));
  const running = await started(start, stopped.first);
  await stopped.first;
  clearInterval(watch);
  const late = endAfter(drainLimit, 0);
  await running.close();
  clearTimeout(late);
  return 0;
}

async function started(start: () => Promise<Running>, stopped: Promise<void>): Promise<Running> {
  const hanging: { cut?: NodeJS.Timeout; over: boolean } = { over: false };
  void stopped.then(() => {
    if (!hanging.over) hanging.cut = endAfter(tidyLimit, 0);
  });
  try {
    return await start();
  } catch (error) {
    endAfter(tidyLimit, 1).unref();
    throw error;
  } finally {
    hanging.over = true;
    clearTimeout(hanging.cut);
  }
}

function endAfter(limit: number, code: number): NodeJS.Timeout {
  return setTimeout(() => process.exit(code), limit);
}

function signal() {
  const heard = Promise.withResolvers<void>();
  let again = () => {};
  for (const name of ['SIGTERM', 'SIGINT'] as const) {
    let count = 0;
    process.on(name, () => {
      count += 1;
      if (count > 1) again();
      heard.resolve();
    });
  }
  return { first: heard.promise, stop: () => heard.resolve(), again: (act: () => void) => void (again = act) };
}

/** The launcher was killed: its child would go on for ever, holding its ports and its data. */
function abandoned(stop: () => void): void {
  if (process.connected) process.once('disconnect', stop);
}

/**
 * Told to stop, npm ends the shell it started and not what that shell runs: an npm script whose parent has gone would go
 * on for ever, holding its ports.
 */
function orphaned(stop: () => void): NodeJS.Timeout | undefined {
  if (process.env.npm_lifecycle_event === undefined) return undefined;
  const parent = process.ppid;
  return setInterval(() => {
    if (process.ppid !== parent) stop();
  }, 500).unref();
}

/** Prints for people; the log goes to the same place as JSON lines only from `warn` on unless asked for more. */
export function print(lines: readonly string[]): void {
  process.stdout.write(`${lines.join('\n')}\n`);
}

/** The demo's terminal is for people: its log starts at warnings unless a level was asked for. */
export function quietUnlessAsked(config: Config, env: Record<string, string | undefined>): Config {
  return env.ERRAND_LOG_LEVEL ? config : { ...config, logLevel: 'warn' };
}
