import type { Unresolved } from '../../delegation/provider.ts';
import type { IdentityProviderRecord } from '../../store/identity-provider.ts';
import { providerById } from '../../store/consumer-credential.ts';
import type { InvalidPlace } from '../../world/problem.ts';
import type { Clock } from '../../world/world.ts';
import type { AccountParts } from './account-parts.ts';

/** Who configures a provider waits for no longer than this to hear of it, in ms. */
const patience = 4_000;

/** Whether the issuer's metadata can be read now. A provider may be set up before it runs, so this is advice and refuses nothing. */
export async function discoveryWarnings(
  { db, providers, world }: Pick<AccountParts, 'db' | 'providers' | 'world'>,
  { account_id, id, document }: IdentityProviderRecord,
): Promise<InvalidPlace[]> {
  const row = document.issuer === undefined ? undefined : await providerById(db, account_id, id);
  if (!row) return [];
  const found = await within(world.clock, patience, providers.resolve(row));
  if (!('failed' in found)) return [];
  const reason = found.reason.replace(/\.+$/, '');
  const detail = `Its metadata could not be read, and nobody can sign in until it can: ${reason}. Check the issuer, or give the endpoints by hand.`;
  return [{ pointer: '/issuer', detail }];
}

async function within<T>(clock: Clock, limit: number, work: Promise<T>): Promise<T | Unresolved> {
  const late = Promise.withResolvers<Unresolved>();
  const cancel = clock.alarm(limit, () =>
    late.resolve({ failed: 'provider_unavailable', reason: `no answer within ${limit / 1000} seconds` }),
  );
  try {
    return await Promise.race([work, late.promise]);
  } finally {
    cancel();
  }
}
