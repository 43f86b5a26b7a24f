import Type from 'typebox';

const closed = { additionalProperties: false } as const;
const Name = Type.String({ minLength: 1, maxLength: 200 });
/** Ten years, in seconds. */
export const longestContextLife = 315_360_000;
const Owner = Type.Union([Type.Literal('global'), Type.Literal('user'), Type.Literal('conversation')]);

/** A change to the Conversation Context Service, as a script asks for it. */
export const ContextChange = Type.Union([
  Type.Object(
    {
      op: Type.Literal('register'),
      namespace: Name,
      ttl_s: Type.Union([Type.Integer({ minimum: 1, maximum: longestContextLife }), Type.Null()]),
    },
    closed,
  ),
  Type.Object({ op: Type.Literal('delete_namespace'), namespace: Name }, closed),
  Type.Object({ op: Type.Literal('set'), of: Owner, namespace: Name, name: Name, value: Type.Unknown() }, closed),
  Type.Object({ op: Type.Literal('delete'), of: Owner, namespace: Name, name: Name }, closed),
  Type.Object({ op: Type.Literal('delete_all'), of: Owner, namespace: Name }, closed),
]);
