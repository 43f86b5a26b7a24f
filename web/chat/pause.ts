import type { Clock, Random } from '../../src/world/world.ts';

export interface Pause {
  /** Resolves after `ms`, or at once when woken. */
  wait(ms: number): Promise<void>;
  wake(): void;
}

/** A wait that the world can cut short: the network came back, or the page is looked at again. */
export function createPause(clock: Clock): Pause {
  let resume: (() => void) | undefined;
  return {
    wait: (ms) =>
      new Promise((resolve) => {
        const cancel = clock.alarm(ms, resolve);
        resume = () => {
          cancel();
          resolve();
        };
      }),
    wake: () => resume?.(),
  };
}

const first = 500;
const longest = 15_000;

/** Exponential backoff in ms after `failures` failures in a row, spread so that many clients do not return at once. */
export function backoff(failures: number, random: Random): number {
  const spread = 0.5 + (random.bytes(1)[0] ?? 0) / 510;
  return Math.min(first * 2 ** Math.min(failures - 1, 10), longest) * spread;
}
