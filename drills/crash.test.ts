import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { cancelMyOrder, chatter, declined, type Told, whereIsMyOrder } from './errands.test-parts.ts';
import { clean, judge, printRow, sum, type Verdict } from './history.test-parts.ts';
import { createTally } from './tally.test-parts.ts';
import { foundTown, type Town } from './town.test-parts.ts';

const full = process.env.ERRAND_DRILL_VOLUME === 'full';
/** How often each failpoint is passed before the kill: the first time, and in the full drill later ones too. */
const passes = full ? [1, 2, 3] : [1];
const randomKills = full ? 60 : 4;
const talkers = full ? 12 : 4;

let town: Town;
beforeAll(async () => {
  town = await foundTown();
});
afterAll(() => town.close());

/** All names in the source: a new one is walked without being told to. */
function failpoints(): string[] {
  const files = readdirSync(join(import.meta.dirname, '../src'), { recursive: true, encoding: 'utf8' });
  const source = files
    .filter((file) => file.endsWith('.ts') && !file.includes('.test'))
    .map((file) => readFileSync(join(import.meta.dirname, '../src', file), 'utf8'));
  const names = source.flatMap((one) =>
    [...one.matchAll(/failpoint\?\.\('([\w.]+)'\)/g)].map(([, name]) => name ?? ''),
  );
  return [...new Set(names)].sort();
}

/** Everything a consumer does, at once; throws where a promise was broken. */
async function everything(): Promise<Verdict> {
  town.brand.control.reset();
  const [talker, managed, recipe, refusing, cancelled] = await Promise.all([
    chatter(town, 5),
    whereIsMyOrder(town, 'managed', 0),
    whereIsMyOrder(town, 'recipe', 2),
    declined(town, 2),
    cancelMyOrder(town, 1),
  ]);
  expectCancelledOnce(cancelled.told);
  await managed.close();
  return sum([talker, managed, recipe, refusing, cancelled.consumer].map(judge));
}

/** I4: sent at most once, done at most once, and what the consumer was told is true. */
function expectCancelledOnce(told: Told): void {
  // A 401 proves that nothing was done: that call may be sent again with a fresh token.
  const posts = town.brand.control.calls().filter(({ method, status }) => method === 'POST' && status !== 401);
  const keys = posts.map(({ idempotencyKey }) => idempotencyKey);
  expect(new Set(keys).size).toBe(keys.length);
  const cancels = town.brand.control.counters().cancels['noah'] ?? 0;
  expect(cancels).toBeLessThanOrEqual(1);
  if (told === 'done') expect(cancels).toBe(1);
}

test('RL-07: killed at every named failpoint, nothing acknowledged is lost, doubled or reordered, and nothing is done twice', {
  timeout: full ? 1_800_000 : 400_000,
}, async () => {
  const names = failpoints();
  expect(names.length).toBeGreaterThan(15);
  const queue = passes.flatMap((pass) => names.map((name) => `${name}:${pass}`));
  const verdicts: Verdict[] = [await everything()];
  town.server.arm(() => queue.shift());
  town.server.kill();
  await town.server.ready();
  // The third passing of a point that everything passes once needs everything three times.
  for (let idle = 0; idle <= passes.length; ) {
    const before = town.server.deaths.length;
    verdicts.push(await everything());
    idle = town.server.deaths.length === before ? idle + 1 : 0;
    // A failpoint that nothing passes any more would stop the walk: skip it, and fail below.
    if (idle === passes.length && queue.length > 0) {
      town.server.kill();
      await town.server.ready();
      idle = 0;
    }
  }
  const walked = new Set(town.server.deaths.map(({ at }) => at));
  const missed = passes.flatMap((pass) => names.map((name) => `${name}:${pass}`)).filter((name) => !walked.has(name));
  const verdict = sum(verdicts);
  printRow({
    kind: 'killed at failpoints',
    times: walked.size,
    verdict,
    back: town.server.deaths.map(({ back }) => back),
  });
  expect(verdict).toMatchObject(clean);
  expect(missed).toEqual([]);
});

test('RL-01 RL-06: killed at random under load', async () => {
  town.server.arm(() => undefined);
  const before = town.server.deaths.length;
  const random = randomFrom(20_251_122);
  const tally = createTally();
  let over = false;
  const load = Array.from({ length: talkers }, async () => {
    const verdicts: Verdict[] = [];
    while (!over) verdicts.push(judge(await chatter(town, 20, { heard: tally.add })));
    return sum(verdicts);
  });
  for (let kill = 0; kill < randomKills; kill += 1) {
    await tally.more(1 + Math.floor(random() * 60));
    town.server.kill();
    await town.server.ready();
  }
  over = true;
  const verdict = sum(await Promise.all(load));
  const back = town.server.deaths.slice(before).map((death) => death.back);
  printRow({ kind: 'killed at random under load', times: back.length, verdict, back });
  expect(verdict).toMatchObject(clean);
});

/** The same kills at each run: mulberry32. */
function randomFrom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
