import Type, { type Static } from 'typebox';
import { Id, Name, named, page, Time } from './common.ts';

const Variables = Type.Record(
  Type.String({ pattern: '^[A-Za-z_][A-Za-z0-9_.-]{0,199}$' }),
  Type.String({ maxLength: 10_000 }),
  {
    additionalProperties: false,
    maxProperties: 500,
    description: 'What `{$env.<name>}` means. Not for secrets: authors and traces see them',
  },
);

export const EnvironmentInput = named('EnvironmentInput', { name: Name, variables: Variables });
export type EnvironmentInput = Static<typeof EnvironmentInput>;
export const Environment = named('Environment', {
  id: Id,
  name: Type.String(),
  variables: Variables,
  version: Type.Integer(),
  created_at: Time,
  updated_at: Time,
});
export type Environment = Static<typeof Environment>;
export const EnvironmentPage = page('EnvironmentPage', Environment);
