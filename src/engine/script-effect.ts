import Type from 'typebox';
import { Compile } from 'typebox/compile';
import { ContextChange } from '../bot/context-change.ts';
import { Scope } from '../bot/document.ts';
import { isTooDeep } from './depth.ts';

const closed = { additionalProperties: false } as const;
const Line = Type.String({ maxLength: 20_000 });
const Replies = Type.Array(Type.Object({ title: Line, payload: Line }, closed), { maxItems: 100 });

/** The shapes of `ScriptEffect`. A script shares its realm with the code that reports its effects, so what comes out is checked. */
const Effect = Type.Union([
  Type.Object({ type: Type.Literal('set_variable'), name: Type.String(), value: Type.Unknown(), scope: Scope }, closed),
  Type.Object({ type: Type.Literal('send'), text: Line }, closed),
  Type.Object({ type: Type.Literal('send_quick_replies'), text: Line, replies: Replies }, closed),
  Type.Object({ type: Type.Literal('reply_immediately'), texts: Type.Array(Line, { maxItems: 100 }) }, closed),
  Type.Object({ type: Type.Literal('add_quick_replies'), replies: Replies }, closed),
  Type.Object({ type: Type.Literal('go_to'), interaction: Type.String() }, closed),
  Type.Object({ type: Type.Literal('delay'), ms: Type.Number() }, closed),
  Type.Object({ type: Type.Literal('allow_long_text'), allow: Type.Boolean() }, closed),
  Type.Object(
    {
      type: Type.Literal('log'),
      level: Type.Union([Type.Literal('debug'), Type.Literal('warn'), Type.Literal('error')]),
      text: Line,
    },
    closed,
  ),
  Type.Object({ type: Type.Literal('custom_event'), name: Line, message: Line, detail: Type.Unknown() }, closed),
  Type.Object({ type: Type.Literal('escalation_event'), message: Line, target: Line }, closed),
  Type.Object(
    {
      type: Type.Literal('bot_transfer'),
      intent: Type.Optional(Line),
      domain: Type.Optional(Line),
      message: Type.Optional(Line),
    },
    closed,
  ),
  Type.Object({ type: Type.Literal('context'), change: ContextChange }, closed),
]);

const validator = Compile(Effect);

export function isScriptEffect(value: unknown): boolean {
  return !isTooDeep(value) && validator.Check(value);
}
