import { type ChildProcess, spawn } from 'node:child_process';
import { expect, test } from 'vitest';
import { systemClock } from '../world/world.ts';
import { type StartProcess, startJail, startJailedProcess } from './jail.ts';
import { openSandbox, runScript, sentBy, untilFull } from './sandbox.test-parts.ts';

/** Starts real jails and keeps hold of their processes. */
function watched(start: StartProcess = startJailedProcess) {
  const children: ChildProcess[] = [];
  const own: StartProcess = (file, args) => {
    const child = start(file, args);
    children.push(child);
    return child;
  };
  return { children, start: own };
}

const died = (child: ChildProcess | undefined) => new Promise((done) => child?.once('close', done));

async function msOf(work: () => Promise<unknown>): Promise<number> {
  const from = performance.now();
  await work();
  return performance.now() - from;
}

test('the jail proves itself: every door is refused', async () => {
  const jail = await startJail({ clock: systemClock, start: startJailedProcess });
  expect(jail.alive()).toBe(true);
  jail.end();
  await jail.ended;
  expect(jail.alive()).toBe(false);
});

test('the jail’s process gets no environment and only the rights it needs', async () => {
  let given: string[] = [];
  const { children, start } = watched((file, args) => startJailedProcess(file, (given = args)));
  const sandbox = openSandbox({ size: 1, start });
  expect(await sentBy(sandbox, 'botContext.sendMessage("up")')).toEqual(['up']);
  expect(given[0]).toBe('--permission');
  expect(
    given.filter((arg) => arg.startsWith('--allow-') && !/^--allow-fs-read=.+\.(ts|js|json|wasm)$/.test(arg)),
  ).toEqual([]);
  await sandbox.close();
  expect(children.every((child) => child.exitCode !== null || child.signalCode !== null)).toBe(true);
});

const brokenStarts: [string, StartProcess, RegExp][] = [
  ['the program is missing', (_file, args) => startJailedProcess('/nowhere/node', args), /ENOENT/],
  [
    'the engine may not be read',
    (file, args) =>
      startJailedProcess(
        file,
        args.filter((arg) => !/read=.*wasm$/.test(arg)),
      ),
    /restricted/,
  ],
  [
    'the entry is missing',
    (file, args) =>
      startJailedProcess(
        file,
        args.map((arg) => arg.replace('entry.ts', 'gone.ts')),
      ),
    /gone\.ts|did not start/,
  ],
  ['the process says nothing', (file) => startJailedProcess(file, ['-e', '']), /without a word/],
  ['the process says nonsense', (file) => startJailedProcess(file, ['-e', 'console.log("ready")']), /did not report/],
  [
    'the jail is open',
    (file, args) =>
      startJailedProcess(
        file,
        args.filter((arg) => !/^--(permission|allow)/.test(arg)),
      ),
    /does not hold: read open/,
  ],
  [
    'the network is open',
    (file, args) => startJailedProcess(file, ['--allow-net', ...args]),
    /does not hold: tcp open/,
  ],
  [
    'children are allowed',
    (file, args) => startJailedProcess(file, ['--allow-child-process', ...args]),
    /does not hold: spawn open/,
  ],
  [
    'the environment is passed on',
    (file, args) => spawn(file, args, { cwd: '/', env: { SECRET: 'x' }, stdio: 'pipe' }),
    /environment not empty/,
  ],
];

test.each(brokenStarts)('SB-09 code is refused, never run elsewhere, when %s', async (_name, start, reason) => {
  const sandbox = openSandbox({ size: 1, start });
  expect(sandbox.health().state).toBe('starting');
  const outcome = await runScript(sandbox, 'botContext.sendMessage(1)');
  expect(outcome).toMatchObject({ ok: false, kind: 'unavailable', message: expect.stringMatching(reason) });
  expect(sandbox.health()).toMatchObject({
    state: 'unavailable',
    level: 'none',
    reason: expect.stringMatching(reason),
  });
  expect(await runScript(sandbox, '1')).toMatchObject({ ok: false, kind: 'unavailable' });
  await sandbox.close();
});

test('SB-09 a jail that can be made again is taken into use again', async () => {
  let broken = true;
  const rings: (() => void)[] = [];
  const clock = {
    ...systemClock,
    // The wait before another try is 100 ms: ring it by hand.
    alarm: (ms: number, ring: () => void) => (ms === 100 ? (rings.push(ring), () => {}) : systemClock.alarm(ms, ring)),
  };
  const start: StartProcess = (file, args) => startJailedProcess(broken ? '/nowhere/node' : file, args);
  const sandbox = openSandbox({ size: 1, start, clock });
  expect(await runScript(sandbox, '1')).toMatchObject({ ok: false, kind: 'unavailable' });
  broken = false;
  rings.shift()?.();
  while (sandbox.health().state !== 'ready') await new Promise((next) => setImmediate(next));
  expect(await sentBy(sandbox, 'botContext.sendMessage("back")')).toEqual(['back']);
});

test('SB-10 a script whose process is killed runs again in another that is alive, once', async () => {
  const { children, start } = watched();
  const sandbox = openSandbox({ size: 2, start });
  await untilFull(sandbox);
  const runs = runScript(sandbox, 'for (;;) {}', { limit_ms: 400 });
  for (const child of children.slice()) child.kill('SIGKILL');
  expect(await runs).toMatchObject({ ok: false, kind: 'timeout' });
  expect(await sentBy(sandbox, 'botContext.sendMessage("on")')).toEqual(['on']);
});

test('SB-10 the pool is full again within a second of a kill', async () => {
  const { children, start } = watched();
  const sandbox = openSandbox({ size: 1, start });
  await runScript(sandbox, '1');
  const bareStart = () => msOf(() => died(spawn(process.execPath, ['-e', ''])));
  const before = await bareStart();
  const [first] = children;
  const refill = await msOf(async () => {
    const gone = died(first);
    first?.kill('SIGKILL');
    await gone;
    expect(await sentBy(sandbox, 'botContext.sendMessage("again")')).toEqual(['again']);
  });
  // A second, or where the machine is busy with other things, a few times what starting any program takes now.
  expect(refill).toBeLessThan(Math.max(1_000, 30 * Math.max(before, await bareStart())));
  expect(children).toHaveLength(2);
});

test('a jail ends by itself when the server’s end of the pipe closes', async () => {
  const { children, start } = watched();
  await startJail({ clock: systemClock, start });
  const [child] = children;
  const gone = died(child);
  child?.stdin?.end();
  await gone;
  expect(child?.exitCode).toBe(0);
});

test('a closed sandbox answers, and leaves no process behind', async () => {
  const { children, start } = watched();
  const sandbox = openSandbox({ start });
  const running = runScript(sandbox, 'for (;;) {}', { limit_ms: 5_000 });
  await sandbox.close();
  expect(await running).toMatchObject({ ok: false, kind: 'unavailable' });
  expect(await runScript(sandbox, '1')).toMatchObject({ ok: false, kind: 'unavailable' });
  await Promise.all(children.filter((child) => child.exitCode === null && child.signalCode === null).map(died));
});
