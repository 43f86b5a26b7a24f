/** The thread that works on large documents: JSON text of a task in, JSON text of its answer out, one at a time. */
import { parentPort } from 'node:worker_threads';
import { type DocumentTask, performTask } from './document-task.ts';

parentPort?.on('message', (text: string) => {
  // Written by the thread that started this one.
  const task = JSON.parse(text) as DocumentTask;
  parentPort?.postMessage(JSON.stringify(performTask(task)), []);
});
