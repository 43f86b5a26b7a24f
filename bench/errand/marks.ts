/** What the runtime passes on its way, with the time of each: the names are its failpoints. */
export interface Marks {
  failpoint(name: string): void;
  /** Resolves when these have come in this order, from now on; with the time of each, in ms. */
  expect(names: readonly string[]): Promise<number[]>;
}

export function createMarks(): Marks {
  let pass: (name: string) => void = () => {};
  return {
    failpoint: (name) => pass(name),
    expect(names) {
      const times: number[] = [];
      return new Promise((resolve) => {
        pass = (name) => {
          if (name !== names[times.length]) return;
          times.push(performance.now());
          if (times.length < names.length) return;
          pass = () => {};
          resolve(times);
        };
      });
    },
  };
}
