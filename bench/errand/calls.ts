import { request } from 'undici';
import type { Errand } from '../../src/main/assemble.ts';
import { callTurn, type Consumer, newConsumer } from './consumer.ts';
import type { Marks } from './marks.ts';

export interface Setting {
  errand: Errand;
  marks: Marks;
  bot: string;
  brand: string;
}

/** Times in ms, one of each kind per round, taken one after the other in the same process. */
export interface CallTimes {
  /** From the commit before the call to the commit of its result. */
  step: number[];
  /** The call alone: permission, token, egress, audit. */
  call: number[];
  bare: number[];
}

/** A signed-in consumer asks again and again; between two questions the same request goes out bare. */
export async function timeCalls(setting: Setting, rounds: number): Promise<CallTimes> {
  const consumer = await signedIn(setting);
  const call = await delegatedCall(setting, consumer);
  const times: CallTimes = { step: [], call: [], bare: [] };
  for (let round = -warmUp; round < rounds; round += 1) {
    const [, before = 0, , after = 0] = await consumer.say('order', callTurn);
    const called = await timed(call);
    const bare = await timed(() => fetchBare(`${setting.brand}/order`));
    if (round < 0) continue;
    times.step.push(after - before);
    times.call.push(called);
    times.bare.push(bare);
  }
  return times;
}

export interface ResumeTimes {
  resumed: number[];
  /** The token request and the order request, bare, one after the other. */
  bare: number[];
}

/** Each round is a consumer of her own; timed from the request of her browser's return to the committed answer. */
export async function timeResumes(setting: Setting, rounds: number): Promise<ResumeTimes> {
  const times: ResumeTimes = { resumed: [], bare: [] };
  for (let round = -warmUp; round < rounds; round += 1) {
    const resumed = await signIn(setting, await newConsumer(setting));
    const bare = await timed(async () => {
      await fetchBare(`${setting.brand}/token`, 'POST');
      await fetchBare(`${setting.brand}/order`);
    });
    if (round < 0) continue;
    times.resumed.push(resumed);
    times.bare.push(bare);
  }
  return times;
}

/** Calls at once on one connection whose token is over; how many ended well. */
export async function storm(setting: Setting, calls: number): Promise<number> {
  const consumer = await signedIn(setting);
  const call = await delegatedCall(setting, consumer);
  const { db } = setting.errand;
  await db.write((tx) =>
    tx.run('UPDATE connection SET expires_at = 1 WHERE conversation_id = ?', consumer.session.conversation_id),
  );
  const ended = await Promise.all(Array.from({ length: calls }, call));
  return ended.filter((one) => one.result.outcome === 'success').length;
}

const warmUp = 20;

async function signedIn(setting: Setting): Promise<Consumer> {
  const consumer = await newConsumer(setting);
  await signIn(setting, consumer);
  return consumer;
}

/** ms from her return to the committed answer. */
async function signIn({ marks }: Setting, consumer: Consumer): Promise<number> {
  await consumer.say('order', ['accept.committed', 'turn.committed']);
  const url = await consumer.callbackUrl();
  const answered = marks.expect(['exchange.answered', 'call.result_committed', 'turn.committed']);
  const from = performance.now();
  const back = consumer.comeBack(url);
  const [, , committed = 0] = await answered;
  await back;
  return committed - from;
}

async function delegatedCall({ errand, brand }: Setting, { session }: Consumer) {
  const credential = await errand.delegation.credential(session.account_id, 'Brand');
  const [connection] = await errand.delegation.connections(session.conversation_id);
  if (!credential || !connection) throw new Error('the consumer is not signed in');
  return (_?: unknown, number = Math.random()) =>
    errand.delegation.call({
      conversation_id: session.conversation_id,
      connection_id: connection.id,
      credential,
      request: { method: 'GET', url: `${brand}/order`, headers: {}, timeout_ms: 10_000 },
      idempotency_key: `bench-${number}`,
      repeatable: true,
    });
}

async function fetchBare(url: string, method: 'GET' | 'POST' = 'GET'): Promise<void> {
  const answer = await request(url, { method });
  await answer.body.text();
}

async function timed(work: () => Promise<unknown>): Promise<number> {
  const from = performance.now();
  await work();
  return performance.now() - from;
}
