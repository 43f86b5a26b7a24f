/** What a bot understands beyond patterns: its own intents and entities, and who recognises them. */
import Type, { type Static } from 'typebox';
import { closed, Name } from './common.ts';

const Phrase = Type.String({ minLength: 1, maxLength: 500 });

export const Intent = Type.Object(
  {
    id: Name,
    name: Name,
    phrases: Type.Array(Phrase, { maxItems: 500, description: 'What consumers say who mean this' }),
  },
  closed,
);

export const Entity = Type.Union([
  Type.Object(
    {
      name: Name,
      type: Type.Literal('list'),
      values: Type.Array(
        Type.Object({ value: Phrase, synonyms: Type.Optional(Type.Array(Phrase, { maxItems: 200 })) }, closed),
        { minItems: 1, maxItems: 2_000 },
      ),
    },
    closed,
  ),
  Type.Object(
    { name: Name, type: Type.Literal('regex'), regex: Type.String({ minLength: 1, maxLength: 2_000 }) },
    closed,
  ),
]);

export const Recogniser = Type.Object(
  {
    integration: Type.String({
      minLength: 1,
      maxLength: 200,
      description: 'The function integration that is asked, in place of the matching inside Errand',
    }),
  },
  closed,
);

export type Intent = Static<typeof Intent>;
export type Entity = Static<typeof Entity>;
