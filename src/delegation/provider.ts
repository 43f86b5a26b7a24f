/** The brand's authorization server: its metadata by discovery or by hand, and whether it is there at all. */
import { allowInsecureRequests, customFetch, discoveryRequest, processDiscoveryResponse } from 'oauth4webapi';
import type { Egress } from '../egress/egress.ts';
import { EgressError } from '../egress/egress.ts';
import type { ProviderRow } from '../store/consumer-credential.ts';
import type { Vault } from '../vault/vault.ts';
import type { Secret } from '../world/secret.ts';
import type { World } from '../world/world.ts';
import { providerDocument } from './configured.ts';
import { createKeys, type Keys } from './keys.ts';

export interface Provider {
  id: string;
  account_id: string;
  version: number;
  /** Null where it was configured by hand without one. */
  issuer: string | null;
  authorization_endpoint: string;
  token_endpoint: string;
  revocation_endpoint: string | null;
  jwks_uri: string | null;
  public_key: string | null;
  /** RFC 9207: the metadata promises `iss` in every authorization response. */
  promises_iss: boolean;
  client_id: string;
  client_secret: Secret | null;
  auth_method: 'client_secret_basic' | 'client_secret_post' | 'none';
  pkce: 'S256' | 'off';
}

export type Unresolved = { failed: 'provider_unavailable' | 'misconfigured' | 'blocked'; reason: string };

export interface Providers {
  resolve(row: ProviderRow): Promise<Provider | Unresolved>;
  /** False when nothing answers, or only 5xx: then nobody is sent there. `within` ms an answer may be old; a failure never is. */
  available(row: ProviderRow, within?: number): Promise<boolean>;
  keys: Keys;
}

/** LivePerson's word for "the id_token is not used". */
export const consumerDelegation = 'CONSUMER_DELEGATION';

const metadataFor = 10 * 60_000;

type Metadata = Pick<
  Provider,
  'issuer' | 'authorization_endpoint' | 'token_endpoint' | 'revocation_endpoint' | 'jwks_uri' | 'promises_iss'
>;

export function createProviders(parts: { vault: Vault; egress: Egress; world: World }): Providers {
  const known = new Map<string, { metadata: Metadata; until: number }>();
  const underWay = new Map<string, Promise<Metadata | Unresolved>>();
  const probes = new Map<string, Promise<boolean>>();
  const lastUp = new Map<string, number>();
  const now = () => parts.world.clock.now();

  async function probeOnce(key: string, row: ProviderRow): Promise<boolean> {
    const isUp = await probe(parts, row);
    if (lastUp.size > 1_000) lastUp.clear();
    if (isUp) lastUp.set(key, now());
    else lastUp.delete(key);
    return isUp;
  }

  async function discovered(row: ProviderRow): Promise<Metadata | Unresolved> {
    const key = `${row.id}:${row.version}`;
    const cached = known.get(key);
    if (cached && cached.until > now()) return cached.metadata;
    const running = underWay.get(key) ?? readMetadata(parts.egress, row).finally(() => underWay.delete(key));
    underWay.set(key, running);
    const metadata = await running;
    // What was good stays good while its source is odd or away (OA-12).
    if ('failed' in metadata) return cached?.metadata ?? metadata;
    if (known.size > 1_000) known.clear();
    known.set(key, { metadata, until: now() + metadataFor });
    return metadata;
  }

  return {
    keys: createKeys(parts),
    async resolve(row) {
      const metadata = await discovered(row);
      if ('failed' in metadata) return metadata;
      const document = providerDocument(row);
      return {
        ...metadata,
        id: row.id,
        account_id: row.account_id,
        version: row.version,
        public_key: document.public_key ?? null,
        client_id: document.client_id,
        client_secret: row.client_secret === null ? null : await parts.vault.open(row.client_secret, secretOwner(row)),
        auth_method: document.token_endpoint_auth_method,
        pkce: document.pkce,
      };
    },
    // Not remembered for an offer: what answered a second ago may be down, and then nobody gets a link. Those who ask at once share one probe.
    available(row, within = 0) {
      const key = `${row.id}:${row.version}`;
      if (now() - (lastUp.get(key) ?? 0) < within) return Promise.resolve(true);
      const running = probes.get(key) ?? probeOnce(key, row).finally(() => probes.delete(key));
      probes.set(key, running);
      return running;
    },
  };
}

