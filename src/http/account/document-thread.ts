import { Worker } from 'node:worker_threads';
import { createTenantQueue } from '../../sandbox/tenant-queue.ts';
import { Problem } from '../../world/problem.ts';
import type { DocumentAnswer, DocumentTask } from './document-task.ts';

/** Works on documents beside the server's own thread, in turn between accounts: nobody else waits for many large ones. */
export interface DocumentThread {
  /** Throws `invalid_document` where it takes too long or too much memory, `unavailable` where too many of the account wait. */
  perform(account_id: string, task: DocumentTask): Promise<DocumentAnswer>;
  close(): Promise<void>;
}

interface Job {
  text: string;
  resolve(answer: DocumentAnswer): void;
  reject(problem: Problem): void;
}

/** Of one account, and of all together: they are held in memory. */
const mostOfAccount = 4;
const mostWaiting = 64;
const resourceLimits = { maxOldGenerationSizeMb: 768, stackSizeMb: 4 };

/** Starts with the first task. */
export function createDocumentThread({ longest_ms = 10_000 }: { longest_ms?: number } = {}): DocumentThread {
  const waiting = createTenantQueue<Job>();
  let worker: Worker | undefined;
  let current: { job: Job; timer: NodeJS.Timeout } | undefined;

  function next(): void {
    const job = current ? undefined : waiting.shift();
    if (!job) return;
    worker ??= start();
    current = { job, timer: setTimeout(() => stop('It takes too long to check: make it smaller.'), longest_ms) };
    worker.postMessage(job.text, []);
  }

  function start(): Worker {
    const started = new Worker(new URL('./document-worker.ts', import.meta.url), { resourceLimits });
    started.unref();
    started.on('message', (text: string) => {
      const done = settle();
      // Written by the worker, from an answer of this type.
      done?.resolve(JSON.parse(text) as DocumentAnswer);
      next();
    });
    // What it throws is a fault of ours or a lack of memory: the thread is gone either way.
    started.on('error', () => {
      if (worker === started) stop('It is too much to check: make it smaller.');
    });
    return started;
  }

  function settle(): Job | undefined {
    const done = current?.job;
    clearTimeout(current?.timer);
    current = undefined;
    return done;
  }

  function stop(why: string): void {
    const stopped = worker;
    worker = undefined;
    settle()?.reject(new Problem('invalid_document', why));
    void stopped?.terminate();
    next();
  }

  return {
    perform: (account_id, task) =>
      new Promise((resolve, reject) => {
        if (waiting.sizeOf(account_id) >= mostOfAccount || waiting.size >= mostWaiting) {
          reject(new Problem('unavailable', 'Many large documents are being checked: try again in a moment.'));
          return;
        }
        waiting.push({ tenant: account_id, lane: '' }, { text: JSON.stringify(task), resolve, reject });
        next();
      }),
    async close() {
      for (let job = waiting.shift(); job; job = waiting.shift())
        job.reject(new Problem('unavailable', 'The server is closing.'));
      settle()?.reject(new Problem('unavailable', 'The server is closing.'));
      await worker?.terminate();
    },
  };
}
