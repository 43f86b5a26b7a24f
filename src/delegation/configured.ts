/** Credentials and providers as the account configured them, read from their rows. */
import { createHash } from 'node:crypto';
import type { CredentialDocument } from '../api/credential.ts';
import type { IdentityProviderDocument } from '../api/identity-provider.ts';
import type { ConsumerCredentialRow, ProviderRow } from '../store/consumer-credential.ts';
import { bindingLevel, type ConsumerCredential } from './delegation.ts';

export function credentialDocument(row: Pick<ConsumerCredentialRow, 'document'>): CredentialDocument {
  // The column is written by the account API only, which validated it against this schema.
  return JSON.parse(row.document) as CredentialDocument;
}

export function providerDocument(row: Pick<ProviderRow, 'document'>): IdentityProviderDocument {
  // As above.
  return JSON.parse(row.document) as IdentityProviderDocument;
}

/** Equal as long as tokens of the provider go to the same endpoints, for the same client, shown in the same way. */
export function providerMark(row: Pick<ProviderRow, 'id' | 'document'>): string {
  const { issuer, authorization_endpoint, token_endpoint, revocation_endpoint, client_id, token_endpoint_auth_method } =
    providerDocument(row);
  const endpoints = [issuer, authorization_endpoint, token_endpoint, revocation_endpoint].map((url) => url ?? null);
  const text = JSON.stringify([row.id, ...endpoints, client_id, token_endpoint_auth_method]);
  return createHash('sha256').update(text).digest('base64url');
}

/** Throws when its provider is gone. */
export function toConsumerCredential(row: ConsumerCredentialRow): ConsumerCredential {
  if (row.provider_id === null || row.provider_document === null)
    throw new Error(`the identity provider of credential ${row.id} is gone`);
  const document = credentialDocument(row);
  return {
    id: row.id,
    account_id: row.account_id,
    name: row.name,
    version: row.version,
    mode: document.mode,
    identity_provider_id: row.provider_id,
    provider_mark: providerMark({ id: row.provider_id, document: row.provider_document }),
    scope: document.scope,
    origins: document.origins,
    minimum_level: bindingLevel[document.binding],
    header: document.header,
  };
}
