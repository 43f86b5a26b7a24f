import { sentence } from '../api/sentences.ts';
import { hideTokens } from './handle.ts';
import { act } from './jump.ts';
import { send } from './message.ts';
import type { Stage } from './state.ts';
import type { Hook, Need, ScriptEffect, ScriptResult, ScriptScope } from './step.ts';
import { isScriptEffect } from './script-effect.ts';
import { obeyScript } from './system-text.ts';
import { codeOf, need, placeOf, type Turn, trace, warn } from './turn.ts';
import { allVariables, setByAuthor } from './variables.ts';

const mostEffects = 1_000;
const mostReplies = 24;
const longestDelay = 10_000;

/** Asks for an author's script; the flow goes on at `then` with its result. */
export function needScript(turn: Turn, script: { hook: Hook; code: string; then: Stage }): Need {
  return need(turn, script.then, {
    type: 'script',
    hook: script.hook,
    code: script.code,
    globals: turn.bot.document.global_functions ?? '',
    interaction: turn.flow.interaction,
    scope: scopeOf(turn),
  });
}

function scopeOf({ state, facts }: Turn): ScriptScope {
  const { token_handle: _, ...known } = facts;
  return {
    variables: allVariables(state),
    web_view_variables: state.web_view ?? {},
    environment: facts.environment,
    user_message: state.heard.text,
    metadata: state.heard.metadata ?? [],
    quick_reply_payload: state.heard.quick_reply_payload,
    button_payload: state.heard.button_payload,
    starter_intent: state.starter_intent,
    last_call: state.last_call,
    disambiguated: state.disambiguated ?? null,
    entities: state.understanding?.entities ?? [],
    file: state.file ?? null,
    facts: known,
  };
}

/** Does what the script asked for, in its order. True: the script ended the flow. */
export function applyScript(turn: Turn, result: ScriptResult): boolean {
  for (const effect of result.effects.slice(0, mostEffects)) {
    if (!isScriptEffect(effect)) warn(turn, 'a script asked for something unknown; it was ignored');
    else if (applyEffect(turn, effect)) return true;
  }
  if (!result.error) return false;
  const { message, line, column, kind } = result.error;
  trace(turn, {
    kind: 'log',
    level: 'error',
    text: `${kind}: ${message}`,
    ...where(turn),
    ...(result.error.in === 'globals' && { hook: 'global_functions' as const }),
    ...(line && { line }),
    ...(column && { column }),
  });
  if (kind !== 'unavailable') return false;
  // A hook that cannot run may be the one that checks before an operation: nothing after it may happen.
  send(turn, { text: sentence(turn.facts.locale, 'outcome.setup_error') });
  return true;
}

function applyEffect(turn: Turn, effect: ScriptEffect): boolean {
  if (effect.type === 'set_variable') setByAuthor(turn, effect);
  else if (effect.type === 'send') return say(turn, effect.text);
  else if (effect.type === 'send_quick_replies')
    send(turn, { text: effect.text, quick_replies: effect.replies.slice(0, mostReplies) });
  else if (effect.type === 'add_quick_replies')
    turn.flow = { ...turn.flow, quick_replies: [...turn.flow.quick_replies, ...effect.replies].slice(0, mostReplies) };
  else if (effect.type === 'delay')
    turn.flow = { ...turn.flow, delay_ms: Math.min(Math.max(effect.ms, 0), longestDelay) };
  else if (effect.type === 'allow_long_text') turn.flow = { ...turn.flow, allow_long_text: effect.allow };
  else if (effect.type === 'log')
    trace(turn, { kind: 'log', level: effect.level, text: hideTokens(effect.text), ...where(turn) });
  else if (effect.type === 'custom_event' || effect.type === 'escalation_event' || effect.type === 'context')
    turn.emitted.push(effect);
  else if (effect.type === 'bot_transfer') startTransferWith(turn, effect);
  else if (effect.type === 'go_to') goTo(turn, effect.interaction);
  else if (effect.type === 'reply_immediately') effect.texts.some((text) => say(turn, text));
  return effect.type === 'reply_immediately';
}

/** Kept until the next hand-over to another bot; what is said again counts. */
function startTransferWith(turn: Turn, effect: Extract<ScriptEffect, { type: 'bot_transfer' }>): void {
  const { type: _, ...start } = effect;
  turn.state.bot_transfer = { ...turn.state.bot_transfer, ...start };
}

/** A script's text is never expanded: it may hold what the consumer typed (TK-08). True: it has closed the conversation. */
function say(turn: Turn, text: string): boolean {
  const obeyed = obeyScript(turn, text, writtenCode(turn));
  if (obeyed === undefined && text.trim() !== '' && text.trim() !== 'BLANK_MESSAGE') send(turn, { text });
  if (obeyed === undefined || obeyed === 'kept') return false;
  act(turn, { go: obeyed });
  return true;
}

/** What the author wrote for the hook that runs, with the functions it may call. */
function writtenCode(turn: Turn): string {
  const { hook } = turn.flow;
  const functions = turn.bot.document.global_functions ?? '';
  if (hook === null || hook === 'init') return functions;
  const interaction = placeOf(turn)?.interaction;
  if (!interaction) return functions;
  const called = 'integration' in interaction ? turn.bot.integrations.get(interaction.integration ?? '') : undefined;
  const own = hook === 'transform' ? called?.transform : codeOf(interaction, hook);
  return `${own ?? ''}\n${functions}`;
}

function goTo(turn: Turn, name: string): void {
  const target = name === 'platform.default' ? name : turn.bot.placesByName.get(name)?.interaction.id;
  if (target === undefined) warn(turn, `setTriggerNextMessage: no interaction is called "${name}"`);
  else turn.flow = { ...turn.flow, go_to: target };
}

function where(turn: Turn): { hook?: Hook; interaction?: string } {
  const { hook, interaction } = turn.flow;
  return { ...(hook && { hook }), ...(interaction && { interaction }) };
}
