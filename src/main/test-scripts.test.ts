import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text as textOf } from 'node:stream/consumers';
import { afterAll, beforeAll, expect, test } from 'vitest';

const main = join(import.meta.dirname, '../main.ts');
const bot = {
  format: 'errand.bot/1',
  name: 'Greeter',
  dialogs: [
    {
      id: 'd',
      name: 'Greeting',
      type: 'standard',
      interactions: [
        { id: 's', name: 'Start', type: 'starter', patterns: ['hi'] },
        { id: 't', name: 'Hello', type: 'text', text: 'Hello.' },
      ],
    },
  ],
  integrations: [],
};

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'errand-scripts-'));
  put('bot.json', bot);
  put('good.json', { bot: 'bot.json', turns: [{ say: 'hi' }, { expect: [{ text: 'Hello.' }] }] });
  put('bad.json', { bot: 'bot.json', turns: [{ say: 'hi' }, { expect: [{ text: 'Good day.' }] }] });
  put('broken.json', { bot: 'bot.json', turns: [{ shout: 'hi' }] });
  writeFileSync(join(folder, 'torn.json'), '{"turns": [');
  put('nameless.json', { turns: [{ say: 'hi' }, { expect: [{ text: 'Hello.' }] }] });
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function put(name: string, json: object): void {
  writeFileSync(join(folder, name), JSON.stringify(json));
}

function errand(...args: string[]): Promise<{ code: number; out: string; err: string }> {
  const given = args.map((arg) => (arg.endsWith('.json') ? join(folder, arg) : arg));
  return new Promise((resolve) => {
    execFile(process.execPath, [main, 'test', ...given], (error, out, err) => {
      resolve({ code: Number(error?.code ?? 0), out, err });
    });
  });
}

test('scripts that pass: a line each, a sum, exit code 0', async () => {
  const { code, out } = await errand('good.json');
  expect(out).toBe(`✓ ${join(folder, 'good.json')}\n1 passed, 0 failed\n`);
  expect(code).toBe(0);
});

test('nobody who reads on is no fault: the exit code stands, without a stack', async () => {
  const child = spawn(process.execPath, [main, 'test', join(folder, 'bad.json')], {
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  child.stdout.destroy();
  const [said, [code]] = await Promise.all([textOf(child.stderr), once(child, 'exit')]);
  expect(said).toBe('');
  expect(code).toBe(1);
});

test('a script may name its bot by an absolute path', async () => {
  put('absolute.json', { bot: join(folder, 'bot.json'), turns: [{ say: 'hi' }, { expect: [{ text: 'Hello.' }] }] });
  expect((await errand('absolute.json')).code).toBe(0);
  rmSync(join(folder, 'absolute.json'));
});

test('one that fails: its turn, what was expected and what came, exit code 1', async () => {
  const { code, out } = await errand('good.json', 'bad.json');
  expect(out).toContain('turn 2: other messages were seen than expected');
  expect(out).toContain('- {"text":"Good day."}\n    + {"text":"Hello."}');
  expect(out).toContain('1 passed, 1 failed');
  expect(code).toBe(1);
});

test('a folder stands for its scripts; one that is no JSON fails, and is not passed over', async () => {
  const { code, out } = await errand(folder);
  expect(out).toContain(`✗ ${join(folder, 'torn.json')}`);
  expect(out).toContain('1 passed, 4 failed');
  expect(code).toBe(1);
});

test('--json is the documented shape, also for a script that cannot be read', async () => {
  const { code, out } = await errand('good.json', 'bad.json', 'broken.json', '--json');
  const [good, bad, broken] = ['good.json', 'bad.json', 'broken.json'].map((name) => join(folder, name));
  expect(JSON.parse(out)).toEqual({
    passed: 1,
    failed: 2,
    scripts: [
      { script: good, passed: true },
      { script: bad, passed: false, turn: 2, expected: [{ text: 'Good day.' }], got: [{ text: 'Hello.' }] },
      { script: broken, passed: false, expected: expect.any(String), got: [expect.stringContaining('/turns/0')] },
    ],
  });
  expect(code).toBe(1);
});

test('a folder stands for its scripts; --bot wins, and then the bot of the script is not read; --coverage tells the rest', async () => {
  put('elsewhere.json', { bot: 'nowhere.json', turns: [{ say: 'bye' }] });
  const { out } = await errand(folder, '--bot', 'bot.json', '--coverage');
  expect(out).toContain(`✓ ${join(folder, 'elsewhere.json')}`);
  expect(out).toContain(`✓ ${join(folder, 'nameless.json')}`);
  expect(out).not.toContain(`${join(folder, 'bot.json')}\n`);
  expect(out).toContain('interactions 2 of 2');
});

test.each([
  ['no script at all', []],
  ['an unknown option', ['good.json', '--fast']],
  ['a bot that is not there', ['good.json', '--bot', 'missing.json']],
])('wrong use ends with 2: %s', async (_, args) => {
  const { code, err } = await errand(...args);
  expect(err).toContain('errand test <script.json>');
  expect(code).toBe(2);
});

test('a script without a bot and one that is not there fail and say so', async () => {
  const { code, out } = await errand('nameless.json', 'none.json');
  expect(out).toContain('/bot is missing');
  expect(out).toContain('there is no file');
  expect(code).toBe(1);
});

test("a version as the API answers it will do as a script's bot", async () => {
  put('version.json', { id: 'ver_1', bot_id: 'bot_1', number: 3, document: bot });
  expect(await errand('good.json', '--bot', 'version.json')).toMatchObject({ code: 0 });
});

test('what a bot lost when it was imported is told beside the scripts', async () => {
  const headers = [{ key: 'X-Api-Key', value: 'hunter2' }];
  put('export.json', {
    conversationMessage: [{ id: 'a', interactionType: 'DIALOG_STARTER', pattern: ['hi'] }],
    responder: [{ name: 'R', webhook: 'https://a.example', headers }],
  });
  put('exported.json', { bot: 'export.json', turns: [{ say: 'hi' }] });
  const { code, out, err } = await errand('exported.json');
  expect(code, out).toBe(0);
  expect(err).toMatch(/export\.json: warning \/responder\/0\/headers\/0 .*real token/);
});
