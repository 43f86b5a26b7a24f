import type { CredentialDocument, CredentialInput } from '../../api/credential.ts';
import type { Providers } from '../../delegation/provider.ts';
import {
  findIdentityProvider,
  identityProvidersOfClient,
  type IdentityProviderRecord,
} from '../../store/identity-provider.ts';
import { providerById } from '../../store/consumer-credential.ts';
import type { Reader } from '../../store/page.ts';
import { type InvalidPlace, Problem } from '../../world/problem.ts';
import { type AuthenticationUrl, readAuthenticationUrl } from './authentication-url.ts';
import { inexactOrigin, placesOf } from './safe-url.ts';

export interface CredentialSettings {
  document: CredentialDocument;
  identity_provider_id: string;
  /** Of a recipe: parameters that were taken out of the URL. */
  replaced?: string[];
}

interface Rules {
  db: Reader;
  providers: Pick<Providers, 'resolve'>;
}

/** Headers that carry the message itself, or another kind of secret: never the token's. */
const forbiddenHeaders =
  /^(host|cookie|set-cookie|content-.*|transfer-encoding|connection|upgrade|te|trailer|proxy-.*|range)$/i;

/** Checks everything the contract asks of a consumer credential. Throws the problem that says what to mend. */
export async function credentialSettings(
  rules: Rules,
  account_id: string,
  input: CredentialInput,
): Promise<CredentialSettings> {
  const places = [
    ...strangeFields(input),
    ...input.origins.flatMap((origin, i) => placesOf(`/origins/${i}`, inexactOrigin(origin))),
    ...headerPlaces(input),
  ];
  if (places.length > 0) throw new Problem('invalid_body', 'The credential is not valid.', places);
  const common = {
    origins: input.origins,
    binding: input.binding ?? 'code',
    header: input.header ?? 'Authorization',
  } as const;
  if (input.authentication_url === undefined) {
    const { provider, scope } = await managed(rules, account_id, input);
    return { document: { mode: 'managed', scope, ...common }, identity_provider_id: provider.id };
  }
  const { url, provider } = await recipe(rules, account_id, { ...input, authentication_url: input.authentication_url });
  return {
    document: { mode: 'recipe', scope: url.scope, authentication_url: url.url, ...common },
    identity_provider_id: provider.id,
    replaced: url.replaced,
  };
}

const ofOtherTypes = ['token', 'token_type', 'parameter', 'user_name', 'user_password', 'secret'] as const;

function strangeFields(input: CredentialInput): InvalidPlace[] {
  const detail = 'does not belong to consumer_authentication';
  return ofOtherTypes.filter((field) => input[field] !== undefined).map((field) => ({ pointer: `/${field}`, detail }));
}

export function headerPlaces({ header }: Pick<CredentialInput, 'header'>): InvalidPlace[] {
  return header !== undefined && forbiddenHeaders.test(header)
    ? [{ pointer: '/header', detail: 'cannot carry a token' }]
    : [];
}

async function managed(rules: Rules, account_id: string, input: CredentialInput) {
  const { identity_provider_id: id, scope } = input;
  const missing = [
    ...(id === undefined ? [{ pointer: '/identity_provider_id', detail: 'required without authentication_url' }] : []),
    ...(scope === undefined ? [{ pointer: '/scope', detail: 'required without authentication_url' }] : []),
  ];
  if (id === undefined || scope === undefined)
    throw new Problem('invalid_body', 'The credential is not complete.', missing);
  return { provider: await ownProvider(rules.db, account_id, id), scope };
}

async function recipe(rules: Rules, account_id: string, input: CredentialInput & { authentication_url: string }) {
  if (input.scope !== undefined) {
    const place = { pointer: '/scope', detail: 'comes from the authentication URL: leave it out' };
    throw new Problem('invalid_body', 'The credential is not valid.', [place]);
  }
  const url = readAuthenticationUrl(input.authentication_url);
  const provider =
    input.identity_provider_id === undefined
      ? await providerOfClient(rules.db, account_id, url.client_id)
      : await ownProvider(rules.db, account_id, input.identity_provider_id);
  if (url.client_id !== undefined && url.client_id !== provider.document.client_id) {
    throw wrongUrl(`its client_id is not that of the identity provider "${provider.name}"`);
  }
  await refuseOtherOrigin(rules, url, provider);
  return { url, provider };
}

/** Another account's provider is no provider (TN-02). */
async function ownProvider(db: Reader, account_id: string, id: string): Promise<IdentityProviderRecord> {
  const provider = await findIdentityProvider(db, account_id, id);
  if (provider) return provider;
  const detail = 'There is no such identity provider.';
  throw new Problem('not_found', detail, [{ pointer: '/identity_provider_id', detail }]);
}

async function providerOfClient(
  db: Reader,
  account_id: string,
  client_id: string | undefined,
): Promise<IdentityProviderRecord> {
  const found = client_id === undefined ? [] : await identityProvidersOfClient(db, account_id, client_id);
  const [only] = found;
  if (only && found.length === 1) return only;
  const many = found.length > 1 ? 'Several identity providers have' : 'No identity provider has';
  const detail = `${many} the client_id of the authentication URL: name one with identity_provider_id.`;
  throw new Problem('identity_provider_ambiguous', detail, [
    { pointer: '/identity_provider_id', detail: 'required here' },
  ]);
}

/** The sign-in page must be the provider's own: a look-alike's would get the brand's customers and their passwords. */
async function refuseOtherOrigin(
  { db, providers }: Rules,
  url: AuthenticationUrl,
  provider: IdentityProviderRecord,
): Promise<void> {
  const row = await providerById(db, provider.account_id, provider.id);
  const resolved = row && (await providers.resolve(row));
  if (!resolved) throw new Problem('conflict', 'The identity provider was deleted meanwhile.');
  if ('failed' in resolved) {
    const code = resolved.failed === 'provider_unavailable' ? 'unavailable' : 'invalid_body';
    throw new Problem(code, `The identity provider's metadata could not be read: ${resolved.reason}`);
  }
  const { origin } = new URL(resolved.authorization_endpoint);
  if (origin !== url.origin)
    throw wrongUrl(`its origin must be that of the provider's authorization_endpoint, ${origin}`);
}

function wrongUrl(detail: string): Problem {
  return new Problem('invalid_body', 'The authentication URL is not valid.', [
    { pointer: '/authentication_url', detail },
  ]);
}
