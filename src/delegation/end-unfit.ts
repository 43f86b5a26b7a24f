/** An account configures something else: what consumers allowed under the former configuration ends with it. */
import { type ConnectionRow, openConnectionsWith } from '../store/connection.ts';
import { providerById } from '../store/consumer-credential.ts';
import type { Transaction } from '../store/database.ts';
import { providerMark } from './configured.ts';
import { endOne } from './connections.ts';
import type { NewConfiguration } from './delegation.ts';
import { fits, isOf } from './made-with.ts';
import type { Parts } from './parts.ts';

export async function endUnfit(tx: Transaction, parts: Parts, wanted: NewConfiguration): Promise<number> {
  const isUnfit = await unfitness(tx, wanted);
  const ending = (await openConnectionsWith(tx, wanted)).filter(isUnfit);
  for (const row of ending) await endOne(tx, parts, { row, why: 'config_changed', actor: wanted.actor });
  return ending.length;
}

async function unfitness(tx: Transaction, wanted: NewConfiguration): Promise<(row: ConnectionRow) => boolean> {
  if ('credential_id' in wanted) {
    const provider = await providerById(tx, wanted.account_id, wanted.identity_provider_id);
    const configured = provider && { ...wanted.document, provider_mark: providerMark(provider) };
    return (row) => !configured || !fits(row, configured);
  }
  const provider = { id: wanted.identity_provider_id, document: JSON.stringify(wanted.document) };
  return (row) => !isOf(row, provider);
}
