import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { type ChatClient, createChatClient } from './client.ts';
import { createConsumerApi, type Fetch } from './consumer-api.ts';
import { createMemory, type Shelf, usableShelf } from './memory.ts';
import { simulatedClock } from './simulated-clock.test-parts.ts';
import { view } from './transcript.ts';

/** The Consumer API as the contract tells it, in memory, with faults to switch on. */
function fakeServer() {
  const events: { seq: number; type: string; [key: string]: unknown }[] = [];
  const accepted = new Map<string, number>();
  const waiting = new Set<() => void>();
  const requests: string[] = [];
  const kept: boolean[] = [];
  const faults = { down: false, streams: true, loseAnswers: 0, gone: false };
  const push = (event: { type: string; [key: string]: unknown }) => {
    events.push({ at: '2026-01-01T00:00:00Z', ...event, seq: events.length + 1 });
    for (const tell of waiting) tell();
  };
  const accept = (body: { id: string; text?: string; label?: string }): Response => {
    if (!accepted.has(body.id)) {
      push({ type: 'message', from: 'consumer', text: body.text ?? body.label });
      accepted.set(body.id, events.length);
    }
    if (faults.loseAnswers-- > 0) throw new TypeError('connection reset');
    return Response.json({ seq: accepted.get(body.id) }, { status: 202 });
  };
  const poll = async (url: URL, signal: AbortSignal | null | undefined) => {
    const after = Number(url.searchParams.get('after'));
    const found = () => events.filter(({ seq }) => seq > after);
    if (url.searchParams.get('wait') !== '0' && !found().length)
      await new Promise<void>((resolve) => hold(resolve, signal));
    return Response.json({ events: found(), last_seq: events.length });
  };
  const hold = (resolve: () => void, signal: AbortSignal | null | undefined) => {
    waiting.add(resolve);
    signal?.addEventListener('abort', resolve);
  };
  const stream = (url: URL, signal: AbortSignal | null | undefined) => {
    if (!faults.streams) return new Response('', { status: 406 });
    let sent = Number(url.searchParams.get('after'));
    const body = new ReadableStream<Uint8Array>({
      start(controller) {
        const tell = () => {
          for (const event of events.slice(sent))
            controller.enqueue(new TextEncoder().encode(`id: ${event.seq}\ndata: ${JSON.stringify(event)}\n\n`));
          sent = events.length;
        };
        waiting.add(tell);
        signal?.addEventListener(
          'abort',
          () => (waiting.delete(tell), controller.error(new DOMException('gone', 'AbortError'))),
        );
        tell();
      },
    });
    return new Response(body, { headers: { 'content-type': 'text/event-stream' } });
  };
  const request: Fetch = async (path, init) => {
    const url = new URL(path, 'http://chat.example');
    requests.push(`${init.method ?? 'GET'} ${url.pathname}`);
    if (faults.down) throw new TypeError('no network');
    if (faults.gone) return Response.json({ code: 'unauthorized' }, { status: 401 });
    if (url.pathname === '/v1/bots/b1/conversations')
      return Response.json({ conversation_id: 'c1', session_token: 't1', consumer_id: 'u1' }, { status: 201 });
    if (url.pathname.startsWith('/v1/bots/')) return Response.json({ code: 'not_found' }, { status: 404 });
    if (url.pathname.endsWith('/messages')) kept.push(init.keepalive === true);
    if (url.pathname.endsWith('/messages')) return accept(JSON.parse(String(init.body)));
    if (url.pathname.endsWith('/close')) return new Response(null, { status: 204 });
    return new Headers(init.headers).get('accept') === 'text/event-stream'
      ? stream(url, init.signal)
      : poll(url, init.signal);
  };
  return { request, push, requests, faults, accepted, kept };
}

let open: ChatClient[] = [];
let server = fakeServer();
let world = simulatedClock();
let shelf: Shelf = usableShelf([]);
beforeEach(() => {
  server = fakeServer();
  world = simulatedClock();
  shelf = usableShelf([]);
});
afterEach(() => {
  for (const client of open) client.stop();
  open = [];
});

let ids = 0;
function load(botId = 'b1'): ChatClient {
  const client = createChatClient({
    botId,
    locale: 'en',
    api: createConsumerApi(server.request),
    memory: createMemory(shelf, botId),
    clock: world.clock,
    random: { bytes: (length) => new Uint8Array(length) },
    messageId: () => `m${++ids}`,
  });
  open.push(client);
  return client;
}

function until(client: ChatClient, holds: () => boolean): Promise<void> {
  return new Promise((resolve) => {
    const end = client.subscribe(check);
    function check() {
      if (!holds()) return;
      end();
      resolve();
    }
    check();
  });
}

const shown = (client: ChatClient) =>
  view(client.snapshot().transcript, client.snapshot().outbox).items.map((item) =>
    'text' in item ? item.text : item.kind,
  );
const quiet = (client: ChatClient) => client.snapshot().outbox.every(({ state }) => state !== 'waiting');

test('a page that is only looked at makes no conversation', () => {
  load();
  expect(server.requests).toEqual([]);
});

