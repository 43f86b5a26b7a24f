import { execFile, spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import { systemClock } from '../world/world.ts';
import { startJail, startJailedProcess } from './jail.ts';
import { bestLeash, type Leash, leashed } from './leash.ts';

const server = fileURLToPath(new URL('looping-server.test-parts.ts', import.meta.url));
const ask = promisify(execFile);

/** Gone, or dead and only not yet buried by whoever adopted it. */
async function isGone(pid: number): Promise<boolean> {
  const state = await ask('ps', ['-o', 'stat=', '-p', String(pid)]).then(
    ({ stdout }) => stdout.trim(),
    () => '',
  );
  return state === '' || state.startsWith('Z');
}

/** s of processor time used so far; NaN when it is gone. */
async function workOf(pid: number): Promise<number> {
  const time = await ask('ps', ['-o', 'times=', '-p', String(pid)]).then(
    ({ stdout }) => stdout.trim(),
    () => '',
  );
  return time === '' ? Number.NaN : Number(time);
}

async function loopingJail(leash: Leash): Promise<{ jail: number; kill(): void }> {
  const process_ = spawn(process.execPath, [server, leash], { stdio: ['ignore', 'pipe', 'inherit'] });
  const said = await new Promise<string>((heard) => process_.stdout.setEncoding('utf8').once('data', heard));
  return { jail: Number(said), kill: () => void process_.kill('SIGKILL') };
}

test.runIf(bestLeash() === 'kernel')(
  'SB-10 a jail whose script no engine interrupts ends with its server, even one that is killed',
  async () => {
    const { jail, kill } = await loopingJail('kernel');
    expect(await isGone(jail)).toBe(false);
    // It really is at work, not on its way out because the pipe closes.
    let work = 0;
    while (work < 1) work = await workOf(jail);
    expect(work).toBeGreaterThanOrEqual(1);
    kill();
    while (!(await isGone(jail)));
  },
  60_000,
);

test.runIf(existsSync('/bin/sh'))(
  'SB-10 where the kernel has no such leash a jail has a limit of processor time',
  async () => {
    let limit = '';
    const start = leashed('processor_time', (file, args) => {
      limit = args[1] ?? '';
      return startJailedProcess(file, args);
    });
    const jail = await startJail({ clock: systemClock, start });
    expect(limit).toMatch(/^ulimit -t \d+; exec \/usr\/bin\/env -i /);
    const limits = await ask('cat', [`/proc/${jail.pid}/limits`]).then(
      ({ stdout }) => stdout,
      () => '',
    );
    if (limits !== '') expect(limits).toMatch(/Max cpu time\s+60\s+60/);
    jail.end();
    await jail.ended;
  },
);
