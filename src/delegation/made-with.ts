/**
 * What a connection was made with. The consumer let her tokens go to the places that were configured then; whoever can
 * change a configuration must not get tokens that were given to the former one. A new client secret alone changes nothing.
 */
import type { ConnectionRow } from '../store/connection.ts';
import type { ProviderRow } from '../store/consumer-credential.ts';
import { providerMark } from './configured.ts';
import type { ConsumerCredential } from './delegation.ts';

interface MadeWith {
  /** The provider's mark. */
  provider: string;
  header: string;
  origins: string[];
}

export type Configured = Pick<ConsumerCredential, 'provider_mark' | 'header' | 'origins'>;

/** For the column `made_with`. */
export function madeWith({ provider_mark, header, origins }: Configured): string {
  return JSON.stringify({ provider: provider_mark, header, origins } satisfies MadeWith);
}

/** Whether the connection may be used as things are configured now. Fewer origins are fewer places; one more is another. */
export function fits(row: Pick<ConnectionRow, 'made_with'>, now: Configured): boolean {
  const made = read(row);
  if (!made || made.provider !== now.provider_mark) return false;
  const isHeader = made.header.toLowerCase() === now.header.toLowerCase();
  return isHeader && now.origins.every((origin) => made.origins.includes(origin));
}

/** Whether the provider is still the one, for what only goes there: refresh tokens and revocations. */
export function isOf(row: Pick<ConnectionRow, 'made_with'>, provider: Pick<ProviderRow, 'id' | 'document'>): boolean {
  return read(row)?.provider === providerMark(provider);
}

/** Where the token may go: configured now, and allowed by the consumer then. */
export function sharedOrigins(row: Pick<ConnectionRow, 'made_with'>, origins: readonly string[]): string[] {
  const made = read(row)?.origins ?? [];
  return origins.filter((origin) => made.includes(origin));
}

function read({ made_with }: Pick<ConnectionRow, 'made_with'>): MadeWith | undefined {
  // Written by `madeWith` only.
  return made_with === null ? undefined : (JSON.parse(made_with) as MadeWith);
}
