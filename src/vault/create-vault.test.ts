import { inspect } from 'node:util';
import { beforeEach, describe, expect, test } from 'vitest';
import { Secret } from '../world/secret.ts';
import { type Clock, systemRandom } from '../world/world.ts';
import { BrokenSeal } from './aes-gcm.ts';
import { createVault, type KeyedVault } from './create-vault.ts';
import { createMemoryKeyStore } from './memory-key-store.test-parts.ts';
import { createRootKey, type RootKey, rootKeysOf } from './root-key.ts';
import type { SealedFor } from './vault.ts';

const token = 'CANARY.access-token.7f3a';
const owner: SealedFor = {
  account_id: 'acc_1',
  field: 'connection.access_token',
  row: 'con_1',
  principal: 'conv_1',
  credential_id: 'cred_1',
  generation: 3,
};

let keyStore: ReturnType<typeof createMemoryKeyStore>;
let now = 0;
const clock: Clock = { now: () => now, alarm: () => () => {} };
const world = { clock, random: systemRandom };
const newRoot = () => createRootKey(systemRandom.bytes(32), systemRandom);
let root: RootKey;
const openVault = (...roots: RootKey[]): Promise<KeyedVault> =>
  createVault({ keyStore, rootKeys: rootKeysOf(roots), world });

beforeEach(() => {
  keyStore = createMemoryKeyStore();
  root = newRoot();
  now = 1_000;
});

