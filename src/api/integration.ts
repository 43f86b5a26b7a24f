import Type, { type Static } from 'typebox';
import { Integration } from '../bot/document.ts';
import { closed, Id, Name, named } from './common.ts';
import { StaticCredentialType } from './static-credential.ts';

const anything = { type: 'object' } as const;

/** `curl`, or `openapi` with `operation_id` or `method` and `path`. */
export const IntegrationImport = named('IntegrationImport', {
  curl: Type.Optional(
    Type.String({ minLength: 1, maxLength: 100_000, description: 'A pasted command; it is never run' }),
  ),
  openapi: Type.Optional(
    Type.Unsafe<unknown>({ description: 'An OpenAPI 3.0 or 3.1 document as a JSON object; YAML is not taken' }),
  ),
  operation_id: Type.Optional(Type.String({ minLength: 1, maxLength: 500 })),
  method: Type.Optional(Type.String({ minLength: 1, maxLength: 20 })),
  path: Type.Optional(Type.String({ minLength: 1, maxLength: 2_000 })),
  name: Type.Optional(Name),
});
export type IntegrationImport = Static<typeof IntegrationImport>;

const Remark = Type.Object(
  { path: Type.String({ description: 'A place in the integration' }), message: Type.String() },
  closed,
);

export const ImportedIntegration = named('ImportedIntegration', {
  integration: Integration,
  credential: Type.Optional(
    Type.Object(
      { id: Id, name: Type.String(), type: StaticCredentialType },
      { ...closed, description: 'Made of a secret that was found; the secret itself is never returned' },
    ),
  ),
  report: Type.Array(Remark),
});

/** `integration`: an integration as a bot document has it, or the name of one in the bot's draft. */
export const IntegrationTrial = named('IntegrationTrial', {
  integration: Type.Union([
    Name,
    Type.Unsafe<Record<string, unknown>>({ ...anything, description: 'As a bot document has it' }),
  ]),
  variables: Type.Optional(
    Type.Unsafe<Record<string, unknown>>({
      ...anything,
      description: 'Bot variables by name, as expressions read them',
    }),
  ),
  environment: Type.Optional(Name),
  confirm: Type.Optional(Type.Boolean({ description: 'Needed by a call that changes something at the brand' })),
});
export type IntegrationTrial = Static<typeof IntegrationTrial>;

const Values = Type.Record(Type.String(), Type.Unknown());

export const IntegrationTried = named('IntegrationTried', {
  outcome: Type.String({
    description: 'As rules branch on it; `needs_sign_in`: a consumer must sign in first, and a test has none',
  }),
  status: Type.Union([Type.Integer(), Type.Null()]),
  detail: Type.Optional(Type.String({ description: 'Why nothing was sent' })),
  request: Type.Union([
    Type.Object(
      {
        method: Type.String(),
        url: Type.String(),
        headers: Type.Record(Type.String(), Type.String()),
        body: Type.Optional(Type.String()),
      },
      closed,
    ),
    Type.Null(),
  ]),
  answer: Type.Union([
    Type.Object({ status: Type.Integer(), content_type: Type.String(), body: Type.String() }, closed),
    Type.Null(),
  ]),
  fields: Values,
  variables: Values,
  log: Type.Array(Type.String()),
  events: Type.Array(Type.Unknown()),
  ms: Type.Integer(),
});
