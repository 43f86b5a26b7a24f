import { type OfflineCredential, offlineToken } from '../api/conversation-script.ts';
import type { CredentialDocument } from '../api/credential.ts';
import type { BotDocument, Integration } from '../bot/document.ts';
import { tokenPlaceholder } from '../delegation/handles.ts';
import { render } from '../engine/template.ts';
import { newSigningSecret } from '../integration/webhook-signature.ts';
import { createCredential } from '../store/credential.ts';
import type { Database } from '../store/database.ts';
import { createIdentityProvider } from '../store/identity-provider.ts';
import { credentialSecretOwner } from '../store/sealed-column.ts';
import type { Vault } from '../vault/vault.ts';
import { newId } from '../world/id.ts';
import { Secret } from '../world/secret.ts';
import type { World } from '../world/world.ts';
import { authorizationEndpoint, tokenEndpoint } from './offline-provider.ts';

export type GivenCredentials = Readonly<Record<string, OfflineCredential>>;

export interface CredentialParts {
  db: Database;
  vault: Vault;
  world: World;
  account_id: string;
}

export interface Credentialed {
  document: BotDocument;
  given: GivenCredentials;
  /** The script says what becomes of a sign-in. */
  signs_in: boolean;
  environment: Record<string, string>;
}

/** What `setup.credentials` says of the credential a document names: by its name, or by what an export calls it. */
export function givenFor(name: string, given: GivenCredentials): OfflineCredential | undefined {
  const key = [name, name.replace(/^import:/, '')].find((key) => Object.hasOwn(given, key));
  return key === undefined ? undefined : given[key];
}

/** A credential of the consumer's own permission; any other has a secret of the account's. */
export function isConsumers({ securityProtocol, accessToken }: OfflineCredential): boolean {
  return securityProtocol === undefined ? accessToken === undefined : /consumer/i.test(securityProtocol);
}

type Kind = 'webhook_signing' | 'access_token' | 'recipe' | 'managed';

/**
 * A header that waits for the consumer's token says it all; then what the script gives, then how the bot uses it. An
 * export says nothing else of a credential it names: without a sign-in in the script it is one of the account's own.
 */
function kindOf(name: string, integrations: readonly Integration[], bot: Credentialed): Kind {
  if (integrations.every(({ type }) => type === 'function')) return 'webhook_signing';
  if (integrations.some(({ headers = [] }) => headers.some(({ value }) => value.includes(tokenPlaceholder))))
    return 'recipe';
  const given = givenFor(name, bot.given);
  if (given && !isConsumers(given)) return 'access_token';
  if (JSON.stringify(bot.document.dialogs).includes('external_auth_url')) return 'recipe';
  return name.startsWith('import:') && !given && !bot.signs_in ? 'access_token' : 'managed';
}

/** Makes every credential that the document names, each with what the script gives it. */
export async function putCredentials(parts: CredentialParts, bot: Credentialed): Promise<void> {
  const byName = Map.groupBy(
    bot.document.integrations.filter(({ credential }) => credential !== undefined),
    ({ credential }) => credential ?? '',
  );
  if (byName.size === 0) return;
  const provider = await putProvider(parts);
  for (const [name, integrations] of byName) {
    const kind = kindOf(name, integrations, bot);
    const origins = originsOf(integrations, bot.environment);
    const { accessToken = offlineToken } = givenFor(name, bot.given) ?? {};
    if (kind === 'access_token') await putSecret(parts, { name, origins, type: kind, secret: accessToken });
    else if (kind === 'webhook_signing')
      await putSecret(parts, { name, origins, type: kind, secret: newSigningSecret(parts.world.random) });
    else await putConsumers(parts, { name, provider, origins, mode: kind, scope: scopeOf(integrations) });
  }
}

/** All that they ask for together. */
function scopeOf(integrations: readonly Integration[]): string {
  const scopes = integrations.flatMap(({ scope = '' }) => scope.split(' ').filter((one) => one !== ''));
  return [...new Set(['offline', ...scopes])].join(' ');
}

/** Where the integrations call, with the environment's values in place. */
function originsOf(integrations: readonly Integration[], environment: Record<string, string>): string[] {
  const view = Object.fromEntries(Object.entries(environment).map(([name, value]) => [`$env.${name}`, value]));
  const origins = integrations.flatMap(({ url }) => URL.parse(render(url, view))?.origin ?? []);
  return [...new Set(origins)];
}

async function putProvider({ db, world, account_id }: CredentialParts): Promise<string> {
  const id = newId(world.random, 'idp');
  const document = {
    authorization_endpoint: authorizationEndpoint,
    token_endpoint: tokenEndpoint,
    client_id: 'errand',
    token_endpoint_auth_method: 'none',
    pkce: 'S256',
  } as const;
  const at = world.clock.now();
  await db.write(async (tx) => {
    await createIdentityProvider(tx, { id, account_id, name: 'Sign-in', document, client_secret: null, at });
  });
  return id;
}

async function putConsumers(
  { db, world, account_id }: CredentialParts,
  made: { name: string; provider: string; origins: string[]; mode: 'recipe' | 'managed'; scope: string },
): Promise<void> {
  const document: CredentialDocument = {
    mode: made.mode,
    scope: made.scope,
    origins: made.origins,
    binding: 'code',
    header: 'Authorization',
  };
  const { name, provider: identity_provider_id } = made;
  const row = { id: newId(world.random, 'cred'), account_id, name, import_id: null, identity_provider_id, document };
  const at = world.clock.now();
  await db.write(async (tx) => {
    await createCredential(tx, { ...row, type: 'consumer_authentication', at });
  });
}

async function putSecret(
  { db, vault, world, account_id }: CredentialParts,
  made: { name: string; origins: string[]; type: 'access_token' | 'webhook_signing'; secret: string },
): Promise<void> {
  const id = newId(world.random, 'cred');
  const secret = await vault.seal(new Secret(made.secret), credentialSecretOwner({ id, account_id }));
  const { name, origins, type } = made;
  const placed = type === 'access_token' ? { token_type: 'Bearer', header: 'Authorization' } : {};
  const document = { mode: 'static', origins, ...placed } as const;
  const at = world.clock.now();
  await db.write(async (tx) => {
    await createCredential(tx, {
      id,
      account_id,
      name,
      import_id: null,
      type,
      document,
      identity_provider_id: null,
      secret,
      at,
    });
  });
}
