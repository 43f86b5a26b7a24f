import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, readdirSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { request } from 'undici';
import { mb } from '../figures.ts';
import type { Measurement } from '../measurement.ts';
import { median } from '../statistics.ts';

const launcher = new URL('../../bin/errand.mjs', import.meta.url).pathname;

/** `serve` on an empty folder, from the start of its process until `/readyz` answers 200, and its memory then. */
export const start: Measurement = {
  name: 'start',
  async run({ quick }) {
    const first = await startOnce({ NODE_DISABLE_COMPILE_CACHE: '1' });
    await startOnce({});
    const starts = [];
    for (let round = 0; round < (quick ? 3 : 5); round += 1) starts.push(await startOnce({}));
    const seconds = median(starts.map((one) => one.seconds));
    const rss = median(starts.map((one) => one.rss));
    const jails = median(starts.map((one) => one.jails));
    const bare = median(starts.map((one) => one.bare));
    const against = 'node running an empty program';
    return [
      {
        what: 'cold start to ready',
        against,
        ours: `${seconds.toFixed(2)} s`,
        limit: `${bare.toFixed(2)} s`,
        figure: seconds,
        unit: 's',
        target: { at: 'most', figure: 1 },
        note: `the first start of a checkout, with nothing compiled: ${first.seconds.toFixed(2)} s`,
      },
      {
        what: 'resident memory of the server process',
        against: '–',
        ours: mb(rss),
        limit: '–',
        figure: rss / 1_048_576,
        unit: 'MB',
        target: { at: 'most', figure: 150 },
        note: `its jails beside it: ${mb(jails)}`,
      },
    ];
  },
};

async function startOnce(more: Record<string, string>) {
  const dataDir = mkdtempSync(join(tmpdir(), 'errand-start-'));
  const port = await freePort();
  const env = {
    ...more,
    PATH: process.env.PATH,
    ERRAND_PORT: String(port),
    ERRAND_DATA_DIR: dataDir,
    ERRAND_LOG_LEVEL: 'warn',
  };
  const from = performance.now();
  const child = spawn(process.execPath, [launcher, 'serve'], { env, stdio: ['ignore', 'ignore', 'inherit'] });
  const exited = once(child, 'exit');
  await ready(port);
  const seconds = (performance.now() - from) / 1_000;
  const pid = child.pid ?? 0;
  const rss = residentOf(pid);
  const jails = childrenOf(pid).reduce((sum, one) => sum + residentOf(one), 0);
  child.kill('SIGTERM');
  await exited;
  rmSync(dataDir, { recursive: true, force: true });
  return { seconds, rss, jails, bare: await bareStart() };
}

async function bareStart(): Promise<number> {
  const from = performance.now();
  await once(spawn(process.execPath, ['-e', '0']), 'exit');
  return (performance.now() - from) / 1_000;
}

async function ready(port: number): Promise<void> {
  const until = performance.now() + 30_000;
  while (performance.now() < until) {
    const answer = await request(`http://localhost:${port}/readyz`).catch(() => undefined);
    await answer?.body.dump();
    if (answer?.statusCode === 200) return;
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
  throw new Error('the server did not become ready');
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = Object(server.address());
  await new Promise((resolve) => server.close(resolve));
  return Number(port);
}

/** bytes; 0 where there is no /proc. */
function residentOf(pid: number): number {
  const kilobytes = /VmRSS:\s+(\d+)/.exec(readProc(`/proc/${pid}/status`))?.[1] ?? '0';
  return Number(kilobytes) * 1_024;
}

function childrenOf(pid: number): number[] {
  const all = readProc('/proc/self/stat') === '' ? [] : readdirSync('/proc').filter((name) => /^\d+$/.test(name));
  return all.map(Number).filter((one) => readProc(`/proc/${one}/stat`).split(') ')[1]?.split(' ')[1] === String(pid));
}

function readProc(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return '';
  }
}
