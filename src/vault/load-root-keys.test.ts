import { chmodSync, mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { Secret } from '../world/secret.ts';
import { systemRandom } from '../world/world.ts';
import { addRootKey, loadRootKeys, type RootKeySource } from './load-root-keys.ts';

let folder: string;
let file: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'errand-root-'));
  file = join(folder, 'root.key');
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const load = (change: Partial<RootKeySource> = {}) =>
  loadRootKeys({ file, production: false, mayGenerate: true, random: systemRandom, ...change });
const random64 = () => Buffer.from(systemRandom.bytes(32)).toString('base64');

test('the first start makes a key that only its owner can read, later starts use it', () => {
  const first = load();
  expect(first.generated).toBe(true);
  expect(statSync(file).mode & 0o777).toBe(0o600);
  expect(readdirSync(folder)).toEqual(['root.key']);
  const second = load({ mayGenerate: false });
  expect(second.generated).toBe(false);
  expect(second.active.id).toBe(first.active.id);
});

test('DP-05 without its key file sealed data is not opened, and no new key is made', () => {
  expect(() => load({ mayGenerate: false })).toThrow(/Restore that file, or set ERRAND_MASTER_KEY/);
  expect(readdirSync(folder)).toEqual([]);
});

test('DP-05 production needs a master key and takes none from a file', () => {
  load();
  expect(() => load({ production: true })).toThrow('ERRAND_MASTER_KEY is not set');
  expect(load({ production: true, masterKey: new Secret(random64()) }).generated).toBe(false);
});

test.each([
  ['empty', ''],
  ['too short', Buffer.alloc(16, 7).toString('base64')],
  ['too long', Buffer.alloc(33, 7).toString('base64')],
  ['not base64', 'correct horse battery staple'],
  ['zeros', Buffer.alloc(32).toString('base64')],
  ['a sample', Buffer.from('0123456789abcdef'.repeat(2).replaceAll(/[8-9a-f]/g, 'x')).toString('base64')],
])('DP-05 a master key that is %s is refused, and the message does not repeat it', (_, text) => {
  const attempt = () => load({ masterKey: new Secret(text) });
  expect(attempt).toThrow(/is not a root key|is a sample key/);
  if (text !== '') expect(attempt).not.toThrow(text);
});

test('DP-05 a key file that others can read is refused with the command that mends it', () => {
  writeFileSync(file, `${random64()}\n`, { mode: 0o600 });
  chmodSync(file, 0o644);
  expect(() => load()).toThrow(`chmod 600 ${file}`);
});

test('S3 a further key in the environment only unwraps', () => {
  const [next, former] = [random64(), random64()];
  const keys = load({ masterKey: new Secret(`${next},${former}`) });
  expect(keys.active.id).toBe(load({ masterKey: new Secret(next) }).active.id);
  const formerId = load({ masterKey: new Secret(former) }).active.id;
  expect(keys.find(formerId)?.id).toBe(formerId);
});

test('S3 a root key added beside a running server is found by it without a restart', () => {
  const running = load();
  const added = addRootKey(file, systemRandom);
  expect(statSync(file).mode & 0o777).toBe(0o600);
  expect(running.find(added.id)?.id).toBe(added.id);
  const restarted = load();
  expect(restarted.active.id).toBe(added.id);
  expect(restarted.find(running.active.id)?.id).toBe(running.active.id);
  expect(restarted.find('root_unknown')).toBeUndefined();
});
