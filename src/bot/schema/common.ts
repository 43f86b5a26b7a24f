/** Small parts that every other part of the bot document is made of. */
import Type, { type Static } from 'typebox';

export const closed = { additionalProperties: false } as const;
/** A text of the author's; may hold expressions such as `{$botContext.name}`. */
export const Text = Type.String({ maxLength: 20_000 });
export const Name = Type.String({ minLength: 1, maxLength: 200 });
export const Code = Type.String({
  maxLength: 100_000,
  description: "JavaScript of the bot's author; runs in the sandbox only",
});

export const Scope = Type.Union(
  [Type.Literal('request'), Type.Literal('dialog'), Type.Literal('session'), Type.Literal('forever')],
  { description: 'How long a variable lives: question to answer, dialog, session, or 180 days' },
);

/** Where the conversation goes after an interaction or a rule. */
export const Action = Type.Union([
  Type.Object(
    {
      go: Type.Union([
        Type.Literal('next'),
        Type.Literal('current'),
        Type.Literal('end'),
        Type.Literal('close_dialog'),
        Type.Literal('close_conversation'),
      ]),
    },
    closed,
  ),
  Type.Object({ go: Type.Literal('interaction'), id: Name }, closed),
  Type.Object({ go: Type.Literal('dialog'), id: Name }, closed),
]);

export const Patterns = Type.Array(Type.String({ minLength: 1, maxLength: 1_000 }), { maxItems: 500 });

export type Scope = Static<typeof Scope>;
export type Action = Static<typeof Action>;
