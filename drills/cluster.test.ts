import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { sentence } from '../src/api/sentences.ts';
import { testDatabases } from '../src/store/test-database.ts';
import { type BrokerProxy, startBrokerProxy } from './broker-proxy.test-parts.ts';
import { askedToConfirm, cancelMyOrder, chatter, whereIsMyOrder } from './errands.test-parts.ts';
import { type FreshDatabase, freshDatabase } from './fresh-database.test-parts.ts';
import { clean, judge, printRow, sum, type Verdict } from './history.test-parts.ts';
import { type SupervisedServer, superviseServer } from './supervised-server.test-parts.ts';
import { createTally, type Tally } from './tally.test-parts.ts';
import { foundTown, type Town } from './town.test-parts.ts';

const full = process.env.ERRAND_DRILL_VOLUME === 'full';
const kills = full ? 30 : 2;
const terminations = full ? 200 : 12;
const talkers = full ? 12 : 4;

const hasPostgres = (await testDatabases()).some(({ kind }) => kind === 'postgres');

describe.each(hasPostgres ? ['postgres'] : [])('two servers on one %s', () => {
  let database: FreshDatabase;
  let broker: BrokerProxy | undefined;
  let town: Town;
  let second: SupervisedServer;
  let urls: string[];

  beforeAll(async () => {
    [database, broker] = await Promise.all([freshDatabase(), startBrokerProxy()]);
    const env = {
      ERRAND_LOG_LEVEL: 'warn',
      ERRAND_DATABASE_URL: database.url,
      ERRAND_MASTER_KEY: randomBytes(32).toString('base64'),
      ...(broker ? { ERRAND_NATS_URL: broker.url } : {}),
    };
    town = await foundTown(env);
    second = await superviseServer({ egressAllow: [new URL(town.brand.url).host], env });
    urls = [town.server.url, second.url];
  });
  afterAll(async () => {
    await second.stop();
    await town.close();
    await broker?.close();
    await database.drop();
  });

  const deaths = () => [...town.server.deaths, ...second.deaths];

  /** Consumers who talk to both servers in turn while something happens to them. */
  async function underLoad(happens: (tally: Tally) => Promise<void>): Promise<Verdict> {
    const tally = createTally();
    let over = false;
    const load = Array.from({ length: talkers }, async () => {
      const verdicts: Verdict[] = [];
      while (!over) verdicts.push(judge(await chatter(town, 10, { urls, heard: tally.add })));
      return sum(verdicts);
    });
    try {
      await happens(tally);
    } finally {
      over = true;
    }
    return sum(await Promise.all(load));
  }

  test('RL-01: one after the other is killed under load, and a sign-in and a cancellation go on', async () => {
    const before = deaths().length;
    const errands = Promise.all([whereIsMyOrder(town, 'managed', 0), cancelMyOrder(town, 1)]);
    const verdict = await underLoad(async (tally) => {
      for (let kill = 0; kill < kills; kill += 1) {
        const server = kill % 2 ? town.server : second;
        await tally.more(15);
        server.kill();
        await server.ready();
      }
      await errands;
    });
    const [orderer, { consumer }] = await errands;
    const all = sum([verdict, judge(orderer), judge(consumer)]);
    printRow({
      kind: 'PostgreSQL, one of two killed',
      times: kills,
      verdict: all,
      back: deaths()
        .slice(before)
        .map(({ back }) => back),
    });
    expect(all).toMatchObject(clean);
    expect(town.brand.control.counters().cancels['noah'] ?? 0).toBeLessThanOrEqual(1);
  });

  test('OP-03: all database connections are cut again and again; no process ends, nothing is lost, and 10 s later all is well', async () => {
    const before = deaths().length;
    let cut = 0;
    let last = 0;
    const verdict = await underLoad(async (tally) => {
      for (let time = 0; time < terminations; time += 1) {
        await tally.more(3);
        cut += await database.terminateAll();
      }
      last = performance.now();
    });
    const back = performance.now() - last;
    printRow({ kind: `PostgreSQL, ${cut} connections cut`, times: terminations, verdict, back: [back] });
    expect(verdict).toMatchObject(clean);
    expect(deaths()).toHaveLength(before);
    expect(cut).toBeGreaterThan(terminations / 2);
    expect(back).toBeLessThan(10_000);
  });

  test('OP-05: the broker is lost, hangs and comes back: slower, not wrong', async () => {
    if (!broker) return;
    const before = deaths().length;
    const whileAway = async (away: () => Promise<void> | void) => {
      await away();
      const verdict = sum([
        judge(await chatter(town, 5, { urls })),
        judge(await chatter(town, 5, { urls: urls.toReversed() })),
      ]);
      await broker?.back();
      return verdict;
    };
    const verdict = sum([
      await whileAway(() => broker?.lost()),
      await whileAway(() => broker?.hang()),
      await whileAway(() => undefined),
    ]);
    printRow({ kind: 'NATS lost, hanging, back', times: 3, verdict, back: [] });
    expect(verdict).toMatchObject(clean);
    expect(deaths()).toHaveLength(before);
  });

  test('OP-05: a server whose broker is away starts, and what one server does is seen at the other', async () => {
    await broker?.lost();
    second.kill();
    await second.ready();
    const begin = performance.now();
    expect(judge(await chatter(town, 4, { urls }))).toMatchObject(clean);
    expect(performance.now() - begin).toBeLessThan(30_000);
    await broker?.back();
  });

  test('I3 I4 OP-02: a server that sleeps in the middle of a cancellation: the other one says what is known, and nothing is done twice', async () => {
    town.brand.control.reset();
    const consumer = await askedToConfirm(town, 1);
    town.brand.control.setApi('lost_answer');
    const posts = () => town.brand.control.calls().filter(({ method }) => method === 'POST');
    consumer.through([second.url]);
    await consumer.say('yes');
    await vi.waitFor(() => expect(posts()).toHaveLength(1), { timeout: 10_000, interval: 1 });
    second.signal('SIGSTOP');
    consumer.through([town.server.url]);
    const begin = performance.now();
    await consumer.next((event) => event.text === sentence('en', 'outcome.result_unknown'));
    const back = performance.now() - begin;
    const seen = consumer.seen.length;
    second.signal('SIGCONT');
    town.brand.control.setApi('up');
    consumer.through([second.url]);
    await consumer.say('hello');
    await consumer.next((event) => JSON.stringify(event).includes('order desk'));
    expect(consumer.seen.slice(seen).map(({ from }) => from)).toEqual(['consumer', 'bot']);
    expect(posts()).toHaveLength(1);
    expect(town.brand.control.counters().cancels).toEqual({ noah: 1 });
    printRow({ kind: 'PostgreSQL, a worker asleep', times: 1, verdict: judge(consumer), back: [back] });
  });
});
