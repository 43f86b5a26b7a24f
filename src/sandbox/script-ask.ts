import Type, { type Static } from 'typebox';

/** `local_time` of a zone · `language` of what the consumer said · namespaces, and the values of one owner in one. */
const AskName = Type.Union([
  Type.Literal('local_time'),
  Type.Literal('language'),
  Type.Literal('context_namespaces'),
  Type.Literal('context'),
]);

/** Author code can forge one, and gains nothing by it: these are the asks that it may make anyway. */
export const ScriptAsk = Type.Object(
  { ask: AskName, args: Type.Array(Type.String({ maxLength: 200 }), { maxItems: 2 }) },
  { additionalProperties: false },
);

export type ScriptAsk = Static<typeof ScriptAsk>;

/** A read that misses ends the run, so there is one. */
export const asksAtOnce = 1;
