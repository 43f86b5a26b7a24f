import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, expect, test } from 'vitest';

const main = join(import.meta.dirname, '../main.ts');
const folders: string[] = [];

afterEach(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true });
});

function folder(): string {
  const made = mkdtempSync(join(tmpdir(), 'errand-start-'));
  folders.push(made);
  return made;
}

function errand(args: string[], env: Record<string, string> = {}): ChildProcess {
  return spawn(process.execPath, [main, ...args], {
    env: { PATH: process.env.PATH ?? '', ERRAND_PORT: '0', ERRAND_LOG_LEVEL: 'silent', ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
}

async function ended(child: ChildProcess): Promise<{ code: number | null; out: string; err: string }> {
  const said = { out: '', err: '' };
  child.stdout?.on('data', (text) => (said.out += String(text)));
  child.stderr?.on('data', (text) => (said.err += String(text)));
  const [code] = await once(child, 'close');
  return { code, ...said };
}

async function listening(): Promise<{ server: Server; port: string }> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  return { server, port: String(typeof address === 'object' && address ? address.port : 0) };
}

test('a taken port ends the start at once with its setting, before anything is opened', async () => {
  const { server, port } = await listening();
  const dataDir = join(folder(), 'data');
  const own = { ERRAND_DATA_DIR: dataDir };
  const served = await ended(errand(['serve'], { ...own, ERRAND_PORT: port }));
  expect(served).toMatchObject({ code: 1, err: expect.stringContaining(`ERRAND_PORT ${port} is taken: stop what`) });
  const demo = await ended(errand(['demo'], { ...own, ERRAND_DEMO_BRAND_PORT: port }));
  expect(demo).toMatchObject({ code: 1, err: expect.stringContaining(`set ERRAND_DEMO_BRAND_PORT`) });
  expect(existsSync(dataDir)).toBe(false);
  server.close();
});

test('SIGTERM ends a start that hangs', async () => {
  const { server, port } = await listening();
  const child = errand(['serve'], {
    ERRAND_DATABASE_URL: `postgres://127.0.0.1:${port}/never`,
    ERRAND_MASTER_KEY: Buffer.from(crypto.getRandomValues(new Uint8Array(32))).toString('base64'),
  });
  const end = ended(child);
  const [socket] = await once(server, 'connection');
  child.kill('SIGTERM');
  expect((await end).code).not.toBeNull();
  socket.destroy();
  server.close();
});

test('a database that is not there is named without its password and without a stack', async () => {
  const { server, port } = await listening();
  await new Promise((resolve) => server.close(resolve));
  const { code, out, err } = await ended(
    errand(['serve'], {
      ERRAND_LOG_LEVEL: 'trace',
      ERRAND_DATABASE_URL: `postgres://me:hushhush@127.0.0.1:${port}/errand`,
      ERRAND_MASTER_KEY: Buffer.from(crypto.getRandomValues(new Uint8Array(32))).toString('base64'),
    }),
  );
  expect({ code, out }).toEqual({ code: 1, out: '' });
  expect(err).toMatch(/^errand: ERRAND_DATABASE_URL postgres:\/\/•••@127\.0\.0\.1:\d+\/errand cannot be opened: .+\n$/);
});

test('a data folder that cannot be one is named, and keys are not looked for where no database is', async () => {
  const file = join(folder(), 'file');
  writeFileSync(file, '');
  const inTheWay = await ended(errand(['admin', 'create-account', 'Brand'], { ERRAND_DATA_DIR: file }));
  expect(inTheWay).toMatchObject({ code: 1, err: expect.stringContaining(`ERRAND_DATA_DIR ${file} cannot be used`) });
  const empty = join(folder(), 'none');
  for (const args of [
    ['keys', 'list'],
    ['keys', 'rotate'],
    ['admin', 'create-key', 'acc_x'],
  ]) {
    const { code, err } = await ended(errand(args, { ERRAND_DATA_DIR: empty }));
    expect({ code, err }).toEqual({ code: 1, err: expect.stringContaining(`${empty} has no database yet`) });
  }
  expect(existsSync(empty)).toBe(false);
});

test('keys made on the command line have the shape of those made over HTTP', async () => {
  const { code, out } = await ended(errand(['admin', 'create-account', 'Brand'], { ERRAND_DATA_DIR: folder() }));
  expect({ code, key: JSON.parse(out).api_key }).toEqual({ code: 0, key: expect.stringMatching(/^errand_[\w-]{43}$/) });
});

test.each([
  { args: ['keys', '--help'], code: 0, out: /keys rotate/, err: /^$/ },
  { args: ['admin', '--help'], code: 0, out: /admin create-key/, err: /^$/ },
  { args: ['keys', 'frobnicate'], code: 2, out: /^$/, err: /keys has no verb "frobnicate"/ },
  { args: ['frobnicate'], code: 2, out: /^$/, err: /there is no verb "frobnicate"/ },
  { args: ['keys', 'list', 'all'], code: 2, out: /^$/, err: /"all" is one argument too many/ },
])('$args exits $code and says why', async ({ args, code, out, err }) => {
  const end = await ended(errand(args));
  expect(end).toEqual({ code, out: expect.stringMatching(out), err: expect.stringMatching(err) });
});
