/** The value of this browser's cookie: random, and marked as made here, so that nobody else's choice becomes a browser's secret. */
import type { Vault } from '../vault/vault.ts';
import { randomText } from '../world/id.ts';
import type { Random } from '../world/world.ts';
import { sameHash } from './code.ts';

type Mac = Pick<Vault, 'mac'>;

/** 128 random bits, then 126 of their mark: 43 letters. */
export function newBrowserSecret(vault: Mac, random: Random): string {
  const chosen = randomText(random, 16);
  return `${chosen}${markOf(vault, chosen)}`;
}

export function isBrowserSecret(vault: Mac, value: string): boolean {
  return /^[A-Za-z0-9_-]{43}$/.test(value) && sameHash(markOf(vault, value.slice(0, 22)), value.slice(22));
}

/** Of another shape than what is hashed for the rows: a hash read from a dump is no mark. */
function markOf(vault: Mac, chosen: string): string {
  return vault.mac('browser', `made|${chosen}`).slice(0, 21);
}