async function probe({ egress, world }: { egress: Egress; world: World }, row: ProviderRow): Promise<boolean> {
  const document = providerDocument(row);
  const url = document.issuer === undefined ? document.authorization_endpoint : discoveryUrl(document.issuer);
  if (url === undefined) return false;
  const answer = await egress.request({ method: 'GET', url, headers: { accept: '*/*' }, timeout_ms: 4_000 });
  const isUp = 'failed' in answer ? answer.failed === 'too_large' : answer.status < 500;
  if (!isUp) {
    const what = 'failed' in answer ? answer.reason : answer.status;
    world.log.warn({ provider: row.id, answer: what }, 'identity provider is down');
  }
  return isUp;
}

/** What a provider's secret is sealed for; the account API seals it so. */
export function secretOwner(row: Pick<ProviderRow, 'id' | 'account_id'>) {
  return { account_id: row.account_id, field: 'identity_provider.client_secret', row: row.id };
}

function discoveryUrl(issuer: string): string {
  return `${issuer.replace(/\/$/, '')}/.well-known/openid-configuration`;
}

async function readMetadata(egress: Egress, row: ProviderRow): Promise<Metadata | Unresolved> {
  const document = providerDocument(row);
  if (document.issuer === undefined || document.authorization_endpoint !== undefined) {
    const { authorization_endpoint, token_endpoint } = document;
    if (authorization_endpoint === undefined || token_endpoint === undefined) {
      return { failed: 'misconfigured', reason: 'neither an issuer nor both endpoints are configured' };
    }
    return {
      issuer: document.issuer ?? null,
      authorization_endpoint,
      token_endpoint,
      revocation_endpoint: document.revocation_endpoint ?? null,
      jwks_uri: document.jwks_uri ?? null,
      promises_iss: false,
    };
  }
  try {
    return await discover(egress, document.issuer, document.revocation_endpoint);
  } catch (error) {
    if (!(error instanceof EgressError)) return { failed: 'misconfigured', reason: nameOf(error) };
    const { failed, reason } = error.failure;
    return { failed: failed === 'blocked' ? 'blocked' : 'provider_unavailable', reason };
  }
}

async function discover(
  egress: Egress,
  issuer: string,
  revocation: string | undefined,
): Promise<Metadata | Unresolved> {
  const url = new URL(issuer);
  const response = await discoveryRequest(url, {
    [customFetch]: (address, { method, headers, redirect }) => egress.fetch(address, { method, headers, redirect }),
    [allowInsecureRequests]: isLoopback(url),
  });
  if (response.status >= 500) return { failed: 'provider_unavailable', reason: `discovery answers ${response.status}` };
  const found = await processDiscoveryResponse(url, response);
  // The library compares normalised URLs; an issuer is an exact text (P7).
  if (found.issuer !== issuer) return { failed: 'misconfigured', reason: 'discovery names another issuer' };
  const endpoints = [found.authorization_endpoint, found.token_endpoint, found.jwks_uri, found.revocation_endpoint];
  if (!endpoints.every((endpoint) => endpoint === undefined || isEndpoint(endpoint))) {
    return { failed: 'misconfigured', reason: 'discovery names an endpoint that is not https' };
  }
  if (found.authorization_endpoint === undefined || found.token_endpoint === undefined) {
    return { failed: 'misconfigured', reason: 'discovery names no endpoints' };
  }
  return {
    issuer,
    authorization_endpoint: found.authorization_endpoint,
    token_endpoint: found.token_endpoint,
    revocation_endpoint: revocation ?? found.revocation_endpoint ?? null,
    jwks_uri: found.jwks_uri ?? null,
    promises_iss: found.authorization_response_iss_parameter_supported === true,
  };
}

/** OAuth over http is for loopback only; userinfo and fragments have no place in an endpoint (P12). */
function isEndpoint(text: string): boolean {
  if (!URL.canParse(text)) return false;
  const url = new URL(text);
  const isSafe = url.protocol === 'https:' || (url.protocol === 'http:' && isLoopback(url));
  return isSafe && url.username === '' && url.password === '' && url.hash === '';
}

function isLoopback(url: URL): boolean {
  return (
    url.hostname === 'localhost' ||
    url.hostname.endsWith('.localhost') ||
    url.hostname === '[::1]' ||
    /^127\.\d+\.\d+\.\d+$/.test(url.hostname)
  );
}

function nameOf(error: unknown): string {
  return error instanceof Error ? error.message.slice(0, 200) : 'discovery failed';
}
