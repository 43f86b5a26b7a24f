/** Author code that has just run into its limit rests: run again at once it would only hold a jail for as long again. */
import { hash } from 'node:crypto';
import type { Clock } from '../world/world.ts';
import type { SandboxRun } from './sandbox.ts';

export interface BackOff {
  isResting(run: SandboxRun): boolean;
  /** Notes how a run ended that was not kept from running. */
  ended(run: SandboxRun, timedOut: boolean): void;
}

/** ms of the first rest; each time that follows without a good run between doubles it. */
const firstRest = 2_000;
const longestRest = 30_000;
const mostKnown = 1_000;

export function createBackOff(clock: Clock): BackOff {
  const known = new Map<string, { until: number; times: number }>();

  function noteTimeout(key: string): void {
    const { until, times } = known.get(key) ?? { until: 0, times: 0 };
    // Runs side by side that end together are one time.
    if (clock.now() < until) return;
    known.delete(key);
    known.set(key, { until: clock.now() + Math.min(firstRest * 2 ** times, longestRest), times: times + 1 });
    const oldest = known.keys().next().value;
    if (known.size > mostKnown && oldest !== undefined) known.delete(oldest);
  }

  return {
    isResting(run) {
      // Most of the time nothing rests, and then no code is hashed.
      return known.size > 0 && clock.now() < (known.get(keyOf(run))?.until ?? 0);
    },
    ended(run, timedOut) {
      if (timedOut) noteTimeout(keyOf(run));
      else if (known.size > 0) known.delete(keyOf(run));
    },
  };
}

/**
 * The code and its tenant, not what it is run on: one tenant's code never keeps another's from running. A regular
 * expression rests for the one conversation only, because what it runs on is a consumer's own text: any consumer could
 * else have the question refused to all the others. There the turns between conversations bound what a flood can take.
 */
function keyOf({ api, tenant, lane, input }: SandboxRun): string {
  const given = typeof input === 'object' && input !== null && !Array.isArray(input) ? input : {};
  const { code, globals, hook, regexes, flags } = given;
  const of = api === 'regex' ? (lane ?? '') : '';
  return hash('sha256', JSON.stringify([api, tenant, of, code, globals, hook, regexes, flags]));
}
