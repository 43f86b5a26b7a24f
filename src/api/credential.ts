import Type, { type Static } from 'typebox';
import { Id, Name, named, Origin, page, Time, Url } from './common.ts';
import { StaticCredential } from './static-credential.ts';

export const Binding = Type.Union(
  [Type.Literal('code'), Type.Literal('browser'), Type.Literal('identity'), Type.Literal('native')],
  { description: 'The least proof that the person who signs in is the person who asked' },
);
const Scope = Type.String({
  maxLength: 1_000,
  pattern: '^[\\u0021\\u0023-\\u005b\\u005d-\\u007e]+( [\\u0021\\u0023-\\u005b\\u005d-\\u007e]+)*$',
});
const Header = Type.String({
  minLength: 1,
  maxLength: 100,
  pattern: "^[A-Za-z0-9!#$%&'*+.^_`|~-]+$",
  default: 'Authorization',
});
const Origins = Type.Array(Origin, {
  minItems: 1,
  maxItems: 20,
  uniqueItems: true,
  description: 'The only places the token may go to',
});

const secret = { minLength: 1, maxLength: 16_000, writeOnly: true } as const;

/**
 * `consumer_authentication`, managed mode: `identity_provider_id` and `scope`; recipe mode: `authentication_url`, as
 * LivePerson's credential has it. `access_token`: `token`. `basic`: `user_name` and `user_password`. `webhook_signing`:
 * `secret`, or none to have one made. Which fields belong to which type is checked beyond this schema.
 */
export const CredentialInput = named('CredentialInput', {
  name: Name,
  type: Type.Union([
    Type.Literal('consumer_authentication'),
    Type.Literal('access_token'),
    Type.Literal('basic'),
    Type.Literal('webhook_signing'),
  ]),
  identity_provider_id: Type.Optional(Id),
  scope: Type.Optional(Scope),
  authentication_url: Type.Optional(Url),
  origins: Origins,
  binding: Type.Optional(Binding),
  header: Type.Optional(Header),
  token: Type.Optional(
    Type.String({ ...secret, pattern: '^[\\u0021-\\u007e]+$', description: 'access_token: sent as it is. Write-only' }),
  ),
  token_type: Type.Optional(
    Type.String({
      maxLength: 100,
      pattern: '^([\\u0021-\\u007e]+( [\\u0021-\\u007e]+)*)?$',
      default: 'Bearer',
      description: 'access_token: what stands before the token; empty where it stands alone',
    }),
  ),
  parameter: Type.Optional(
    Type.String({
      minLength: 1,
      maxLength: 100,
      pattern: '^[\\u0021-\\u007e]+$',
      description: 'access_token: the query parameter it goes in, for an API that takes it in no header',
    }),
  ),
  user_name: Type.Optional(Type.String({ minLength: 1, maxLength: 500, pattern: '^[^\\u0000-\\u001f\\u007f:]+$' })),
  user_password: Type.Optional(Type.String({ ...secret, maxLength: 4_000, pattern: '^[^\\u0000-\\u001f\\u007f]+$' })),
  secret: Type.Optional(
    Type.String({
      ...secret,
      maxLength: 200,
      pattern: '^whsec_[A-Za-z0-9+/]{32,88}={0,2}$',
      description: 'webhook_signing: base64 of 24 to 64 bytes. Write-only; one is made where none is given',
    }),
  ),
  import_id: Type.Optional(
    Type.String({
      minLength: 1,
      maxLength: 200,
      pattern: '^[\\u0021-\\u007e]+$',
      description: 'What an export calls it',
    }),
  ),
});
export type CredentialInput = Static<typeof CredentialInput>;

/** What the row's `document` column holds. `authentication_url` is stored cleaned of what Errand sets itself. */
export const CredentialDocument = named('CredentialDocument', {
  mode: Type.Union([Type.Literal('managed'), Type.Literal('recipe')]),
  scope: Type.String(),
  authentication_url: Type.Optional(Url),
  origins: Origins,
  binding: Binding,
  header: Type.String(),
});
export type CredentialDocument = Static<typeof CredentialDocument>;

export const ConsumerCredential = named('ConsumerCredential', {
  id: Id,
  name: Name,
  type: Type.Literal('consumer_authentication'),
  mode: Type.Union([Type.Literal('managed'), Type.Literal('recipe')]),
  identity_provider_id: Id,
  scope: Type.String(),
  authentication_url: Type.Optional(Url),
  replaced: Type.Optional(
    Type.Array(Type.String(), { description: 'Parameters of the given URL that Errand sets itself and has taken out' }),
  ),
  redirect_uri: Type.String({ description: 'What the brand registers at its provider' }),
  origins: Origins,
  binding: Binding,
  header: Type.String(),
  import_id: Type.Optional(Type.String()),
  version: Type.Integer(),
  created_at: Time,
  updated_at: Time,
});
export type ConsumerCredential = Static<typeof ConsumerCredential>;
export const Credential = Type.Union([ConsumerCredential, StaticCredential], { title: 'Credential' });
export type Credential = Static<typeof Credential>;
export const CredentialPage = page('CredentialPage', Credential);
