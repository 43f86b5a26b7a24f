import type { Integration } from '../bot/document.ts';
import type { ConsumerCredential } from '../delegation/delegation.ts';
import { type StaticCredential, unfitCredential } from '../integration/static-credential.ts';
import { staticCredentialNamed } from '../store/credential.ts';
import type { Rooms } from './parts.ts';

/** How a call authenticates: with the consumer's permission, with a secret of the account's own, or not at all. */
export interface CallCredential {
  consumers?: ConsumerCredential;
  own?: StaticCredential;
}

/** Whose credentials are meant: a turn says so. */
interface Place {
  rooms: Pick<Rooms, 'db' | 'delegation'>;
  conversation: { account_id: string };
}

/** `problem`: the integration cannot be called as it is configured, said for its author. */
export async function credentialOf(of: Place, integration: Integration): Promise<CallCredential | { problem: string }> {
  const found = await find(of, integration);
  if ('problem' in found) return found;
  const type = found.consumers ? 'consumer_authentication' : found.own?.type;
  const problem = unfitCredential(integration, type === undefined ? undefined : { type });
  return problem === undefined ? found : { problem };
}

async function find(
  { rooms, conversation: { account_id } }: Place,
  integration: Integration,
): Promise<CallCredential | { problem: string }> {
  const name = integration.credential;
  if (name === undefined) return {};
  const consumers = await rooms.delegation.credential(account_id, name);
  if (consumers) return { consumers };
  const own = await staticCredentialNamed(rooms.db, account_id, name);
  return own ? { own } : { problem: `no credential of the account is named "${name}"` };
}
