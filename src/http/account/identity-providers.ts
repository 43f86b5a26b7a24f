import {
  IdentityProvider,
  type IdentityProviderDocument,
  IdentityProviderInput,
  IdentityProviderPage,
} from '../../api/identity-provider.ts';
import { secretOwner } from '../../delegation/provider.ts';
import {
  createIdentityProvider,
  deleteIdentityProvider,
  findIdentityProvider,
  type IdentityProviderRecord,
  listIdentityProviders,
  updateIdentityProvider,
} from '../../store/identity-provider.ts';
import { newId } from '../../world/id.ts';
import { type InvalidPlace, Problem } from '../../world/problem.ts';
import { Secret } from '../../world/secret.ts';
import type { AccountParts } from './account-parts.ts';
import { discoveryWarnings } from './discovery-warnings.ts';
import { providerSettings, refuseToMoveSecret } from './identity-provider-rules.ts';
import { refuseWhileHeld } from './held-tokens.ts';
import { refuseMixUp } from './mix-up.ts';
import { mixedOriginWarnings } from './mixed-origins.ts';
import type { Resource } from './resource.ts';
import { wireTime } from './wire-time.ts';

/** `warnings` are said in the answer to the request that gave cause for them, and not stored. */
type Row = IdentityProviderRecord & { warnings?: InvalidPlace[] };

export function identityProviders(parts: AccountParts): Resource<IdentityProviderInput, Row, Row> {
  const { db, vault, world, delegation } = parts;
  const sealed = (secret: string, row: { id: string; account_id: string }) =>
    vault.seal(new Secret(secret), secretOwner(row));

  return {
    path: '/identity-providers',
    term: 'identity_provider',
    schemas: { input: IdentityProviderInput, shown: IdentityProvider, page: IdentityProviderPage },
    list: (account_id, page) => listIdentityProviders(db, account_id, page),
    find: (account_id, id) => findIdentityProvider(db, account_id, id),
    async create({ account_id, at }, input) {
      const document = providerSettings(input, false);
      const row = { id: newId(world.random, 'idp'), account_id };
      const client_secret = input.client_secret === undefined ? null : await sealed(input.client_secret, row);
      return (tx) => createIdentityProvider(tx, { ...row, at, name: input.name, document, client_secret });
    },
    async replace(key, input) {
      const before = await findIdentityProvider(db, key.account_id, key.id);
      if (!before) throw new Problem('not_found', 'There is no such identity provider.');
      const document = providerSettings(input, before.client_secret !== null);
      const client_secret = await secretAfter(before, document, input);
      // What was decided from the row as it was read holds only while it is that row.
      const versioned = { ...key, version: key.version ?? before.version };
      const { account_id, id, actor } = key;
      return async (tx) => {
        await delegation.endUnfit(tx, { account_id, actor, identity_provider_id: id, document });
        const change = { name: input.name, document, client_secret, at: key.at };
        const row = await updateIdentityProvider(tx, versioned, change);
        if (isToldOtherwise(before.document, document)) await refuseMixUp(tx, account_id, '/issuer');
        return row;
      };
    },
    async remove(tx, key) {
      await refuseWhileHeld(tx, { account_id: key.account_id, identity_provider_id: key.id });
      await deleteIdentityProvider(tx, key);
    },
    settled: async (row) => ({
      ...row,
      warnings: [...mixedOriginWarnings(row.document), ...(await discoveryWarnings(parts, row))],
    }),
    show: showProvider,
    showListed: showProvider,
  };

  async function secretAfter(
    before: IdentityProviderRecord,
    document: IdentityProviderDocument,
    input: IdentityProviderInput,
  ): Promise<string | null> {
    if (input.client_secret !== undefined) return await sealed(input.client_secret, before);
    if (before.client_secret === null || document.token_endpoint_auth_method === 'none') return null;
    refuseToMoveSecret(before.document, document);
    return before.client_secret;
  }
}

/** A name or a secret that changes must not be refused for what was mixed before. */
function isToldOtherwise(before: IdentityProviderDocument, after: IdentityProviderDocument): boolean {
  return before.issuer !== after.issuer || before.token_endpoint !== after.token_endpoint;
}

function showProvider(row: Row): IdentityProvider {
  return {
    id: row.id,
    name: row.name,
    ...row.document,
    has_client_secret: row.client_secret !== null,
    ...(row.warnings === undefined ? {} : { warnings: row.warnings }),
    version: row.version,
    created_at: wireTime(row.created_at),
    updated_at: wireTime(row.updated_at),
  };
}
