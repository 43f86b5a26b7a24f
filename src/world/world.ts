/** The world, passed in: nothing below `main` reads a clock or makes randomness by itself. */

/** Wall time in epoch milliseconds, and one-shot alarms that a simulated clock can ring. */
export interface Clock {
  /** Epoch milliseconds. */
  now(): number;
  /** Calls `ring` once after `ms` milliseconds; the returned function cancels it. */
  alarm(ms: number, ring: () => void): () => void;
}

/** Cryptographically strong randomness. */
export interface Random {
  bytes(length: number): Uint8Array;
}

/** Structured log; the pino logger satisfies it. Never pass a secret: wrap it in `Secret`. */
export interface Log {
  debug(fields: object, message: string): void;
  info(fields: object, message: string): void;
  warn(fields: object, message: string): void;
  error(fields: object, message: string): void;
}

export interface World {
  clock: Clock;
  random: Random;
  log: Log;
  /** Names a point at which a crash test may kill the process. Does nothing outside such tests. */
  failpoint?: (name: string) => void;
}

export const systemClock: Clock = {
  now: () => Date.now(),
  alarm(ms, ring) {
    const timer = setTimeout(ring, ms);
    return () => clearTimeout(timer);
  },
};

export const systemRandom: Random = createSystemRandom();

/** Asks the system for a few kilobytes at once: an id costs a copy then, not a call of the system. */
export function createSystemRandom(): Random {
  const pool = new Uint8Array(4_096);
  let used = pool.length;
  return {
    bytes(length) {
      if (length > pool.length) return crypto.getRandomValues(new Uint8Array(length));
      if (used + length > pool.length) {
        crypto.getRandomValues(pool);
        used = 0;
      }
      const bytes = pool.slice(used, used + length);
      pool.fill(0, used, used + length); // given out once, and not kept
      used += length;
      return bytes;
    },
  };
}

/** A log that keeps silent, for tests and for parts run outside a server. */
export const silentLog: Log = { debug() {}, info() {}, warn() {}, error() {} };
