/** The result of a bot script as it leaves the sandbox: the same shapes as the engine's `ScriptResult`, checked. */
import Type, { type Static } from 'typebox';
import { Compile } from 'typebox/compile';
import { ContextChange } from '../bot/context-change.ts';
import { Scope } from '../bot/document.ts';
import { asksAtOnce, ScriptAsk } from './script-ask.ts';

const closed = { additionalProperties: false } as const;
const Text = Type.String({ maxLength: 20_000 });
const Texts = Type.Array(Text, { maxItems: 1_000 });
const Name = Type.String({ minLength: 1, maxLength: 200 });
const Replies = Type.Array(Type.Object({ title: Text, payload: Text }, closed), { maxItems: 10 });
const Level = Type.Union([Type.Literal('debug'), Type.Literal('warn'), Type.Literal('error')]);
const Place = Type.Optional(Type.Integer({ minimum: 0 }));

const Effect = Type.Union([
  Type.Object({ type: Type.Literal('set_variable'), name: Name, value: Type.Unknown(), scope: Scope }, closed),
  Type.Object({ type: Type.Literal('send'), text: Text }, closed),
  Type.Object({ type: Type.Literal('send_quick_replies'), text: Text, replies: Replies }, closed),
  Type.Object({ type: Type.Literal('reply_immediately'), texts: Texts }, closed),
  Type.Object({ type: Type.Literal('add_quick_replies'), replies: Replies }, closed),
  Type.Object({ type: Type.Literal('go_to'), interaction: Name }, closed),
  Type.Object({ type: Type.Literal('delay'), ms: Type.Integer({ minimum: 0, maximum: 10_000 }) }, closed),
  Type.Object({ type: Type.Literal('allow_long_text'), allow: Type.Boolean() }, closed),
  Type.Object({ type: Type.Literal('log'), level: Level, text: Text }, closed),
  Type.Object({ type: Type.Literal('custom_event'), name: Name, message: Text, detail: Type.Unknown() }, closed),
  Type.Object({ type: Type.Literal('escalation_event'), message: Text, target: Name }, closed),
  Type.Object(
    {
      type: Type.Literal('bot_transfer'),
      intent: Type.Optional(Name),
      domain: Type.Optional(Name),
      message: Type.Optional(Text),
    },
    closed,
  ),
  Type.Object({ type: Type.Literal('context'), change: ContextChange }, closed),
]);

export const BotOutput = Type.Object(
  {
    effects: Type.Array(Effect, { maxItems: 1_000 }),
    error: Type.Optional(
      Type.Object(
        {
          kind: Type.Union([Type.Literal('thrown'), Type.Literal('syntax')]),
          message: Text,
          /** Which of the author's texts the place counts in. */
          in: Type.Optional(Type.Union([Type.Literal('code'), Type.Literal('globals')])),
          line: Place,
          column: Place,
        },
        closed,
      ),
    ),
    /** What the script has to know before it can go on: it is run again with the answer, and has done nothing so far. */
    asks: Type.Optional(Type.Array(ScriptAsk, { maxItems: asksAtOnce })),
  },
  closed,
);

export type BotOutput = Static<typeof BotOutput>;

export const botOutput = Compile(BotOutput);

export const regexOutput = Compile(
  Type.Object(
    { matched: Type.Array(Type.Union([Type.Boolean(), Type.String()])), notes: Type.Array(Type.String()) },
    closed,
  ),
);