describe('sealing', () => {
  test('what is sealed opens, in another process too, and shows nothing of the text', async () => {
    const sealed = await (await openVault(root)).seal(new Secret(token), owner);
    expect(sealed).not.toContain(token);
    expect(Buffer.from(sealed, 'base64url').toString('latin1')).not.toContain(token);
    expect((await (await openVault(root)).open(sealed, owner)).reveal()).toBe(token);
  });

  test('the same text sealed twice differs, so equal tokens cannot be told from a dump', async () => {
    const vault = await openVault(root);
    expect(await vault.seal(new Secret(token), owner)).not.toBe(await vault.seal(new Secret(token), owner));
  });

  test.each(['', 'ü日本🧭', 'x'.repeat(100_000)])('texts of any length and script come back', async (text) => {
    const vault = await openVault(root);
    expect((await vault.open(await vault.seal(new Secret(text), owner), owner)).reveal()).toBe(text);
  });

  const others: [string, Partial<SealedFor>][] = [
    ['another account', { account_id: 'acc_2' }],
    ['another row', { row: 'con_2' }],
    ['another field', { field: 'connection.refresh_token' }],
    ['another consumer', { principal: 'conv_2' }],
    ['another credential', { credential_id: 'cred_2' }],
    ['another generation', { generation: 4 }],
    ['parts that only together are the same', { credential_id: 'cred_1conv_1', principal: '' }],
  ];
  test.each(others)('S2 a sealed text copied to %s does not open', async (_, change) => {
    const vault = await openVault(root);
    await vault.seal(new Secret('other'), { ...owner, account_id: 'acc_2' });
    const sealed = await vault.seal(new Secret(token), owner);
    await expect(vault.open(sealed, { ...owner, ...change })).rejects.toBeInstanceOf(BrokenSeal);
  });

  test('DP-02 every flipped bit, every cut and every other spelling is refused', async () => {
    const vault = await openVault(root);
    const sealed = await vault.seal(new Secret(token), owner);
    const [version, id, payload = ''] = sealed.split('.');
    const bytes = Buffer.from(payload, 'base64url');
    const withPayload = (changed: Buffer) => `${version}.${id}.${changed.toString('base64url')}`;
    const forged: string[] = [];
    for (let bit = 0; bit < bytes.length * 8; bit += 1) {
      const changed = Buffer.from(bytes);
      changed.writeUInt8(changed.readUInt8(bit >> 3) ^ (1 << (bit & 7)), bit >> 3);
      forged.push(withPayload(changed));
    }
    for (const tagLength of [0, 4, 8, 12, 13, 14, 15]) {
      forged.push(withPayload(bytes.subarray(0, bytes.length - 16 + tagLength)));
    }
    for (let i = 0; i < sealed.length; i += 1) {
      forged.push(`${sealed.slice(0, i)}${sealed[i] === 'A' ? 'B' : 'A'}${sealed.slice(i + 1)}`);
    }
    forged.push('', '.', 'e1..', `${sealed}=`, `${sealed}.`, ` ${sealed}`, `${version}.${id}.`, `e2.${id}.${payload}`);
    for (const text of forged) await expect(vault.open(text, owner), text).rejects.toBeInstanceOf(BrokenSeal);
  });

  test('DP-02 the nonce of another text and the id of an older key are refused', async () => {
    const vault = await openVault(root);
    const one = await vault.seal(new Secret(token), owner);
    const two = await vault.seal(new Secret(token), owner);
    const payload = (text: string) => Buffer.from(text.split('.')[2] ?? '', 'base64url');
    const id = one.split('.')[1] ?? '';
    const swapped = Buffer.concat([payload(two).subarray(0, 12), payload(one).subarray(12)]);
    await expect(vault.open(`e1.${id}.${swapped.toString('base64url')}`, owner)).rejects.toBeInstanceOf(BrokenSeal);
    await vault.rotateDataKeys();
    const newer = await vault.seal(new Secret(token), owner);
    const underOld = newer.replace(newer.split('.')[1] ?? '', id);
    await expect(vault.open(underOld, owner)).rejects.toBeInstanceOf(BrokenSeal);
  });

  test('nothing is sealed for the instance itself, whose key makes the hashes', async () => {
    const vault = await openVault(root);
    await expect(vault.seal(new Secret(token), { ...owner, account_id: '' })).rejects.toThrow();
  });

  test('TK-13 neither the secret nor the vault nor an error prints the text or a key', async () => {
    const vault = await openVault(root);
    const sealed = await vault.seal(new Secret(token), owner);
    const secret = await vault.open(sealed, owner);
    const error: unknown = await vault.open(sealed, { ...owner, row: 'x' }).catch((fault: unknown) => fault);
    for (const thing of [secret, { secret }, [secret], vault, error, new Error('x', { cause: secret })]) {
      const printed = `${inspect(thing, { depth: 9, showHidden: true })}${JSON.stringify(thing)}${String(thing)}`;
      expect(printed).not.toContain(token);
    }
    expect(`${secret}`).toBe('•••');
    expect(JSON.stringify({ secret })).toBe('{"secret":"•••"}');
  });
});

describe('keyed hashes', () => {
  test('are stable over restarts and rotations, and differ by purpose, text and instance', async () => {
    const vault = await openVault(root);
    const hash = vault.mac('session', 'abc');
    expect(hash).toMatch(/^[A-Za-z0-9_-]{43}$/);
    await vault.rotateDataKeys();
    expect((await openVault(root)).mac('session', 'abc')).toBe(hash);
    expect(vault.mac('browser', 'abc')).not.toBe(hash);
    expect(vault.mac('session', 'abd')).not.toBe(hash);
    keyStore = createMemoryKeyStore();
    expect((await openVault(root)).mac('session', 'abc')).not.toBe(hash);
  });
});

