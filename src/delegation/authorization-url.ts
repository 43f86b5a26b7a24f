import type { CredentialDocument } from '../api/credential.ts';
import type { Challenge } from './delegation.ts';
import type { Provider } from './provider.ts';

/** What only Errand may say in an authorization request; a configured URL's own values for these are dropped (P13). */
const ours = [
  'response_type',
  'response_mode',
  'client_id',
  'redirect_uri',
  'redirectedCode',
  'state',
  'nonce',
  'code_challenge',
  'code_challenge_method',
  'scope',
  'acr_values',
  'max_age',
];

export interface AuthorizationRequest {
  provider: Provider;
  document: Pick<CredentialDocument, 'authentication_url'>;
  redirect_uri: string;
  state: string;
  nonce: string;
  /** Absent: PKCE is switched off for this provider. */
  code_challenge: string | undefined;
  scope: string;
  challenge: Challenge | undefined;
}

/** The provider's URL for this browser: from the endpoint, or from the recipe's URL with its own further parameters kept. */
export function authorizationUrl(request: AuthorizationRequest): string {
  const { provider, document } = request;
  const url = new URL(document.authentication_url ?? provider.authorization_endpoint);
  for (const name of ours) url.searchParams.delete(name);
  const set = (name: string, value: string | undefined) => {
    if (value !== undefined && value !== '') url.searchParams.set(name, value);
  };
  set('response_type', 'code');
  set('client_id', provider.client_id);
  set('redirect_uri', request.redirect_uri);
  set('scope', request.scope);
  set('state', request.state);
  // Only OpenID Connect knows a nonce; strict providers refuse it in a plain OAuth request.
  set('nonce', request.scope.split(' ').includes('openid') ? request.nonce : undefined);
  set('code_challenge', request.code_challenge);
  set('code_challenge_method', request.code_challenge === undefined ? undefined : 'S256');
  set('acr_values', request.challenge?.acr_values);
  set('max_age', request.challenge?.max_age === undefined ? undefined : String(request.challenge.max_age));
  return url.href;
}

/** Where the brand sends the browser back: LivePerson's shape for recipes, one of its own for each other credential (P8). */
export function redirectUri(
  publicUrl: string,
  credential: { account_id: string; id: string; mode: 'managed' | 'recipe' },
): string {
  const leaf = credential.mode === 'recipe' ? 'redirectCode' : encodeURIComponent(credential.id);
  return `${publicUrl}/callback/${encodeURIComponent(credential.account_id)}/${leaf}`;
}
