import type { Database } from '../store/database.ts';
import { Problem } from '../world/problem.ts';

export type Moment = 'before' | 'after';

export interface UnreliableStore {
  db: Database;
  /** The `n`-th write from now is lost: before it is done, or after it, so that only its answer is lost. 0: none is. */
  lose(n: number, when: Moment): void;
  /** After the `n`-th write from now every further one is lost, until `up`. */
  downAfter(n: number): void;
  up(): void;
  /** The `n`-th write from now waits before it is done. `reached`: it does; then `go` lets it. */
  pauseAt(n: number): { reached: Promise<void>; go(): void };
  /** Writes since then. */
  writes(): number;
}

/** A real store whose connection breaks, or is slow, at a write of the test's choice. */
export function unreliableStore(inner: Database): UnreliableStore {
  let writes = 0;
  let down = false;
  let fault: { n: number; when: Moment; act: () => void | Promise<void> } | undefined;

  function lost(): never {
    throw new Problem('unavailable', 'The connection was lost.');
  }

  function set(n: number, when: Moment, act: () => void | Promise<void>): void {
    writes = 0;
    fault = { n, when, act };
  }

  async function pass(when: Moment, n: number): Promise<void> {
    if (fault?.n === n && fault.when === when) await fault.act();
  }

  return {
    db: {
      ...inner,
      async write(work, early) {
        if (down) lost();
        writes += 1;
        const mine = writes;
        await pass('before', mine);
        const value = await inner.write(work, early);
        await pass('after', mine);
        return value;
      },
    },
    lose: (n, when) => set(n, when, lost),
    downAfter(n) {
      set(n, 'after', () => {
        down = true;
      });
    },
    up() {
      down = false;
    },
    pauseAt(n) {
      const [here, gate] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
      set(n, 'before', () => {
        here.resolve();
        return gate.promise;
      });
      return { reached: here.promise, go: gate.resolve };
    },
    writes: () => writes,
  };
}
