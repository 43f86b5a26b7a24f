/** Counts what was acknowledged under load, so that a fault can come after so many messages instead of after some time. */
export interface Tally {
  add(): void;
  /** Resolves when so many more were counted. */
  more(count: number): Promise<void>;
}

export function createTally(): Tally {
  let counted = 0;
  let waiting: { at: number; resolve: () => void }[] = [];
  return {
    add() {
      counted += 1;
      for (const one of waiting) if (one.at <= counted) one.resolve();
      waiting = waiting.filter((one) => one.at > counted);
    },
    more(count) {
      return new Promise((resolve) => waiting.push({ at: counted + count, resolve }));
    },
  };
}
