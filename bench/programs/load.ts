/** The load generator: closed loops of POSTs, in a process of its own. A turn ends when its reply is committed. */
import { createConnection } from 'node:net';
import { Client } from 'undici';
import { answerQuestions } from '../process.ts';
import { median, percentile } from '../statistics.ts';

export interface Load {
  origin: string;
  clients: number;
  ms: number;
  /** Errand's conversations, watched at `hookPort` in this order; without them the answer is the end of the turn. */
  conversations?: { id: string; token: string }[];
  hookPort?: number;
}

export interface Loaded {
  turns: number;
  /** Turns per second. */
  rate: number;
  /** ms */
  p50: number;
  p99: number;
}

answerQuestions(async (load: Load): Promise<Loaded> => {
  const replies = await hearReplies(load.hookPort);
  const clients = Array.from({ length: load.clients }, () => new Client(load.origin, { pipelining: 1 }));
  const times: number[] = [];
  const started = performance.now();
  const until = started + load.ms;
  const run = `${started}`;

  async function loop(client: Client, first: number): Promise<void> {
    const count = load.conversations?.length ?? 1_000;
    for (let at = first % count, n = 0; performance.now() < until; at = (at + load.clients) % count, n += 1) {
      const from = performance.now();
      const replied = load.hookPort === undefined ? undefined : replies.next(at);
      await say(client, at, `${run}.${first}.${n}`);
      await replied;
      times.push(performance.now() - from);
    }
  }

  async function say(client: Client, at: number, id: string): Promise<void> {
    const conversation = load.conversations?.[at];
    const path = conversation ? `/v1/conversations/${conversation.id}/messages` : `/${at}`;
    const headers = {
      'content-type': 'application/json',
      ...(conversation && { authorization: `Bearer ${conversation.token}` }),
    };
    const body = JSON.stringify({ id, text: 'hello there' });
    const answer = await client.request({ method: 'POST', path, headers, body });
    const text = await answer.body.text();
    if (answer.statusCode >= 300) throw new Error(`${answer.statusCode}: ${text}`);
  }

  await Promise.all(clients.map(loop));
  const seconds = (performance.now() - started) / 1_000;
  replies.close();
  await Promise.all(clients.map((client) => client.close()));
  return { turns: times.length, rate: times.length / seconds, p50: median(times), p99: percentile(times, 99) };
});

/** Lines of the commit hook, each a number of a conversation. */
async function hearReplies(port: number | undefined) {
  const waiting = new Map<number, () => void>();
  const socket = port === undefined ? undefined : createConnection(port, '127.0.0.1').setNoDelay(true);
  let rest = '';
  socket?.setEncoding('utf8').on('data', (chunk: string) => {
    const lines = `${rest}${chunk}`.split('\n');
    rest = lines.pop() ?? '';
    for (const line of lines) waiting.get(Number(line))?.();
  });
  if (socket) await new Promise<void>((resolve) => socket.once('connect', () => resolve()));
  return {
    next: (number: number) => new Promise<void>((resolve) => void waiting.set(number, resolve)),
    close: () => socket?.destroy(),
  };
}
