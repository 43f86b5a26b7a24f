import { createSecretKey, type KeyObject } from 'node:crypto';
import { newId } from '../world/id.ts';
import type { World } from '../world/world.ts';
import type { DataKeyRecord, KeyStore } from './key-store.ts';
import type { RootKey, RootKeys } from './root-key.ts';

export interface DataKey {
  id: string;
  account_id: string;
  key: KeyObject;
}

/** The data keys in clear, in memory for a bounded time only. */
export interface DataKeys {
  /** The key that seals for the account; made with the account's first secret. */
  active(account_id: string): Promise<DataKey>;
  /** Undefined when there is no such key. */
  find(id: string): Promise<DataKey | undefined>;
  /** A new active key for each account that has one; the former only open. How many. */
  rotate(): Promise<number>;
  /** Wraps every data key with the active root key. How many were not yet. */
  rewrap(): Promise<number>;
}

export interface DataKeyParts {
  keyStore: KeyStore;
  rootKeys: RootKeys;
  world: Pick<World, 'clock' | 'random'>;
}

/** The instance's own key, which keyed hashes come from. It never rotates: every stored hash would be lost. */
export const instance = '';

/** How long a data key stays in memory, in ms: a root key withdrawn from this process closes the vault within it. */
const memory = 5 * 60_000;
/** How long another process's rotation may go unnoticed, in ms. The former key still opens, so nothing breaks meanwhile. */
const activeMemory = 60_000;
/** Accounts in memory at once; the longest there goes first. */
const capacity = 10_000;

export function createDataKeys({ keyStore, rootKeys, world }: DataKeyParts): DataKeys {
  const { clock, random } = world;
  const byId = createMemory<DataKey>(world, memory);
  const activeOf = createMemory<DataKey>(world, activeMemory);

  async function unwrap(record: DataKeyRecord): Promise<DataKey> {
    const root = rootKeys.find(record.root_key_id);
    if (root === undefined)
      throw new Error(`The root key ${record.root_key_id} of the data key ${record.id} is not here.`);
    const bytes = await root.unwrap(record.wrapped, contextOf(record));
    return { id: record.id, account_id: record.account_id, key: createSecretKey(bytes) };
  }

  async function add(account_id: string, version: number): Promise<boolean> {
    const record = { id: newId(random, 'key'), account_id, version, created_at: clock.now() };
    const wrapped = await rootKeys.active.wrap(random.bytes(32), contextOf(record));
    return keyStore.add({ ...record, root_key_id: rootKeys.active.id, wrapped });
  }

  async function loadActive(account_id: string): Promise<DataKey> {
    // Whoever loses the race for the first key reads the winner's.
    if ((await keyStore.active(account_id)) === undefined) await add(account_id, 1);
    const record = await keyStore.active(account_id);
    if (record === undefined) throw new Error('The account has no data key.');
    const known = await byId(record.id, () => unwrap(record));
    if (known === undefined) throw new Error('The account has no data key.');
    return known;
  }

  async function rotate(): Promise<number> {
    const newest = new Map<string, number>();
    for (const { account_id, version } of await keyStore.all()) {
      if (account_id !== instance) newest.set(account_id, Math.max(version, newest.get(account_id) ?? 0));
    }
    let rotated = 0;
    for (const [account_id, version] of newest) if (await add(account_id, version + 1)) rotated += 1;
    activeOf.forget();
    return rotated;
  }

  return {
    async active(account_id) {
      const key = await activeOf(account_id, () => loadActive(account_id));
      if (key === undefined) throw new Error('The account has no data key.');
      return key;
    },
    find: (id) =>
      byId(id, async () => {
        const record = await keyStore.find(id);
        return record && unwrap(record);
      }),
    rotate,
    rewrap: () => rewrapAll(keyStore, rootKeys),
  };
}

async function rewrapAll(keyStore: KeyStore, rootKeys: RootKeys): Promise<number> {
  const { active } = rootKeys;
  let rewrapped = 0;
  for (const record of await keyStore.all()) {
    if (record.root_key_id === active.id) continue;
    const former = rootKeys.find(record.root_key_id);
    if (former === undefined)
      throw new Error(
        `The root key ${record.root_key_id} is needed to move the data key ${record.id}, and is not here.`,
      );
    if (await keyStore.rewrap(record, await move(record, former, active))) rewrapped += 1;
  }
  return rewrapped;
}

async function move(record: DataKeyRecord, former: RootKey, active: RootKey) {
  const bytes = await former.unwrap(record.wrapped, contextOf(record));
  return { root_key_id: active.id, wrapped: await active.wrap(bytes, contextOf(record)) };
}

/** Binds the wrapped key to its row: exchanging the keys of two accounts must fail. */
function contextOf(record: Pick<DataKeyRecord, 'id' | 'account_id' | 'version'>): string {
  return JSON.stringify([record.account_id, record.id, record.version]);
}

interface Memory<T> {
  (name: string, load: () => Promise<T | undefined>): Promise<T | undefined>;
  forget(): void;
}

/** Remembers what was loaded, for `time` ms; many who ask at once wait for one load, and a failed one is not remembered. */
function createMemory<T>({ clock }: Pick<World, 'clock'>, time: number): Memory<T> {
  const kept = new Map<string, { until: number; value: Promise<T | undefined> }>();
  const recall = (name: string, load: () => Promise<T | undefined>) => {
    const known = kept.get(name);
    if (known !== undefined && clock.now() < known.until) return known.value;
    const value = load();
    const entry = { until: clock.now() + time, value };
    const drop = () => {
      if (kept.get(name) === entry) kept.delete(name);
    };
    value.then((loaded) => (loaded === undefined ? drop() : undefined), drop);
    kept.delete(name);
    kept.set(name, entry);
    const [oldest] = kept.keys();
    if (kept.size > capacity && oldest !== undefined) kept.delete(oldest);
    return value;
  };
  return Object.assign(recall, { forget: () => kept.clear() });
}
