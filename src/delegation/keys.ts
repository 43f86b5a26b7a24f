/** Keys that id_tokens are checked with: fetched bounded, cached, and not fetched again at every unknown key id. */
import { createLocalJWKSet, importJWK, importSPKI, type JSONWebKeySet, type JWTVerifyGetKey } from 'jose';
import type { Egress } from '../egress/egress.ts';
import type { World } from '../world/world.ts';

export interface Keys {
  /** From the provider's key set; null when it cannot be read. `again`: not from the cache, unless it was read just now. */
  fromSet(uri: string, again: boolean): Promise<JWTVerifyGetKey | null>;
}

const keepFor = 10 * 60_000;
const coolDown = 60_000;
const mostKeys = 100;

export function createKeys(parts: { egress: Egress; world: World }): Keys {
  const sets = new Map<string, { keys: JWTVerifyGetKey; readAt: number }>();
  return {
    async fromSet(uri, again) {
      const now = parts.world.clock.now();
      const cached = sets.get(uri);
      if (cached && now - cached.readAt < (again ? coolDown : keepFor)) return cached.keys;
      const answer = await parts.egress.request({
        method: 'GET',
        url: uri,
        headers: { accept: 'application/json' },
        timeout_ms: 4_000,
        max_bytes: 256 * 1024,
      });
      const keys = 'failed' in answer || answer.status !== 200 ? null : readSet(answer.body);
      if (keys === null) return cached?.keys ?? null;
      if (sets.size > 1_000) sets.clear();
      sets.set(uri, { keys, readAt: now });
      return keys;
    },
  };
}

/** LivePerson has public keys pasted as base64 alone, without the lines around it. */
export function publicKeyAsPem(text: string): string {
  const key = text.trim();
  if (!/^[A-Za-z0-9+/\s]+={0,2}$/.test(key)) return key;
  const lines = key.replace(/\s+/g, '').match(/.{1,64}/g) ?? [];
  return ['-----BEGIN PUBLIC KEY-----', ...lines, '-----END PUBLIC KEY-----'].join('\n');
}

/** A key given by hand, as PEM, its base64 alone, or JWK. */
export async function keyByHand(text: string, algorithm: string): Promise<JWTVerifyGetKey | null> {
  try {
    const key = text.trim().startsWith('{')
      ? await importJWK(JSON.parse(text), algorithm)
      : await importSPKI(publicKeyAsPem(text), algorithm);
    return async () => key;
  } catch {
    return null;
  }
}

function readSet(body: string): JWTVerifyGetKey | null {
  try {
    const set: unknown = JSON.parse(body);
    if (!isKeySet(set) || set.keys.length > mostKeys) return null;
    return createLocalJWKSet(set);
  } catch {
    return null;
  }
}

function isKeySet(value: unknown): value is JSONWebKeySet {
  return typeof value === 'object' && value !== null && 'keys' in value && Array.isArray(value.keys);
}
