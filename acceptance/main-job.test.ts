import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { converse, createConsumer } from './support/consumer.ts';
import { type DemoProcess, startDemoProcess } from './support/demo-process.ts';
import { outcomeOf } from './support/jar.ts';
import { signIn } from './support/sign-in.ts';

let demo: DemoProcess;
beforeAll(async () => {
  demo = await startDemoProcess();
});
afterAll(async () => {
  await demo.stop();
  await rm(demo.dataDir, { recursive: true, force: true });
});

describe.each(['managed', 'recipe'] as const)('the demo as a process, the %s bot over plain HTTP', (mode) => {
  test.each([0, 1])('customer %s gets the own order after the sign-in, and nobody else its text', async (n) => {
    const user = demo.user(n);
    const consumer = await converse(demo.url, demo.bot(mode).id);
    await consumer.say('where is my order?');
    expect(outcomeOf(await signIn(consumer, user))).toBe('granted');
    await consumer.hears(user.expects);
    const others = demo.users.filter((other) => other.login !== user.login);
    for (const other of others) expect(JSON.stringify(consumer.seen)).not.toContain(other.expects);
  });

  test('refused consent is said, and asking again offers a new sign-in', async () => {
    const consumer = await converse(demo.url, demo.bot(mode).id);
    await consumer.say('where is my order?');
    expect(outcomeOf(await signIn(consumer, { ...demo.user(2), consent: 'Refuse' }))).toBe('declined');
    await consumer.hears('You did not give permission');
    await consumer.say('where is my order?');
    expect(await consumer.signInUrl()).toContain('/sign-in/');
  });
});

test('a second demo on the same data says who has it, and leaves the first one as it is', async () => {
  const announced = () => readFile(join(demo.dataDir, 'demo.json'), 'utf8');
  const before = await announced();
  const second = spawn(process.execPath, [join(import.meta.dirname, '../src/main.ts'), 'demo'], {
    env: { PATH: process.env.PATH, ERRAND_DATA_DIR: demo.dataDir, ERRAND_PORT: '0', ERRAND_DEMO_BRAND_PORT: '0' },
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  const [said, [code]] = await Promise.all([text(second.stderr), once(second, 'exit')]);
  expect(code).toBe(1);
  expect(said).toMatch(/Another server .*ERRAND_DATA_DIR/);
  expect(await announced()).toBe(before);
  expect((await fetch(demo.url)).status).toBe(200);
});

test('a restart keeps everything: the same addresses of bots, the permission, the conversation', async () => {
  const { dataDir } = demo;
  const bot = demo.bot('managed');
  const user = demo.user(0);
  const before = await converse(demo.url, bot.id);
  await before.say('where is my order?');
  await signIn(before, user);
  await before.hears(user.expects);
  const ports = { ERRAND_PORT: new URL(demo.url).port, ERRAND_DEMO_BRAND_PORT: new URL(demo.brand_url).port };
  expect(await demo.stop()).toBe(0);
  demo = await startDemoProcess({ dataDir, env: ports });
  expect(demo.bot('managed')).toEqual(bot);
  const after = createConsumer({ url: demo.url, id: before.id, token: before.token });
  await after.hears(user.expects);
  await after.say('where is my order?');
  const answer = await after.hears(user.expects);
  expect(answer.seq).toBeGreaterThan(before.seen.at(-1)?.seq ?? 0);
});
