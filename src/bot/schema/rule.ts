/** Rules: what is asked of a reply or of a call, what is stored, and where it leads. */
import Type, { type Static } from 'typebox';
import { Action, closed, Name, Patterns, Scope, Text } from './common.ts';

/** What a rule asks of the consumer's reply or of the call that just ended. */
export const Condition = Type.Union([
  Type.Object({ match: Type.Literal('pattern'), patterns: Patterns, exclude: Type.Optional(Patterns) }, closed),
  Type.Object(
    {
      match: Type.Literal('regex'),
      regex: Type.String({ minLength: 1, maxLength: 2_000 }),
      exclude: Type.Optional(Patterns),
    },
    closed,
  ),
  Type.Object({ match: Type.Literal('exact'), value: Text }, closed),
  Type.Object({ match: Type.Literal('option'), value: Text }, closed),
  Type.Object({ match: Type.Literal('intent'), intent: Name }, closed),
  Type.Object({ match: Type.Literal('no_match'), message: Type.Optional(Text) }, closed),
  Type.Object(
    { match: Type.Literal('api_result'), status: Type.Union([Type.Literal('success'), Type.Literal('failure')]) },
    closed,
  ),
  Type.Object(
    {
      match: Type.Literal('outcome'),
      outcome: Type.String({ description: 'A group or a member of the closed list of outcomes' }),
    },
    closed,
  ),
]);

export const VariableCondition = Type.Object(
  {
    variable: Name,
    match: Type.Union([
      Type.Literal('any'),
      Type.Literal('contains'),
      Type.Literal('not_contains'),
      Type.Literal('equals'),
      Type.Literal('not_equals'),
    ]),
    value: Type.Optional(Text),
  },
  closed,
);

/** A slot that a rule fills: with the first value of an entity in what was said, or with a text. */
export const RuleSlot = Type.Object(
  { name: Name, entity: Type.Optional(Name), value: Type.Optional(Text) },
  { ...closed, description: 'Fills `{$botContext.slot.<name>}`: with `value`, else with what `entity` found' },
);

/** Condition and variable conditions must both hold; then variables and the slot are stored and the action is taken. */
export const Rule = Type.Object(
  {
    name: Type.Optional(Name),
    when: Type.Optional(Condition),
    variables: Type.Optional(Type.Array(VariableCondition, { maxItems: 50 })),
    variables_match: Type.Optional(Type.Union([Type.Literal('all'), Type.Literal('any')])),
    set: Type.Optional(Type.Array(Type.Object({ name: Name, value: Text, scope: Scope }, closed), { maxItems: 50 })),
    slot: Type.Optional(RuleSlot),
    then: Action,
  },
  closed,
);

export type Condition = Static<typeof Condition>;
export type VariableCondition = Static<typeof VariableCondition>;
export type Rule = Static<typeof Rule>;
