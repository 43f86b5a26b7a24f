import { clearImmediate, setImmediate } from 'node:timers';
import type { Transaction } from './database.ts';

/** What a group needs of the one connection that writes. All of it is synchronous, as SQLite is. */
export interface Writer {
  begin(): void;
  commit(): void;
  rollback(): void;
  savepoint(): void;
  releaseSavepoint(): void;
  rollbackToSavepoint(): void;
  /** False once SQLite gave up the whole transaction by itself (disk full, I/O error). */
  inTransaction(): boolean;
  /** A transaction for one work; `failure` is the first statement that failed in it, `end` makes any later use throw. */
  openTransaction(): { tx: Transaction; failure(): unknown; end(): void };
}

interface Outcome {
  /** Once it is durable. */
  answer(): void;
  /** Before that, to somebody who writes more that belongs to it. */
  early?: () => void;
}

interface Queued {
  /** Does the work and returns what to do with what came of it. */
  perform(tx: Transaction): Promise<Outcome>;
  reject(error: unknown): void;
}

interface Done {
  answer(): void;
  reject(error: unknown): void;
}

/** The works that wait, and whether somebody acts on what is not durable yet: and may still be about to write more. */
interface Group {
  queue: Queued[];
  early: 'nobody' | 'just now' | 'before';
}

export interface GroupCommit {
  write<T>(work: (tx: Transaction) => Promise<T>, early?: (value: T) => void): Promise<T>;
  /** Somebody has heard early of what waits to be durable, and may look for it. */
  heardEarly(): boolean;
  /** Resolves between groups, when nothing is half written. */
  idle(): Promise<void>;
  /** Resolves when everything queued is answered. */
  drained(): Promise<void>;
}

/** So that one group cannot hold back its first writer for long. */
const groupLimit = 256;
const stalled = Symbol('stalled');

/**
 * The writes of one tick share one BEGIN … COMMIT and so one fsync. They run one after another. The first needs no
 * savepoint, since undoing it undoes nothing else; each later one has its own.
 */
export function createGroupCommit(writer: Writer): GroupCommit {
  const group: Group = { queue: [], early: 'nobody' };
  const { queue } = group;
  let scheduled = false;
  let running: Promise<void> | undefined;

  function schedule(): void {
    if (scheduled || running !== undefined || queue.length === 0) return;
    scheduled = true;
    // Not a microtask: everything the current poll of the event loop reads from sockets joins the same group.
    setImmediate(() => {
      scheduled = false;
      running = runGroup(writer, group).finally(() => {
        group.early = 'nobody';
        running = undefined;
        schedule();
      });
    });
  }

  return {
    write<T>(work: (tx: Transaction) => Promise<T>, early?: (value: T) => void): Promise<T> {
      return new Promise<T>((resolve, reject) => {
        const perform = async (tx: Transaction): Promise<Outcome> => {
          const value = await work(tx);
          return { answer: () => resolve(value), ...(early && { early: () => early(value) }) };
        };
        queue.push({ perform, reject });
        schedule();
      });
    },
    heardEarly: () => group.early !== 'nobody',
    async idle() {
      while (running !== undefined) await running;
    },
    async drained() {
      while (queue.length > 0 || running !== undefined) {
        await nextTurn();
        await running;
      }
    },
  };
}

/** Takes what is queued, also what joins meanwhile, up to the limit. */
async function runGroup(writer: Writer, group: Group): Promise<void> {
  const done: Done[] = [];
  try {
    for (let count = 0; count < groupLimit; count += 1) {
      const next = await nextOf(group);
      if (next === undefined) break;
      await runOne({ writer, group, done }, next);
    }
  } catch (error) {
    // A savepoint that cannot be undone: the group cannot be trusted any more.
    for (const lost of done.splice(0)) lost.reject(error);
    rollback(writer);
  }
  if (done.length > 0) settle(writer, done);
}

/** Whoever heard early gets a turn of the event loop to write what shares the commit. */
async function nextOf(group: Group): Promise<Queued | undefined> {
  if (group.queue.length === 0 && group.early === 'just now') {
    group.early = 'before';
    await nextTurn();
  }
  return group.queue.shift();
}

interface Running {
  writer: Writer;
  group: Group;
  /** What the commit makes durable. */
  done: Done[];
}

async function runOne({ writer, group, done }: Running, next: Queued): Promise<void> {
  const first = done.length === 0;
  try {
    if (first) begin(writer);
    else writer.savepoint();
  } catch (error) {
    next.reject(error);
    return;
  }
  const outcome = await perform(writer, next);
  if ('answer' in outcome) {
    done.push({ answer: outcome.answer, reject: next.reject });
    if (!first) writer.releaseSavepoint();
    if (outcome.early) {
      group.early = 'just now';
      outcome.early();
    }
    return;
  }
  next.reject(outcome.error);
  if (!writer.inTransaction()) {
    for (const lost of done.splice(0)) lost.reject(outcome.error);
  } else if (first) {
    rollback(writer);
  } else {
    writer.rollbackToSavepoint();
    writer.releaseSavepoint();
  }
}

async function perform(writer: Writer, next: Queued): Promise<Outcome | { error: unknown }> {
  const { tx, failure, end } = writer.openTransaction();
  const watch = watchForStall();
  try {
    const outcome = await Promise.race([next.perform(tx), watch.stall]);
    if (outcome === stalled) {
      return {
        error: new Error('A work awaited something else than its transaction and was undone: see Database.write.'),
      };
    }
    // PostgreSQL undoes a transaction in which a statement failed, even when the work caught that. So it is here.
    const error = failure();
    return error === undefined ? outcome : { error };
  } catch (error) {
    return { error };
  } finally {
    watch.end();
    end();
  }
}

function settle(writer: Writer, done: Done[]): void {
  try {
    writer.commit();
  } catch (error) {
    for (const lost of done) lost.reject(error);
    rollback(writer);
    return;
  }
  for (const durable of done) durable.answer();
}

function begin(writer: Writer): void {
  // Of a group whose rollback failed too: its works were rejected, so nothing of it may stay.
  if (writer.inTransaction()) writer.rollback();
  writer.begin();
}

function rollback(writer: Writer): void {
  try {
    if (writer.inTransaction()) writer.rollback();
  } catch {
    // The works are rejected already; the next group rolls back before it begins, and is rejected while that fails.
  }
}

/**
 * SQLite answers at once, so a work that awaits only its transaction ends before the event loop turns. One that is
 * still there then awaits something else, and would hold up (or, waiting for another write, lock) every writer.
 */
function watchForStall(): { stall: Promise<typeof stalled>; end(): void } {
  const { promise, resolve } = Promise.withResolvers<typeof stalled>();
  const handle = setImmediate(() => resolve(stalled));
  return { stall: promise, end: () => clearImmediate(handle) };
}

function nextTurn(): Promise<void> {
  return new Promise((resolve) => setImmediate(() => resolve()));
}
