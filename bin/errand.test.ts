import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { cpSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterEach, expect, it } from 'vitest';

const root = resolve(import.meta.dirname, '..');
const houses: string[] = [];

afterEach(() => {
  for (const house of houses.splice(0)) rmSync(house, { recursive: true });
});

/** The launcher in a house of its own, whose pinned Node is this one under another version: it must start a second process. */
function launch(main: string, args: string[] = []): ChildProcess {
  const house = mkdtempSync(join(tmpdir(), 'launcher-'));
  houses.push(house);
  for (const folder of ['src', 'node_modules/node/bin']) mkdirSync(join(house, folder), { recursive: true });
  for (const part of ['bin/errand.mjs', 'tools/pinned-node.mjs']) cpSync(join(root, part), join(house, part));
  writeFileSync(join(house, 'package.json'), '{ "type": "module" }');
  writeFileSync(join(house, 'node_modules/node/package.json'), '{ "version": "0.0.0" }');
  symlinkSync(process.execPath, join(house, 'node_modules/node/bin/node'));
  writeFileSync(join(house, 'src/main.ts'), main);
  return spawn(process.execPath, [join(house, 'bin/errand.mjs'), ...args], { stdio: ['ignore', 'pipe', 'inherit'] });
}

/** What it prints first, once it does. */
async function firstWords(child: ChildProcess): Promise<string> {
  if (!child.stdout) throw new Error('no output to read');
  const [words] = await once(child.stdout, 'data');
  return String(words);
}

it('passes arguments on and the exit code back', async () => {
  const child = launch(
    'const args: string[] = process.argv.slice(2); console.log(args.join()); process.exitCode = 3;',
    ['check', 'a b'],
  );
  const ended = once(child, 'exit');
  expect(await firstWords(child)).toBe('check,a b\n');
  expect(await ended).toEqual([3, null]);
});

it('passes SIGTERM on and waits until the server has drained', async () => {
  const main = `
    process.on('SIGTERM', () => process.exit(5));
    setInterval(() => {}, 1000);
    console.log('up');`;
  const child = launch(main);
  const ended = once(child, 'exit');
  await firstWords(child);
  child.kill('SIGTERM');
  expect(await ended).toEqual([5, null]);
});

it('tells the server when it was killed itself: nobody would stop it any more', async () => {
  const main = `
    process.once('disconnect', () => { console.log('left alone'); process.exit(); });
    console.log('up');`;
  const child = launch(main);
  await firstWords(child);
  const left = firstWords(child);
  child.kill('SIGKILL');
  expect(await left).toBe('left alone\n');
});

it('ends by the signal that ended the server', async () => {
  const child = launch("process.kill(process.pid, 'SIGKILL');");
  expect(await once(child, 'exit')).toEqual([null, 'SIGKILL']);
});