describe('keys', () => {
  test('many first secrets at once, in two processes, make one data key for the account', async () => {
    const vaults = [await openVault(root), await openVault(root)];
    const sealed = await Promise.all(
      vaults.flatMap((vault) => [1, 2, 3].map(() => vault.seal(new Secret(token), owner))),
    );
    expect(new Set(sealed.map((text) => text.split('.')[1])).size).toBe(1);
  });

  test('S3 after a rotation old texts open, new ones use the new key, and resealing moves the old ones', async () => {
    const [vault, otherNode] = [await openVault(root), await openVault(root)];
    const old = await vault.seal(new Secret(token), owner);
    await otherNode.seal(new Secret(token), owner);
    expect(await vault.rotateDataKeys()).toBe(1);
    const fresh = await vault.seal(new Secret(token), owner);
    expect(fresh.split('.')[1]).not.toBe(old.split('.')[1]);
    expect((await vault.open(old, owner)).reveal()).toBe(token);
    expect((await otherNode.open(fresh, owner)).reveal()).toBe(token);
    const moved = (await vault.reseal(old, owner)) ?? '';
    expect(moved.split('.')[1]).toBe(fresh.split('.')[1]);
    expect((await otherNode.open(moved, owner)).reveal()).toBe(token);
    expect(await vault.reseal(moved, owner)).toBeUndefined();
  });

  test('S3 another node seals with the new key within a minute of the rotation', async () => {
    const [vault, otherNode] = [await openVault(root), await openVault(root)];
    const old = await otherNode.seal(new Secret(token), owner);
    await vault.rotateDataKeys();
    now += 60_000;
    expect((await otherNode.seal(new Secret(token), owner)).split('.')[1]).not.toBe(old.split('.')[1]);
  });

  test('S3 a new root key rewraps the data keys and touches no sealed text; the old one may then go', async () => {
    const sealed = await (await openVault(root)).seal(new Secret(token), owner);
    const next = newRoot();
    const both = await openVault(next, root);
    expect(await both.rewrapDataKeys()).toBe(2);
    expect(await both.rewrapDataKeys()).toBe(0);
    expect((await (await openVault(next)).open(sealed, owner)).reveal()).toBe(token);
    await expect(openVault(root)).rejects.toThrow(next.id);
  });

  test('S3 a root key that still wraps a data key cannot be left out', async () => {
    await openVault(root);
    await expect(openVault(newRoot())).rejects.toThrow(root.id);
  });

  test('DP-05 with the wrong root key the vault does not open, says which is wanted, and changes nothing', async () => {
    await (await openVault(root)).seal(new Secret(token), owner);
    const before = structuredClone([...keyStore.rows]);
    const wrong = newRoot();
    await expect(openVault(wrong)).rejects.toThrow(
      `wrapped with the root key ${root.id}, and the one given is ${wrong.id}. Give that one back (ERRAND_MASTER_KEY`,
    );
    expect([...keyStore.rows]).toEqual(before);
  });

  test('S2 the wrapped keys of two accounts exchanged do not unwrap', async () => {
    const vault = await openVault(root);
    const sealed = await vault.seal(new Secret(token), owner);
    await vault.seal(new Secret('other'), { ...owner, account_id: 'acc_2' });
    const [a, b] = [...keyStore.rows.values()].filter(({ account_id }) => account_id !== '');
    if (a === undefined || b === undefined) throw new Error('two keys were expected');
    keyStore.rows.set(a.id, { ...a, wrapped: b.wrapped });
    await expect((await openVault(root)).open(sealed, owner)).rejects.toBeInstanceOf(BrokenSeal);
  });

  test('DP-06 a key service that fails closes the vault once the keys in memory are old, and recovers with it', async () => {
    let failing = false;
    let unwraps = 0;
    const service: RootKey = {
      ...root,
      unwrap: async (wrapped, context) => {
        unwraps += 1;
        if (failing) throw new Error('the key service does not answer');
        return root.unwrap(wrapped, context);
      },
    };
    const vault = await openVault(service);
    const sealed = await vault.seal(new Secret(token), owner);
    const after = unwraps;
    failing = true;
    now += 4 * 60_000;
    await Promise.all(Array.from({ length: 50 }, () => vault.open(sealed, owner)));
    expect(unwraps).toBe(after);
    now += 2 * 60_000;
    await expect(vault.open(sealed, owner)).rejects.toThrow('does not answer');
    failing = false;
    expect((await vault.open(sealed, owner)).reveal()).toBe(token);
  });
});
