import type { Clock } from '../../world/world.ts';

export interface PressLimits {
  /** Undefined: go on. Else how many seconds to wait. */
  refusal(visit: { link: string | null; address: string; press: boolean }): number | undefined;
}

/** Per minute: presses of Continue and callbacks. Pages may be looked at more often: an open one asks every 1.5 s. */
export const defaultPressLimits = { link: 30, address: 600 };
const looksPerPress = 4;
const minute = 60_000;
/** Keys at most: beyond it all are forgotten, which lets through more and refuses nobody. */
const most = 50_000;

/** Counted in this process, for each link and each address: a link that is pressed without end asks no provider without end. */
export function createPressLimits(clock: Clock, limits = defaultPressLimits): PressLimits {
  let counts = new Map<string, number>();
  let until = 0;

  function count(key: string, limit: number): boolean {
    const seen = (counts.get(key) ?? 0) + 1;
    counts.set(key, seen);
    return seen <= limit;
  }

  return {
    refusal({ link, address, press }) {
      const now = clock.now();
      if (now >= until || counts.size > most) {
        counts = new Map();
        until = now + minute;
      }
      const kind = press ? 'press' : 'look';
      const times = press ? 1 : looksPerPress;
      const byLink = link === null || count(`${kind} link ${link}`, limits.link * times);
      const byAddress = count(`${kind} address ${address}`, limits.address * times);
      return byLink && byAddress ? undefined : Math.ceil((until - now) / 1_000);
    },
  };
}
