/** Credentials whose secret the account has itself: a token, a user and password, the secret that signs webhooks. */
import Type, { type Static } from 'typebox';
import { Id, Name, named, Origin, Time } from './common.ts';

export const StaticCredentialType = Type.Union([
  Type.Literal('access_token'),
  Type.Literal('basic'),
  Type.Literal('webhook_signing'),
]);
export type StaticCredentialType = Static<typeof StaticCredentialType>;

const Origins = Type.Array(Origin, { minItems: 1, maxItems: 20, uniqueItems: true });

/** What the row's `document` column holds beside the sealed secret. */
export const StaticCredentialDocument = named('StaticCredentialDocument', {
  mode: Type.Literal('static'),
  origins: Origins,
  /** Of `access_token`: what stands before the token; empty where it stands alone. */
  token_type: Type.Optional(Type.String()),
  /** Of `access_token`: the header the token goes in. */
  header: Type.Optional(Type.String()),
  /** Of `access_token`: the query parameter the token goes in, in place of a header. */
  parameter: Type.Optional(Type.String()),
  /** Of `basic`. */
  user_name: Type.Optional(Type.String()),
});
export type StaticCredentialDocument = Static<typeof StaticCredentialDocument>;

export const StaticCredential = named('StaticCredential', {
  id: Id,
  name: Name,
  type: StaticCredentialType,
  origins: Type.Array(Origin, { description: 'The only places the secret, or what it signs, may go to' }),
  token_type: Type.Optional(Type.String()),
  header: Type.Optional(Type.String()),
  parameter: Type.Optional(Type.String()),
  user_name: Type.Optional(Type.String()),
  secret: Type.Optional(
    Type.String({ description: 'Of webhook_signing, in the answer to the request that had it made: shown once' }),
  ),
  import_id: Type.Optional(Type.String()),
  version: Type.Integer(),
  created_at: Time,
  updated_at: Time,
});
export type StaticCredential = Static<typeof StaticCredential>;
