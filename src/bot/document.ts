/**
 * The bot document, `errand.bot/1`: what an author edits and a version freezes. One schema gives the types,
 * the validation, the JSON Schema at `/schemas/bot.json` and the forms of the Studio.
 * A document names credentials and never contains a secret.
 */
import Type, { type Static } from 'typebox';
import { closed, Code, Name, Text } from './schema/common.ts';
import { Integration } from './schema/integration.ts';
import { Interaction } from './schema/interaction.ts';
import { Entity, Intent, Recogniser } from './schema/understanding.ts';

export { Action, Scope } from './schema/common.ts';
export { Integration } from './schema/integration.ts';
export { type Button, Interaction, interactions, type QuickReply, type Tile } from './schema/interaction.ts';
export { Condition, Rule, type VariableCondition } from './schema/rule.ts';
export { type Entity, type Intent } from './schema/understanding.ts';

export const Dialog = Type.Object(
  {
    id: Name,
    name: Name,
    type: Type.Union([
      Type.Literal('standard'),
      Type.Literal('fallback'),
      Type.Literal('disambiguation'),
      Type.Literal('auto_escalation'),
    ]),
    enabled: Type.Optional(Type.Boolean()),
    threshold: Type.Optional(
      Type.Integer({
        minimum: 1,
        maximum: 20,
        description: 'Of an auto escalation dialog: so many replies in a row that were not understood; default 3',
      }),
    ),
    extra_choice: Type.Optional(
      Type.String({ minLength: 1, maxLength: 128, description: 'Of a disambiguation dialog: "none of these"' }),
    ),
    extra_reply: Type.Optional(
      Type.String({ maxLength: 20_000, description: 'Of a disambiguation dialog: what is said to another reply' }),
    ),
    interactions: Type.Array(Interaction, { maxItems: 5_000 }),
  },
  closed,
);

export const BotDocument = Type.Object(
  {
    format: Type.Literal('errand.bot/1'),
    name: Name,
    description: Type.Optional(Text),
    language: Type.Optional(Type.String({ minLength: 2, maxLength: 35, description: 'BCP 47, such as en-US' })),
    session_length_minutes: Type.Optional(Type.Integer({ minimum: 1, maximum: 43_200 })),
    default_response: Type.Optional(Text),
    environment: Type.Optional(
      Type.String({ maxLength: 200, description: 'The name of an environment of the account' }),
    ),
    group: Type.Optional(
      Type.String({
        minLength: 1,
        maxLength: 200,
        description: 'Bots of the account with the same group: what this one has no starter for is tried at the others',
      }),
    ),
    debug: Type.Optional(
      Type.Boolean({ description: '`reset` and `display userid`, typed by a consumer, are obeyed; default false' }),
    ),
    web_view_api: Type.Optional(
      Type.Boolean({
        description:
          "LivePerson's Web View Integration API takes variables and messages for this bot's conversations; default false. Its key is made of two ids that pages know, so what comes through it is as trustworthy as those pages",
      }),
    ),
    outcome_messages: Type.Optional(
      Type.Record(Type.String(), Text, { description: 'Own sentences for outcomes or groups of outcomes' }),
    ),
    global_functions: Type.Optional(Code),
    intents: Type.Optional(Type.Array(Intent, { maxItems: 500 })),
    entities: Type.Optional(Type.Array(Entity, { maxItems: 200 })),
    recogniser: Type.Optional(Recogniser),
    agents: Type.Optional(
      Type.Object(
        {
          integration: Type.String({
            minLength: 1,
            maxLength: 200,
            description: 'The function integration that hands a conversation to people',
          }),
          fallback_skill: Type.Optional(Text),
          fallback_after_ms: Type.Optional(
            Type.Integer({
              minimum: 1_000,
              maximum: 86_400_000,
              description: 'How long people may say nothing before the fallback skill is asked; default 180000',
            }),
          ),
        },
        closed,
      ),
    ),
    dialogs: Type.Array(Dialog, { maxItems: 1_000 }),
    integrations: Type.Array(Integration, { maxItems: 1_000 }),
    imported_from: Type.Optional(
      Type.Object({ id: Type.Optional(Type.String()), name: Type.Optional(Type.String()) }, closed),
    ),
  },
  { ...closed, $id: 'errand.bot.1', title: 'Errand bot document' },
);

export type Dialog = Static<typeof Dialog>;
export type BotDocument = Static<typeof BotDocument>;
