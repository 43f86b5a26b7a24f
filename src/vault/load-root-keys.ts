import {
  closeSync,
  fsyncSync,
  linkSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeSync,
} from 'node:fs';
import { dirname } from 'node:path';
import type { Secret } from '../world/secret.ts';
import type { Random } from '../world/world.ts';
import { createRootKey, type RootKey, type RootKeys, rootKeyLength, rootKeysOf } from './root-key.ts';

export interface RootKeySource {
  /** `ERRAND_MASTER_KEY`: base64 of 32 bytes. Further ones, after commas, only unwrap. */
  masterKey?: Secret;
  /** Where the generated key lies when there is no master key; one key per line, the first one active. */
  file: string;
  /** Then a master key is required. */
  production: boolean;
  /** False once the store has keys: a new root key could open none of them. */
  mayGenerate: boolean;
  random: Random;
}

export interface LoadedRootKeys extends RootKeys {
  /** Set when the key was made just now: the operator should know that losing the file loses the data. */
  generated: boolean;
}

const wanted = 'base64 of 32 random bytes, such as `openssl rand -base64 32` prints';

/** From the environment, else from the file, which is made (0600) on the first start. Throws with what to do (DP-05). */
export function loadRootKeys(source: RootKeySource): LoadedRootKeys {
  const { masterKey, random } = source;
  if (masterKey !== undefined) {
    return { ...rootKeysOf(parseKeys(masterKey.reveal().split(','), 'ERRAND_MASTER_KEY', random)), generated: false };
  }
  if (source.production) throw new Error(`ERRAND_MASTER_KEY is not set. In production it is required: ${wanted}.`);
  const generated = !exists(source.file);
  if (generated) generate(source);
  const keys = readKeys(source.file, random);
  const find = (id: string) =>
    keys.find((key) => key.id === id) ?? readKeys(source.file, random).find((key) => key.id === id);
  return { active: rootKeysOf(keys).active, find, generated };
}

/**
 * Puts a new root key in front of the file's others, so that it becomes the active one with the next start, and a
 * running server still opens what it wraps. `rewrapDataKeys` then moves the data keys.
 */
export function addRootKey(file: string, random: Random): RootKey {
  readKeys(file, random);
  const key = random.bytes(rootKeyLength);
  const fresh = `${file}.new`;
  rmSync(fresh, { force: true }); // of a run that was killed here
  writeDurably(fresh, `${Buffer.from(key).toString('base64')}\n${readFileSync(file, 'utf8')}`);
  renameSync(fresh, file);
  syncFolder(file);
  return createRootKey(key, random);
}

function generate({ file, mayGenerate, random }: RootKeySource): void {
  if (!mayGenerate) {
    throw new Error(
      `The data is sealed, and its root key ${file} is not there. Restore that file, or set ERRAND_MASTER_KEY to the key the data was sealed with.`,
    );
  }
  const fresh = `${file}.${Buffer.from(random.bytes(6)).toString('hex')}`;
  writeDurably(fresh, `${Buffer.from(random.bytes(rootKeyLength)).toString('base64')}\n`);
  try {
    // A link, not a rename: of two processes that start at once the second must take the first one's key.
    linkSync(fresh, file);
  } catch (error) {
    if (!isCode(error, 'EEXIST')) throw error;
  } finally {
    rmSync(fresh);
  }
  syncFolder(file);
}

function readKeys(file: string, random: Random): RootKey[] {
  if (process.platform !== 'win32' && (statSync(file).mode & 0o077) !== 0) {
    throw new Error(`The root key ${file} can be read by others on this machine. Run: chmod 600 ${file}`);
  }
  return parseKeys(readFileSync(file, 'utf8').trim().split('\n'), file, random);
}

/** Fewer different bytes than this do not happen to 32 random ones; they happen to sample keys. */
const leastDifferentBytes = 16;

function parseKeys(texts: string[], from: string, random: Random): RootKey[] {
  return texts.map((text) => {
    const bytes = Buffer.from(text.trim(), 'base64');
    if (bytes.length !== rootKeyLength || bytes.toString('base64') !== text.trim()) {
      throw new Error(`${from} is not a root key: wanted is ${wanted}.`);
    }
    if (new Set(bytes).size < leastDifferentBytes) {
      throw new Error(`${from} is a sample key, not a random one: wanted is ${wanted}.`);
    }
    return createRootKey(bytes, random);
  });
}

function writeDurably(file: string, text: string): void {
  const descriptor = openSync(file, 'wx', 0o600);
  try {
    writeSync(descriptor, text);
    fsyncSync(descriptor);
  } finally {
    closeSync(descriptor);
  }
}

/** A name in a folder is durable only when the folder is synced; a key must not be lost once something is sealed with it. */
function syncFolder(file: string): void {
  if (process.platform === 'win32') return;
  const descriptor = openSync(dirname(file), 'r');
  try {
    fsyncSync(descriptor);
  } finally {
    closeSync(descriptor);
  }
}

function exists(file: string): boolean {
  return statSync(file, { throwIfNoEntry: false }) !== undefined;
}

function isCode(error: unknown, code: string): boolean {
  return error instanceof Error && 'code' in error && error.code === code;
}
