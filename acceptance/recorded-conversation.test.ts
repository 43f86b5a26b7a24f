import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Consumer, converse } from './support/consumer.ts';
import { type DemoHere, startDemoHere } from './support/demo-here.ts';
import { signIn } from './support/sign-in.ts';

const main = join(import.meta.dirname, '../src/main.ts');

let demo: DemoHere;
let folder: string;
beforeAll(async () => {
  demo = await startDemoHere();
  folder = await mkdtemp(join(tmpdir(), 'errand-recorded-'));
});
afterAll(async () => {
  await demo.close();
  await rm(folder, { recursive: true, force: true });
});

async function get(path: string): Promise<{ text: string; json: Record<string, unknown> }> {
  const { account_id, api_key } = demo.setup;
  const headers = { authorization: `Bearer ${api_key}` };
  const answer = await fetch(`${demo.url}/v1/accounts/${account_id}${path}`, { headers });
  expect(answer.status).toBe(200);
  const text = await answer.text();
  return { text, json: JSON.parse(text) };
}

/** Saves what was recorded beside its bot, as the documentation says, and plays it. */
async function played(botId: string, consumer: Consumer) {
  const version = await get(`/bots/${botId}/versions/1`);
  const script = await get(`/conversations/${consumer.id}/script`);
  await writeFile(join(folder, 'bot.json'), JSON.stringify(version.json['document']));
  const file = join(folder, `${consumer.id}.json`);
  await writeFile(file, script.text);
  const out = await new Promise<string>((resolve) => {
    execFile(process.execPath, [main, 'test', file, '--json'], (_error, text) => resolve(text));
  });
  return { script, outcome: JSON.parse(out) };
}

describe.each(['managed', 'recipe'] as const)('a conversation with the %s demo bot over HTTP', (mode) => {
  test('with a typed code, a sign-in, a confirmation and a call that changes something is a script that passes', async () => {
    const user = demo.user('mia');
    const bot = demo.bot(mode).id;
    const consumer = await converse(demo.url, bot);
    await consumer.say('hello');
    await consumer.hears('What can I do for you?');
    await consumer.post({ id: 'tapped', postback: 'where is my order?', label: 'Where is my order?' });
    await signIn(consumer, user);
    await consumer.hears(user.expects);
    await consumer.say('cancel my order');
    const asked = await consumer.hears('Shall I?');
    const [yes] = asked.quick_replies ?? [];
    await consumer.post({ id: 'yes', postback: yes?.payload, label: yes?.title });
    await consumer.hears(/cancelled|any more/);
    const { script, outcome } = await played(bot, consumer);
    expect(outcome).toMatchObject({ passed: 1, failed: 0 });
    expect(script.json).toMatchObject({ setup: { sign_in: 'grant' } });
    expect(script.text).not.toMatch(/errand:(token|sign-in)|att_|eyJ|session_token/);
  });
});
