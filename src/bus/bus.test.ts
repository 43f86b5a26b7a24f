import { connect, createServer, type Socket } from 'node:net';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { newId } from '../world/id.ts';
import { silentLog, systemRandom } from '../world/world.ts';
import type { Bus } from './bus.ts';
import { createLocalBus } from './local-bus.ts';
import { createNatsBus } from './nats-bus.ts';

const nats = { host: '127.0.0.1', port: 4222 };
const open: { close(): unknown }[] = [];
afterEach(async () => {
  for (const one of open.splice(0).reverse()) await one.close();
});

function kept<T extends { close(): unknown }>(one: T): T {
  open.push(one);
  return one;
}

/** A topic of its own for each test, because the broker is shared. */
function topic(): string {
  return `conversation.${newId(systemRandom, 'conv')}`;
}

/** Everything heard, and a promise of the moment when it holds what is waited for. */
function hearing(bus: Bus, on: string) {
  const heard: string[] = [];
  const waiting: { held: () => boolean; done: () => void }[] = [];
  const stop = bus.subscribe(on, (body) => {
    heard.push(body);
    for (const one of waiting) if (one.held()) one.done();
  });
  const when = (held: () => boolean) =>
    held() ? Promise.resolve() : new Promise<void>((done) => waiting.push({ held, done }));
  return {
    heard,
    stop,
    until: (count: number) => when(() => heard.length >= count),
    untilHeard: (body: string) => when(() => heard.includes(body)),
  };
}

const answers = await new Promise<boolean>((resolve) => {
  const socket = connect(nats, () => resolve(true)).on('error', () => resolve(false));
  socket.once('connect', () => socket.destroy());
});

const kinds: [string, () => Promise<Bus>][] = [['local', async () => createLocalBus()]];
if (answers) kinds.push(['nats', () => createNatsBus({ url: `nats://${nats.host}:${nats.port}`, log: silentLog })]);

describe.each(kinds)('%s bus', (_name, create) => {
  test('tells every hearer of a topic, in order, and nobody else', async () => {
    const bus = kept(await create());
    const [mine, other] = [topic(), topic()];
    const [first, second, third] = [hearing(bus, mine), hearing(bus, mine), hearing(bus, other)];
    for (const body of ['1', '2', '3']) bus.publish(mine, body);
    bus.publish(other, 'x');
    await Promise.all([first.until(3), second.until(3), third.until(1)]);
    expect([first.heard, second.heard, third.heard]).toEqual([['1', '2', '3'], ['1', '2', '3'], ['x']]);
  });

  test('hears nothing any more once the subscription ended, and ending it twice is harmless', async () => {
    const bus = kept(await create());
    const on = topic();
    const [gone, stays] = [hearing(bus, on), hearing(bus, on)];
    gone.stop();
    gone.stop();
    bus.publish(on, '1');
    await stays.until(1);
    expect(gone.heard).toEqual([]);
    expect(stays.heard).toEqual(['1']);
  });

  test('never calls a hearer before publish has returned', async () => {
    const bus = kept(await create());
    const on = topic();
    const one = hearing(bus, on);
    bus.publish(on, '1');
    expect(one.heard).toEqual([]);
    await one.until(1);
  });

  test('a closed bus takes messages and subscriptions, and does nothing', async () => {
    const bus = await create();
    await bus.close();
    const one = hearing(bus, 'work');
    bus.publish('work', '1');
    one.stop();
    await bus.close();
    expect(one.heard).toEqual([]);
  });
});

describe.runIf(answers)('nats bus between processes', () => {
  /** A broker that can be lost: a door in front of the real one. */
  const door = { server: createServer(), sockets: new Set<Socket>(), url: '' };
  beforeAll(async () => {
    door.server.on('connection', (socket) => {
      const behind = connect(nats);
      for (const one of [socket, behind]) door.sockets.add(one.on('error', () => {}));
      socket.pipe(behind).pipe(socket);
    });
    await new Promise<void>((done) => door.server.listen(0, '127.0.0.1', done));
    const address = door.server.address();
    door.url = typeof address === 'object' && address ? `nats://127.0.0.1:${address.port}` : '';
  });
  afterAll(() => {
    for (const socket of door.sockets) socket.destroy();
    door.server.close();
  });

  /** Publishes until it is heard: a subscription reaches the broker some time after `subscribe` returned. */
  async function publishUntilHeard(bus: Bus, on: string, one: ReturnType<typeof hearing>) {
    const body = newId(systemRandom, 'try');
    const heard = one.untilHeard(body).then(() => true);
    const tick = () => new Promise<false>((next) => setImmediate(() => next(false)));
    do bus.publish(on, body);
    while (!(await Promise.race([heard, tick()])));
  }

  test('a message reaches the other process, and its own hearers once', async () => {
    const [here, there] = [kept(await create(door.url)), kept(await create(door.url))];
    const on = topic();
    const [near, far] = [hearing(here, on), hearing(there, on)];
    await publishUntilHeard(here, on, far);
    await publishUntilHeard(there, on, near);
    here.publish(on, 'question');
    await far.untilHeard('question');
    there.publish(on, 'answer');
    await near.untilHeard('answer');
    expect(near.heard.filter((body) => body === 'question')).toHaveLength(1);
  });

  test('a lost broker costs only time: own hearers still hear, and the others do after it is back', async () => {
    const [here, there] = [kept(await create(door.url)), kept(await create(door.url))];
    const on = topic();
    const [near, far] = [hearing(here, on), hearing(there, on)];
    for (const socket of door.sockets) socket.destroy();
    here.publish(on, 'alone');
    await near.until(1);
    expect(near.heard).toEqual(['alone']);
    await publishUntilHeard(here, on, far);
  });
});

test('a broker that is away at start does not keep the server from starting', async () => {
  const bus = kept(await create('nats://127.0.0.1:9'));
  const one = hearing(bus, 'work');
  bus.publish('work', '1');
  await one.until(1);
  expect(one.heard).toEqual(['1']);
});

function create(url: string): Promise<Bus> {
  return createNatsBus({ url, log: silentLog });
}
