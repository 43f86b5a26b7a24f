import { afterAll, beforeAll, expect, test } from 'vitest';
import { converse, type Consumer } from './support/consumer.ts';
import { openAccount } from './support/outsider.ts';
import { type ServerProcess, startServerProcess } from './support/server-process.ts';

let server: ServerProcess;
let bot: string;
beforeAll(async () => {
  server = await startServerProcess();
  bot = await (await openAccount(server, 'Brand')).publish({
    format: 'errand.bot/1',
    name: 'Echo',
    dialogs: [
      {
        id: 'echo',
        name: 'Echo',
        type: 'standard',
        interactions: [
          { id: 's', name: 's', type: 'starter', patterns: ['*'] },
          { id: 't', name: 't', type: 'text', text: 'You said {$userMessage}', next: { go: 'end' } },
        ],
      },
    ],
    integrations: [],
  });
});
afterAll(() => server.stop());

interface Seen {
  seq: number;
  type: string;
  text?: string;
}

/** A stream as a browser reads it: its events, and the id it would send when it comes back. */
async function streamOf(consumer: Consumer, after: string | number) {
  const leave = new AbortController();
  const answer = await fetch(`${server.url}/v1/conversations/${consumer.id}/events`, {
    headers: {
      authorization: `Bearer ${consumer.token}`,
      accept: 'text/event-stream',
      'last-event-id': String(after),
    },
    signal: leave.signal,
  });
  const chunks = answer.body?.pipeThrough(new TextDecoderStream()).getReader();
  const seen: Seen[] = [];
  let text = '';
  /** False when the stream has ended. */
  async function read(): Promise<boolean> {
    const chunk = await chunks?.read().catch(() => undefined);
    if (!chunk || chunk.done) return false;
    text += chunk.value;
    const whole = text.split('\n\n');
    text = whole.pop() ?? '';
    for (const one of whole) {
      const data = /^data: (.*)$/m.exec(one)?.[1];
      const event = data === undefined ? undefined : JSON.parse(data);
      if (event?.seq !== undefined) seen.push(event);
    }
    return true;
  }
  return {
    status: answer.status,
    seen,
    last: () => seen.at(-1)?.seq ?? Number(after),
    async until(wanted: (event: Seen) => boolean): Promise<void> {
      while (!seen.some(wanted)) if (!(await read())) throw new Error(`ended: ${JSON.stringify(seen)}`);
    },
    async untilEnd(): Promise<void> {
      while (await read());
    },
    leave: () => leave.abort(),
  };
}

const upTo = (n: number) => Array.from({ length: n }, (_, i) => i + 1);
const said = (text: string) => (event: Seen) => event.text === `You said ${text}`;

test('I8 ST-01 ST-03: a reader who resumes over kills of the server gets every event once', async () => {
  const consumer = await converse(server.url, bot);
  const seen: Seen[] = [];
  for (let kill = 0; kill < 3; kill += 1) {
    const stream = await streamOf(consumer, seen.at(-1)?.seq ?? 0);
    await consumer.say(`before ${kill}`);
    await stream.until(said(`before ${kill}`));
    await Promise.all([consumer.say(`lost ${kill}`).catch(() => undefined), server.kill()]);
    await stream.untilEnd();
    seen.push(...stream.seen);
    server = await startServerProcess({ dataDir: server.dataDir, port: server.port, adminKey: server.adminKey });
  }
  const last = await streamOf(consumer, seen.at(-1)?.seq ?? 0);
  await consumer.say('end');
  await last.until(said('end'));
  last.leave();
  seen.push(...last.seen);
  expect(seen.map(({ seq }) => seq)).toEqual(upTo(seen.length));
  const everything = await streamOf(consumer, 0);
  await everything.until(said('end'));
  everything.leave();
  expect(everything.seen).toEqual(seen);
});

test('I8 ST-07: two tabs, one of them comes and goes: both have seen the same in the end', async () => {
  const consumer = await converse(server.url, bot);
  const steady = await streamOf(consumer, 0);
  const seen: Seen[] = [];
  for (let n = 0; n < 10; n += 1) {
    const restless = await streamOf(consumer, seen.at(-1)?.seq ?? 0);
    await consumer.say(`${n}`);
    await restless.until(() => true);
    restless.leave();
    seen.push(...restless.seen);
  }
  await consumer.say('end');
  await steady.until(said('end'));
  const restless = await streamOf(consumer, seen.at(-1)?.seq ?? 0);
  await restless.until(said('end'));
  restless.leave();
  steady.leave();
  expect([...seen, ...restless.seen]).toEqual(steady.seen);
  expect(steady.seen.map(({ seq }) => seq)).toEqual(upTo(22));
});

test("ST-02: ids from the future are a gap, never another conversation's events; junk is refused", async () => {
  const [mine, other] = [await converse(server.url, bot), await converse(server.url, bot)];
  await other.say('a secret of the other one');
  await other.hears('You said a secret');
  const stream = await streamOf(mine, 4_711);
  await stream.until(({ type }) => type === 'gap');
  await mine.say('hello');
  await stream.until(said('hello'));
  stream.leave();
  expect(stream.seen.map(({ type, seq }) => [type, seq])).toEqual([
    ['gap', 0],
    ['message', 1],
    ['message', 2],
  ]);
  for (const junk of ['-1', '1e3', 'x', '99999999999999999999']) expect((await streamOf(mine, junk)).status).toBe(400);
});

test('ST-06: open streams end within 2 s of the close, with the closed event', async () => {
  const consumer = await converse(server.url, bot);
  const streams = [await streamOf(consumer, 0), await streamOf(consumer, 0)];
  await consumer.say('hello');
  for (const stream of streams) await stream.until(said('hello'));
  const begin = performance.now();
  expect((await consumer.call('POST', '/close')).status).toBe(204);
  for (const stream of streams) {
    await stream.untilEnd();
    expect(stream.seen.at(-1)?.type).toBe('closed');
  }
  expect(performance.now() - begin).toBeLessThan(10_000);
  expect((await streamOf(consumer, 0)).status).toBe(401);
});
