/** Keeps a number of jails up: starts them, replaces those that end, and says when none can be made. */
import type { Clock, Log } from '../world/world.ts';
import { type Jail, type StartProcess, startJail } from './jail.ts';

export interface CrewParts {
  clock: Clock;
  log: Log;
  start: StartProcess;
  size: number;
  /** A jail has proven itself and takes work. */
  ready(jail: Jail): void;
  /** A jail is gone. */
  gone(jail: Jail): void;
  /** No jail is up and none can be made: what waits has to be refused. */
  hopeless(reason: string): void;
}

export interface Crew {
  readonly up: number;
  /** Why no jail can be made; undefined while one is up or may still come. */
  readonly reason: string | undefined;
  has(jail: Jail): boolean;
  /** This jail's script should have ended, so it will be killed: the next one is started now, while it dies. */
  writeOff(jail: Jail): void;
  /** It ended after all: true when its place has been taken meanwhile. */
  isSpare(jail: Jail): boolean;
  close(): Promise<void>;
}

const firstRetry = 100;
const lastRetry = 30_000;
/** Once a jail has held, so many may fail to start in a row (somebody kills processes) before work is refused. */
const mostFailures = 3;

export function createCrew({ clock, log, start, size, ready, gone, hopeless }: CrewParts): Crew {
  const jails = new Set<Jail>();
  const writtenOff = new Set<Jail>();
  const starting = new Set<Promise<void>>();
  let reason: string | undefined;
  let proven = false;
  let failures = 0;
  let cancelRetry: (() => void) | undefined;
  let closed = false;

  function fill(): void {
    while (!closed && !cancelRetry && jails.size - writtenOff.size + starting.size < size) {
      const one: Promise<void> = startJail({ clock, start })
        .finally(() => starting.delete(one))
        .then(welcome, mourn);
      starting.add(one);
    }
  }

  async function welcome(jail: Jail): Promise<void> {
    if (closed) {
      jail.end();
      return jail.ended;
    }
    reason = undefined;
    failures = 0;
    proven = true;
    jails.add(jail);
    void jail.ended.then(() => bury(jail));
    ready(jail);
  }

  function bury(jail: Jail): void {
    jails.delete(jail);
    writtenOff.delete(jail);
    gone(jail);
    fill();
  }

  /** A jail that cannot be made is never replaced by a weaker one: work is refused until one holds (SB-09). */
  function mourn(error: unknown): void {
    if (closed) return;
    const why = error instanceof Error ? error.message : String(error);
    failures += 1;
    log.error({ reason: why }, 'a jail for bot code cannot be made');
    if (jails.size === 0 && (!proven || failures >= mostFailures)) {
      reason = why;
      hopeless(why);
    }
    cancelRetry ??= clock.alarm(Math.min(firstRetry * 2 ** (failures - 1), lastRetry), () => {
      cancelRetry = undefined;
      fill();
    });
  }

  fill();
  return {
    get up() {
      return jails.size;
    },
    get reason() {
      return jails.size > 0 ? undefined : reason;
    },
    has: (jail) => jails.has(jail),
    writeOff(jail) {
      writtenOff.add(jail);
      fill();
    },
    isSpare(jail) {
      writtenOff.delete(jail);
      return jails.size > size;
    },
    async close() {
      closed = true;
      cancelRetry?.();
      const all = [...jails];
      for (const jail of all) jail.end();
      await Promise.all([...all.map((jail) => jail.ended), ...starting]);
    },
  };
}
