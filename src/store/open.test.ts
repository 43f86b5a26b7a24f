import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { silentLog, systemClock, systemRandom, type World } from '../world/world.ts';
import { createAccount, findAccount } from './account.ts';
import { openStore } from './open.ts';
import { holdSingleServer } from './single-server.ts';

const world: World = { clock: systemClock, random: systemRandom, log: silentLog };
let dataDir: string;
beforeEach(() => {
  dataDir = join(mkdtempSync(join(tmpdir(), 'errand-open-')), 'data');
});
afterEach(() => rmSync(join(dataDir, '..'), { recursive: true, force: true }));

test('the data folder is made, for its owner only, and what was written is there after a restart', async () => {
  const server = await openStore({ dataDir, server: { pid: 1 } }, world);
  expect(statSync(dataDir).mode & 0o777).toBe(0o700);
  expect(statSync(join(dataDir, 'errand.db')).mode & 0o777).toBe(0o600);
  await server.write((tx) => createAccount(tx, { id: 'acc', name: 'Acme', at: 1 }));
  await server.close();
  const again = await openStore({ dataDir, server: { pid: 2 } }, world);
  expect(await findAccount(again, 'acc')).toMatchObject({ name: 'Acme' });
  await again.close();
});

test('a second server on the same folder is refused with who holds it and what to do; administration is not', async () => {
  const server = await openStore({ dataDir, server: { pid: 4711 } }, world);
  const second = openStore({ dataDir, server: { pid: 4712 } }, world);
  await expect(second).rejects.toThrow(/process 4711.*errand\.lock.*ERRAND_DATA_DIR.*ERRAND_DATABASE_URL/);
  const admin = await openStore({ dataDir }, world);
  await admin.write((tx) => createAccount(tx, { id: 'beside', name: 'Beside', at: 1 }));
  expect(await findAccount(server, 'beside')).toMatchObject({ name: 'Beside' });
  await admin.close();
  await server.close();
});

test('a lock whose process was killed is no obstacle, whatever became of its process id', async () => {
  const folder = join(dataDir, '..');
  const lockFile = join(folder, 'errand.lock');
  const program = join(import.meta.dirname, 'single-server.test-parts.ts');
  const child = spawn(process.execPath, [program, lockFile], { stdio: ['ignore', 'pipe', 'inherit'] });
  await once(child.stdout, 'data');
  expect(() => holdSingleServer(lockFile, 1)).toThrow(`process ${child.pid}`);
  child.kill('SIGKILL');
  await once(child, 'exit');
  const release = holdSingleServer(lockFile, process.pid);
  expect(() => holdSingleServer(lockFile, 1)).toThrow(`process ${process.pid}`);
  release();
  release();
});
