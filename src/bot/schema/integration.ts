/** How a bot calls something of the brand's, and what the call means. */
import Type, { type Static } from 'typebox';
import { closed, Code, Name, Text } from './common.ts';

const Pair = Type.Object({ key: Name, value: Text }, closed);

export const Integration = Type.Object(
  {
    id: Name,
    name: Name,
    type: Type.Union([Type.Literal('api'), Type.Literal('function'), Type.Literal('file')], {
      description:
        'api: a request as written here. function: a signed webhook that is given variables. file: takes on an uploaded file',
    }),
    description: Type.Optional(
      Type.String({ maxLength: 2_000, description: 'What the call does for the consumer, as the end of "Shall I …?"' }),
    ),
    input_schema: Type.Optional(Type.Unknown()),
    risk: Type.Optional(
      Type.Union([Type.Literal('read'), Type.Literal('write'), Type.Literal('danger')], {
        description: 'Default: read for GET and HEAD, else write',
      }),
    ),
    method: Type.Union([
      Type.Literal('GET'),
      Type.Literal('HEAD'),
      Type.Literal('POST'),
      Type.Literal('PUT'),
      Type.Literal('PATCH'),
      Type.Literal('DELETE'),
    ]),
    url: Type.String({ minLength: 1, maxLength: 4_000 }),
    headers: Type.Optional(Type.Array(Pair, { maxItems: 100 })),
    parameters: Type.Optional(Type.Array(Pair, { maxItems: 100 })),
    body: Type.Optional(Type.String({ maxLength: 100_000 })),
    credential: Type.Optional(
      Type.String({ minLength: 1, maxLength: 200, description: 'The name of a credential of the account' }),
    ),
    scope: Type.Optional(
      Type.String({ maxLength: 1_000, description: "Space-separated scopes this call needs, within the credential's" }),
    ),
    minimum_binding: Type.Optional(
      Type.Union([Type.Literal('code'), Type.Literal('browser'), Type.Literal('identity'), Type.Literal('native')]),
    ),
    repeatable: Type.Optional(
      Type.Boolean({
        description: 'The call may be sent again with the same Idempotency-Key; GET and HEAD always may',
      }),
    ),
    timeout_ms: Type.Optional(Type.Integer({ minimum: 100, maximum: 20_000 })),
    retries: Type.Optional(
      Type.Integer({ minimum: 0, maximum: 3, description: 'Within the timeout and only where repeatable; default 2' }),
    ),
    response_variable: Name,
    transform: Type.Optional(Code),
    fields: Type.Optional(
      Type.Array(Pair, { maxItems: 200, description: 'Custom data fields: name → `{$.api_<variable>.path}`' }),
    ),
  },
  closed,
);

export type Integration = Static<typeof Integration>;
