import { generateKeyPairSync, randomBytes } from 'node:crypto';
import type { AdapterPayload, default as ProviderType, JWK } from 'oidc-provider';
import { Provider } from './oidc-provider.ts';
import { customers } from './customers.ts';
import { errorPage, missingPage } from './pages.ts';
import type { Records } from './records.ts';

export interface BrandClient {
  id: string;
  secret: string;
}

export interface ProviderParts {
  issuer: string;
  records: Records;
  /** The client that Errand is to this brand. */
  errand: BrandClient;
  /** The client that the orders API is to its own provider: the only one that may introspect. */
  ordersApi: BrandClient;
  /** Seconds. */
  accessTokenSeconds: number;
}

const day = 24 * 60 * 60;

/** A certified OpenID provider with short-lived opaque access tokens and refresh tokens that rotate at every use. */
export function createProvider(parts: ProviderParts): ProviderType {
  const { issuer, records, errand, ordersApi } = parts;
  keepClient(records, clientMetadata(errand, ['authorization_code', 'refresh_token']));
  keepClient(records, clientMetadata(ordersApi, []));
  const provider = new Provider(issuer, {
    adapter: (model) => records.adapter(model),
    jwks: { keys: [signingKey(records)] },
    scopes: ['openid', 'orders.read', 'orders.write'],
    claims: { openid: ['sub'], profile: ['name'] },
    cookies: {
      names: { session: 'brand_session', interaction: 'brand_interaction', resume: 'brand_resume' },
      keys: [cookieKey(records)],
    },
    features: {
      devInteractions: { enabled: false },
      dPoP: { enabled: false },
      pushedAuthorizationRequests: { enabled: false },
      resourceIndicators: { enabled: false },
      rpInitiatedLogout: { enabled: false },
      revocation: { enabled: true, allowedPolicy: (_context, client, token) => client.clientId === token.clientId },
      introspection: { enabled: true, allowedPolicy: (_context, client) => client.clientId === ordersApi.id },
    },
    pkce: { required: () => false },
    rotateRefreshToken: true,
    issueRefreshToken: async (_context, client) => client.grantTypeAllowed('refresh_token'),
    // Leaving the shop must not end what the customer allowed the bot to do.
    expiresWithSession: async () => false,
    ttl: {
      AccessToken: parts.accessTokenSeconds,
      AuthorizationCode: 60,
      IdToken: 600,
      Interaction: 900,
      RefreshToken: 14 * day,
      Grant: 14 * day,
      Session: day,
    },
    interactions: { url: (_context, interaction) => `/interaction/${interaction.uid}` },
    findAccount(_context, login) {
      const customer = customers().find((person) => person.login === login);
      return customer && { accountId: login, claims: async () => ({ sub: login, name: customer.name }) };
    },
    renderError(context, out) {
      context.type = 'html';
      context.body = errorPage(out.error_description ?? out.error);
    },
  });
  provider.use(async (context, next) => {
    await next();
    if (context.status !== 404 || context.body) return;
    context.body = missingPage();
    context.type = 'html';
    context.status = 404;
  });
  return provider;
}

/** One more redirect URI for a client: a brand's clerk would type it into a form. */
export function registerRedirectUri(records: Records, clientId: string, uri: string): void {
  const row = records.rows().find((candidate) => candidate.model === 'Client' && candidate.id === clientId);
  if (!row) throw new Error(`no client ${clientId}`);
  if (!URL.canParse(uri)) throw new Error(`no redirect URI: ${uri}`);
  const uris = new Set([...(row.payload.redirect_uris ?? []), uri]);
  // A new object: the provider caches clients by their content.
  records.put({ ...row, payload: { ...row.payload, redirect_uris: [...uris] } });
}

function clientMetadata({ id, secret }: BrandClient, grants: string[]): AdapterPayload & { client_id: string } {
  return {
    client_id: id,
    client_secret: secret,
    client_name: 'Order assistant',
    grant_types: grants,
    response_types: grants.includes('authorization_code') ? ['code'] : [],
    redirect_uris: [],
    token_endpoint_auth_method: 'client_secret_basic',
  };
}

/** Redirect URIs registered before a restart stay; the rest is as configured now. */
function keepClient(records: Records, metadata: AdapterPayload & { client_id: string }): void {
  const before = records.rows().find((row) => row.model === 'Client' && row.id === metadata.client_id);
  const redirectUris = before?.payload.redirect_uris ?? [];
  const payload = { ...metadata, redirect_uris: redirectUris };
  records.put({ model: 'Client', id: metadata.client_id, payload });
}

/** RS256, which every client understands without being told; kept, because clients cache keys. */
function signingKey(records: Records): JWK {
  return keep(records, 'signing', () => {
    const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
    return { ...privateKey.export({ format: 'jwk' }), kty: 'RSA', use: 'sig', alg: 'RS256', kid: randomId() };
  });
}

function cookieKey(records: Records): string {
  return keep(records, 'cookie', randomId);
}

function keep<T>(records: Records, id: string, make: () => T): T {
  const row = records.rows().find((candidate) => candidate.model === 'Key' && candidate.id === id);
  if (row) return JSON.parse(String(row.payload.request));
  const made = make();
  records.put({ model: 'Key', id, payload: { request: JSON.stringify(made) } });
  return made;
}

/** 256 bits, for secrets and ids. */
export function randomId(): string {
  return randomBytes(32).toString('base64url');
}
