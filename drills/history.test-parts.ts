import { expect } from 'vitest';
import type { SeenEvent } from '../acceptance/support/consumer.ts';
import type { PatientConsumer } from './patient-consumer.test-parts.ts';

export interface Verdict {
  acknowledged: number;
  lost: number;
  doubled: number;
  reordered: number;
  /** ms that the slowest message waited for its acknowledgement. */
  slowest: number;
}

/** What a consumer was promised against what her transcript says (I1, I2, I8). */
export function judge(consumer: PatientConsumer): Verdict {
  const { seen, acknowledged } = consumer;
  const own = seen.filter(({ type, from }) => type === 'message' && from === 'consumer');
  const at = (seq: number) => own.filter((event) => event.seq === seq);
  const lost = acknowledged.filter(({ seq, text }) => at(seq)[0]?.text !== text).length;
  const doubled = own.length - new Set(own.map(({ message_id }) => message_id)).size + unpromised(own, consumer);
  const seqs = acknowledged.map(({ seq }) => seq);
  const reordered = seqs.filter((seq, i) => i > 0 && seq <= (seqs[i - 1] ?? 0)).length;
  expect(seen.map(({ seq }) => seq)).toEqual(seen.map((_, i) => i + 1));
  expectOneEndPerAttempt(seen);
  const slowest = Math.max(0, ...acknowledged.map(({ after }) => after));
  return { acknowledged: acknowledged.length, lost, doubled, reordered, slowest };
}

/** Her client sends each id until it is acknowledged, so there is nothing in the transcript that she did not say once. */
function unpromised(own: SeenEvent[], consumer: PatientConsumer): number {
  return Math.max(0, own.length - consumer.acknowledged.length);
}

/** A sign-in is over once (notice once), and nothing of it comes after. */
function expectOneEndPerAttempt(seen: SeenEvent[]): void {
  const ends = seen.filter(({ type, status }) => type === 'sign_in' && (status === 'completed' || status === 'ended'));
  const ids = ends.map(({ attempt_id }) => attempt_id);
  expect(new Set(ids).size).toBe(ids.length);
}

export function sum(verdicts: readonly Verdict[]): Verdict {
  const total = (key: keyof Verdict) => verdicts.reduce((all, one) => all + one[key], 0);
  return {
    acknowledged: total('acknowledged'),
    lost: total('lost'),
    doubled: total('doubled'),
    reordered: total('reordered'),
    slowest: Math.max(0, ...verdicts.map(({ slowest }) => slowest)),
  };
}

export function printRow(row: { kind: string; times: number; verdict: Verdict; back: readonly number[] }): void {
  const { kind, times, verdict, back } = row;
  const { acknowledged, lost, doubled, reordered, slowest } = verdict;
  const worst = Math.round(Math.max(0, ...back));
  process.stdout.write(
    `${kind.padEnd(34)} ${String(times).padStart(4)} times  ${String(acknowledged).padStart(5)} acknowledged  ` +
      `lost ${lost}  doubled ${doubled}  reordered ${reordered}  back after ${worst} ms  slowest answer ${Math.round(slowest)} ms\n`,
  );
}

export const clean = { lost: 0, doubled: 0, reordered: 0 };