describe('a message', () => {
  test('a message outlives the page that its tap leaves, unless it is longer than browsers allow', async () => {
    const client = load();
    client.say('short');
    await client.delivered(1_000);
    client.say('ü'.repeat(30_000));
    await client.delivered(1_000);
    expect(server.kept).toEqual([true, false]);
  });

  test('LP-143 a tap on a very long list says no more of it than the server takes', () => {
    server.faults.down = true;
    const client = load();
    client.tap(
      'tea',
      'Tea, '.repeat(1_000),
      Array.from({ length: 300 }, (_, id) => ({ type: 'ExternalId', id })),
    );
    const [said] = client.snapshot().outbox;
    expect(said?.body).toMatchObject({ postback: 'tea', label: expect.stringMatching(/^.{1000}$/) });
    expect(said?.body).toHaveProperty('metadata.length', 256);
  });

  test('who waits for what was said to arrive waits so long and no longer', async () => {
    const client = load();
    await client.delivered(1_000);
    server.faults.down = true;
    client.say('hello');
    const waited = client.delivered(3_000);
    world.pass(3_000);
    await waited;
    expect(client.snapshot().outbox).toMatchObject([{ state: 'waiting' }]);
  });

  test('is sent, heard and answered', async () => {
    const client = load();
    client.say('hello');
    await until(client, () => quiet(client) && shown(client).length === 1);
    server.push({ type: 'message', from: 'bot', text: 'Hi.' });
    await until(client, () => shown(client).length === 2);
    expect(shown(client)).toEqual(['hello', 'Hi.']);
  });

  test('I2 whose answer was lost is sent again under its id and shows once', async () => {
    server.faults.loseAnswers = 2;
    const client = load();
    client.say('cancel my order');
    await until(client, () => server.accepted.size === 1);
    const ring = setImmediateLoop(() => world.pass(20_000));
    await until(client, () => quiet(client));
    ring();
    await until(client, () => client.snapshot().transcript.length > 0);
    expect(shown(client)).toEqual(['cancel my order']);
  });

  test('written while offline survives a reload and is sent in order', async () => {
    server.faults.down = true;
    const before = load();
    before.say('one');
    before.say('two');
    before.stop();
    server.faults.down = false;
    const client = load();
    await until(client, () => quiet(client) && client.snapshot().transcript.length === 2);
    expect(shown(client)).toEqual(['one', 'two']);
  });
});

/** Lets the simulated time run on between real events, until the returned function is called. */
function setImmediateLoop(step: () => void): () => void {
  let running = true;
  const turn = () => {
    if (!running) return;
    step();
    setImmediate(turn);
  };
  turn();
  return () => {
    running = false;
  };
}

test('a reload in the middle of a login loses nothing', async () => {
  const before = load();
  before.say('where is my order?');
  await until(before, () => before.snapshot().transcript.length === 1);
  server.push({ type: 'sign_in', attempt_id: 'a1', status: 'offered', url: 'http://chat.example/sign-in/x' });
  await until(before, () => before.snapshot().transcript.length === 2);
  before.opened('a1');
  before.stop();
  const client = load();
  await until(client, () => client.snapshot().transcript.length === 2);
  expect(client.snapshot()).toMatchObject({ opened: 'a1', history: 2, conversation_id: 'c1' });
  server.push({ type: 'sign_in', attempt_id: 'a1', status: 'completed', outcome: 'granted' });
  await until(client, () => client.snapshot().transcript.length === 3);
  expect(server.requests.filter((request) => request === 'POST /v1/bots/b1/conversations')).toHaveLength(1);
});

test('LP-117 a delayed message waits, also the end behind it; after a reload nothing waits', async () => {
  const before = load();
  before.say('hello');
  await until(before, () => before.snapshot().shown === 1);
  server.push({ type: 'message', from: 'bot', text: 'Let me look.', delay_ms: 3_000 });
  server.push({ type: 'closed' });
  await until(before, () => before.snapshot().transcript.length === 3);
  expect(before.snapshot()).toMatchObject({ shown: 1, end: 'open' });
  before.stop();
  const client = load();
  await until(client, () => client.snapshot().end === 'closed');
  expect(client.snapshot().shown).toBe(3);
});

test('where streams do not get through, long polling takes over', async () => {
  server.faults.streams = false;
  const client = load();
  client.say('hello');
  await until(client, () => client.snapshot().transcript.length === 1);
  server.push({ type: 'message', from: 'bot', text: 'Hi.' });
  await until(client, () => client.snapshot().transcript.length === 2);
  expect(shown(client)).toEqual(['hello', 'Hi.']);
});

test('I8 a gap is filled by fetching the whole transcript', async () => {
  const client = load();
  client.say('hello');
  await until(client, () => client.snapshot().transcript.length === 1);
  server.push({ type: 'gap' });
  server.push({ type: 'message', from: 'bot', text: 'after the gap' });
  await until(client, () => shown(client).includes('after the gap'));
  expect(shown(client)).toEqual(['hello', 'gap', 'after the gap']);
});

test('XS-14 a closed conversation leaves nothing in the browser', async () => {
  const client = load();
  client.say('hello');
  await until(client, () => client.snapshot().transcript.length === 1);
  server.push({ type: 'closed' });
  await until(client, () => client.snapshot().end === 'closed');
  expect(shelf.length).toBe(0);
});

test('a session that has lapsed unseen gives way to a new conversation, with the unsent message', async () => {
  shelf.setItem('errand.chat.b1', JSON.stringify({ conversation_id: 'c0', session_token: 't0', last_seq: 4 }));
  server.faults.gone = true;
  const client = load();
  await until(client, () => client.snapshot().conversation_id === undefined);
  server.faults.gone = false;
  client.say('hello');
  await until(client, () => client.snapshot().transcript.length === 1);
  expect(client.snapshot().conversation_id).toBe('c1');
});

test('a bot that is not there is said to be unavailable, and the message stays on the screen', async () => {
  const client = load('nobody');
  client.say('hello');
  await until(client, () => client.snapshot().end === 'unavailable');
  expect(shown(client)).toEqual(['hello']);
});

test('a session kept for another bot is never used', () => {
  shelf.setItem('errand.chat.b2', JSON.stringify({ conversation_id: 'planted', session_token: 'planted' }));
  expect(load('b1').snapshot().conversation_id).toBeUndefined();
});
