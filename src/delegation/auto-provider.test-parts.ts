/** A real OpenID provider whose customer signs in and consents by herself: what a test wants of a browser's way through it. */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { generateKeyPairSync } from 'node:crypto';
import Provider, { type JWK } from 'oidc-provider';

export interface AutoProvider {
  url: string;
  /** Who signs in next; `refuses`: and then says no. */
  customer: { login: string; refuses: boolean };
  close(): Promise<void>;
}

const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
const signingKey: JWK = { ...privateKey.export({ format: 'jwk' }), kty: 'RSA', use: 'sig', alg: 'RS256', kid: 'test' };

export async function startAutoProvider(setup: { issuer: string; redirectUris: string[] }): Promise<AutoProvider> {
  const customer = { login: 'mia', refuses: false };
  const provider = new Provider(setup.issuer, {
    clients: [
      {
        client_id: 'errand',
        client_secret: 'the-secret-of-errand',
        redirect_uris: setup.redirectUris,
        grant_types: ['authorization_code', 'refresh_token'],
        response_types: ['code'],
      },
    ],
    jwks: { keys: [signingKey] },
    scopes: ['openid', 'orders.read', 'orders.write'],
    cookies: { keys: ['a-key-for-tests'] },
    features: { devInteractions: { enabled: false }, revocation: { enabled: true }, introspection: { enabled: true } },
    pkce: { required: () => true },
    rotateRefreshToken: true,
    issueRefreshToken: async () => true,
    expiresWithSession: async () => false,
    ttl: {
      AccessToken: 60,
      AuthorizationCode: 60,
      IdToken: 600,
      Interaction: 900,
      RefreshToken: 86_400,
      Grant: 86_400,
      Session: 86_400,
    },
    interactions: { url: (_context, interaction) => `/interaction/${interaction.uid}` },
    findAccount: (_context, id) => ({ accountId: id, claims: async () => ({ sub: id }) }),
  });
  const answer = provider.callback();
  const server = createServer(async (request, response) => {
    if (!request.url?.startsWith('/interaction/')) return answer(request, response);
    const details = await provider.interactionDetails(request, response);
    const grant = new provider.Grant({ accountId: customer.login, clientId: 'errand' });
    grant.addOIDCScope(String(details.params.scope));
    const result = customer.refuses
      ? { error: 'access_denied', error_description: '<script>alert(1)</script>' }
      : { login: { accountId: customer.login }, consent: { grantId: await grant.save() } };
    await provider.interactionFinished(request, response, result, { mergeWithLastSubmission: false });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  // A listening TCP server has an address of this shape.
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    customer,
    close: () =>
      new Promise((resolve) => {
        server.closeAllConnections();
        server.close(() => resolve());
      }),
  };
}
