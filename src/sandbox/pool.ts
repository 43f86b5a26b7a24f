/** Work for a few jails: one run at a time in each, what waits served in turn between tenants. */
import type { Clock, Log } from '../world/world.ts';
import { createCrew } from './crew.ts';
import type { Jail, JailAnswer, StartProcess } from './jail.ts';
import type { JailRequest } from './jail/protocol.ts';
import type { Sandbox } from './sandbox.ts';
import { createTenantQueue } from './tenant-queue.ts';

export type PoolAnswer = JailAnswer | { ok: false; kind: 'unavailable'; message: string };

/** Whose a run is, and what it is answered instead when its turn comes: it may have become pointless while it waited. */
export interface Work {
  tenant: string;
  lane: string;
  refused?(): PoolAnswer | undefined;
}

export interface Pool {
  run(work: Work, request: JailRequest): Promise<PoolAnswer>;
  health: Sandbox['health'];
  close(): Promise<void>;
}

export interface PoolParts {
  clock: Clock;
  log: Log;
  start: StartProcess;
  /** How many jails run side by side. */
  size: number;
}

interface Waiting {
  work: Work;
  request: JailRequest;
  since: number;
  answer(answer: PoolAnswer): void;
}

/** A jail that waits for work, and what it has done so far. */
interface Place {
  jail: Jail;
  runs: number;
  /** ms */
  worked: number;
}

/** A jail is replaced after this many runs, so that nothing can pile up in one for ever. */
const runsPerJail = 5_000;
/** ms of work; also before its leash ends it for having used its processor time (`leash.ts`). */
const workPerJail = 15_000;
const mostWaiting = 1_000;
/** So that no tenant can fill the queue and have the others refused. */
const mostWaitingOfTenant = 250;
/** ms; whoever waited longer is told so instead of being served late. */
const longestWait = 5_000;
/** ms of wall time after a script's own limit at which its jail is taken for lost; `jail.ts` kills it somewhat later. */
const overdueAfter = 100;
const level = 'QuickJS in a process without files, network, children or environment';

export function createPool({ clock, log, start, size }: PoolParts): Pool {
  const idle: Place[] = [];
  const queue = createTenantQueue<Waiting>();
  const running = createRunning();
  let closed = false;

  const crew = createCrew({
    clock,
    log,
    start,
    size,
    ready(jail) {
      idle.push({ jail, runs: 0, worked: 0 });
      serve();
    },
    gone(jail) {
      const place = idle.findIndex((one) => one.jail === jail);
      if (place >= 0) idle.splice(place, 1);
    },
    hopeless: refuseAll,
  });

  function serve(): void {
    while (queue.size > 0) {
      const place = idlePlace();
      if (!place) return;
      // Nobody may be served only when jails are being replaced; then it goes on in turn.
      const next = queue.shift(mayBeServed) ?? queue.shift();
      const refused = next && refusalOf(next);
      if (refused) next.answer(refused);
      if (next && !refused) void run(next, place);
      else idle.push(place);
    }
  }

  /** A jail that was killed a moment ago, and whose end has not been heard of yet, would lose one more run. */
  function idlePlace(): Place | undefined {
    for (let place = idle.pop(); place; place = idle.pop()) if (place.jail.alive()) return place;
    return undefined;
  }

  function refusalOf({ work, since }: Waiting): PoolAnswer | undefined {
    return clock.now() - since > longestWait ? unavailable('the sandbox is busy') : work.refused?.();
  }

  /** While others wait no tenant has all jails: its runaways would make them wait for a kill. */
  function mayBeServed(tenant: string): boolean {
    return queue.tenants === 1 || running.of(tenant) < Math.max(size - 1, 1);
  }

  async function run(next: Waiting, place: Place): Promise<void> {
    const { jail, runs } = place;
    const from = clock.now();
    const { tenant } = next.work;
    const cancel = clock.alarm(next.request.limit_ms + overdueAfter, () => crew.writeOff(jail));
    running.add(tenant, 1);
    const answer = await jail.run(next.request);
    running.add(tenant, -1);
    cancel();
    next.answer(answer);
    if (!answer.ok) log.warn({ kind: answer.kind, pid: jail.pid }, 'a script did not end well');
    if (!crew.has(jail) || !jail.alive()) return;
    const worked = place.worked + clock.now() - from;
    if (crew.isSpare(jail) || runs + 1 >= runsPerJail || worked >= workPerJail) return jail.end();
    idle.push({ jail, runs: runs + 1, worked });
    // After what the answer sets off, so that code which rests from now on is not served once more.
    queueMicrotask(serve);
  }

  function refuseAll(why: string): void {
    for (let next = queue.shift(); next; next = queue.shift()) next.answer(unavailable(why));
  }

  return {
    run(work, request) {
      if (closed) return Promise.resolve(unavailable('the sandbox is closed'));
      if (crew.reason) return Promise.resolve(unavailable(crew.reason));
      if (queue.size >= mostWaiting || queue.sizeOf(work.tenant) >= mostWaitingOfTenant)
        return Promise.resolve(unavailable('the sandbox is busy'));
      return new Promise((answer) => {
        queue.push(work, { work, request, since: clock.now(), answer });
        serve();
      });
    },
    health() {
      if (crew.up > 0) return { state: 'ready', level, jails: crew.up };
      return crew.reason ? { state: 'unavailable', level: 'none', reason: crew.reason } : { state: 'starting', level };
    },
    async close() {
      closed = true;
      refuseAll('the sandbox is closed');
      await crew.close();
    },
  };
}

/** Jails at work, by tenant. */
function createRunning() {
  const jails = new Map<string, number>();
  return {
    of: (tenant: string): number => jails.get(tenant) ?? 0,
    add(tenant: string, change: 1 | -1): void {
      const now = (jails.get(tenant) ?? 0) + change;
      if (now > 0) jails.set(tenant, now);
      else jails.delete(tenant);
    },
  };
}

function unavailable(message: string): PoolAnswer {
  return { ok: false, kind: 'unavailable', message };
}
