import { Problem } from '../world/problem.ts';
import { leaseLength, type Rooms } from './parts.ts';

/** The store is away, or undid the work in favour of another: nobody's fault, and over in a while. */
export function isOutage(error: unknown): boolean {
  return error instanceof Problem && error.code === 'unavailable';
}

const shortestPause = 100;
const longestPause = 1_000;

/** Does it again while the store is away, for as long as a lease holds. For works that may be done twice. */
export async function persistently<T>(rooms: Pick<Rooms, 'world'>, work: () => Promise<T>): Promise<T> {
  const { clock } = rooms.world;
  const until = clock.now() + leaseLength;
  for (let pause = shortestPause; ; pause = Math.min(pause * 2, longestPause)) {
    try {
      return await work();
    } catch (error) {
      if (!isOutage(error) || clock.now() + pause > until) throw error;
      await new Promise<void>((resolve) => void clock.alarm(pause, resolve));
    }
  }
}
