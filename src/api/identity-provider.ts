import Type, { type Static } from 'typebox';
import { closed, Id, Name, named, page, Time, Url } from './common.ts';

export const TokenEndpointAuthMethod = Type.Union([
  Type.Literal('client_secret_basic'),
  Type.Literal('client_secret_post'),
  Type.Literal('none'),
]);

const settings = {
  issuer: Type.Optional(Url),
  authorization_endpoint: Type.Optional(Url),
  token_endpoint: Type.Optional(Url),
  jwks_uri: Type.Optional(Url),
  public_key: Type.Optional(
    Type.String({
      minLength: 1,
      maxLength: 10_000,
      description:
        'PEM, its base64 alone, or JWK of the id_token key; the literal `CONSUMER_DELEGATION` means that id_tokens are not used',
    }),
  ),
  revocation_endpoint: Type.Optional(Url),
  client_id: Type.String({ minLength: 1, maxLength: 500, pattern: '^[\\u0020-\\u007e]+$' }),
};

/** How the brand's authorization server is reached: by discovery (`issuer`) or by hand. The secret is write-only. */
export const IdentityProviderInput = named('IdentityProviderInput', {
  name: Name,
  ...settings,
  client_secret: Type.Optional(
    Type.String({ minLength: 1, maxLength: 4_000, pattern: '^[\\u0020-\\u007e]+$', writeOnly: true }),
  ),
  token_endpoint_auth_method: Type.Optional(TokenEndpointAuthMethod),
  pkce: Type.Optional(Type.Union([Type.Literal('S256'), Type.Literal('off')], { default: 'S256' })),
});
export type IdentityProviderInput = Static<typeof IdentityProviderInput>;

/** What the row's `document` column holds: everything but the name and the secret. */
export const IdentityProviderDocument = named('IdentityProviderDocument', {
  ...settings,
  token_endpoint_auth_method: TokenEndpointAuthMethod,
  pkce: Type.Union([Type.Literal('S256'), Type.Literal('off')]),
});
export type IdentityProviderDocument = Static<typeof IdentityProviderDocument>;

export const IdentityProvider = named('IdentityProvider', {
  id: Id,
  name: Name,
  ...settings,
  token_endpoint_auth_method: TokenEndpointAuthMethod,
  pkce: Type.Union([Type.Literal('S256'), Type.Literal('off')]),
  has_client_secret: Type.Boolean(),
  warnings: Type.Optional(
    Type.Array(Type.Object({ pointer: Type.String(), detail: Type.String() }, closed), {
      description: 'Of a create or replace only: what was stored, and should be looked at',
    }),
  ),
  version: Type.Integer(),
  created_at: Time,
  updated_at: Time,
});
export type IdentityProvider = Static<typeof IdentityProvider>;
export const IdentityProviderPage = page('IdentityProviderPage', IdentityProvider);
