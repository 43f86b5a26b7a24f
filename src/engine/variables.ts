import type { Scope } from '../bot/document.ts';
import type { Json } from '../world/json.ts';
import { defaultText } from './default-dialogs.ts';
import { isTooDeep } from './depth.ts';
import { hideHandles, hideTokens, isTokenHandle, linkVariable, tokenVariable } from './handle.ts';
import type { EngineState, Named } from './state.ts';
import type { Facts, VariableView } from './step.ts';
import { type Lookup, namesIn } from './template.ts';
import { type Turn, trace, warn } from './turn.ts';
import { sizeOf, sizeOfAll } from './size.ts';

/** Nearest first: what was set for this request hides the dialog's, and so on. */
const nearest = ['request', 'asked', 'dialog', 'session', 'forever'] as const;
const mostNames = 1_000;
const longestName = 200;
const longestTraced = 2_000;
/** Characters of JSON: of one value, of an integration's answer (1 MB at most, and what it is wrapped in), of all. */
const longestValue = 256 * 1024;
const longestAnswer = 1_100_000;
const longestAll = 2 * 1024 * 1024;

/** The variable's value; null when unset (`reference`: unset → null). */
export function readVariable(state: EngineState, name: string): Json {
  for (const scope of nearest) {
    const named = state.variables[scope];
    if (Object.hasOwn(named, name)) return named[name] ?? null;
  }
  return null;
}

/**
 * Stores a value as LivePerson does: scalars as text, objects and lists as they are; null unsets. A value that does not
 * fit is dropped and the name is unset, so that an old value is never taken for the new one.
 */
export function setVariable(turn: Turn, set: { name: string; value: Json; scope: Scope }): void {
  const { name, scope } = set;
  const refused = whyNot(turn, set);
  if (refused !== undefined) warn(turn, `the variable "${name.slice(0, longestName)}" was not set: ${refused}`);
  const value = refused === undefined ? set.value : null;
  const variables = { ...turn.state.variables };
  for (const hiding of hidingScopes(scope, value)) variables[hiding] = without(variables[hiding], name);
  if (value !== null) variables[scope] = { ...variables[scope], [name]: asStored(value) };
  turn.state.variables = variables;
  if (refused === undefined) trace(turn, { kind: 'variable', name, scope, value: traced(value) });
}

function whyNot(turn: Turn, { name, value, scope }: { name: string; value: Json; scope: Scope }): string | undefined {
  if (name.length > longestName) return `its name is longer than ${longestName} characters`;
  if (value === null) return undefined;
  const longest = isAnswer(turn, name) ? longestAnswer : longestValue;
  const size = sizeOf(value, longest);
  if (size > longest) return `its value is longer than ${longest} characters`;
  if (isTooDeep(value)) return `its value is nested too deeply`;
  const named = turn.state.variables[scope];
  const known = Object.hasOwn(named, name);
  if (!known && Object.keys(named).length >= mostNames) return `there are already ${mostNames} variables in its scope`;
  const replaced = known ? sizeOf(named[name] ?? null, longestAnswer) : 0;
  if (size <= replaced) return undefined;
  const all = sizeOfAll(turn.state, turn.sizes) + size - replaced;
  return all > longestAll ? `all variables together would be longer than ${longestAll} characters` : undefined;
}

/** Where an integration's answer is kept: the one kind of value that may be large. */
function isAnswer({ bot }: Turn, name: string): boolean {
  return name.startsWith('api_') && bot.responseVariables.has(name.slice('api_'.length));
}

/** Scopes where an older value would hide the new one; all of them when the variable is unset. */
function hidingScopes(scope: Scope, value: Json): readonly (typeof nearest)[number][] {
  if (value === null) return nearest;
  return scope === 'request' ? ['request', 'asked'] : nearest.slice(0, nearest.indexOf(scope) + 1);
}

function traced(value: Json): Json {
  const text = JSON.stringify(value);
  return text.length > longestTraced ? `${hideTokens(text.slice(0, longestTraced))}…` : hideHandles(value);
}

/**
 * What a script or rule sets. The names the platform fills take only the genuine value, so a bot cannot be talked
 * into sending a link or a token of someone else's making.
 */
export function setByAuthor(turn: Turn, set: { name: string; value: Json; scope: Scope }): void {
  if (isGenuine(turn, set.name, set.value)) setVariable(turn, set);
  else warn(turn, `the variable "${set.name}" takes only the value the platform gave; another value was ignored`);
}

function isGenuine(turn: Turn, name: string, value: Json): boolean {
  if (value === null) return true;
  if (name === linkVariable) return value === readVariable(turn.state, linkVariable);
  if (name !== tokenVariable) return true;
  const genuine = turn.facts.token_handle;
  return genuine === undefined ? isTokenHandle(value) : value === genuine;
}

function asStored(value: Json): Json {
  return typeof value === 'object' ? value : String(value);
}

function without(named: Named, name: string): Named {
  if (!Object.hasOwn(named, name)) return named;
  const { [name]: _, ...rest } = named;
  return rest;
}

/** How expressions find their values. `$names` are the platform's and cannot be set by a bot. */
export function lookupIn({ state, facts }: { state: EngineState; facts: Facts }): Lookup {
  return (name) => {
    if (!name.startsWith('$')) return readVariable(state, name);
    if (name.startsWith('$errand.')) return defaultText(facts.locale, name);
    if (!name.startsWith('$env.')) return systemVariables({ state, facts })[name];
    const key = name.slice('$env.'.length);
    return Object.hasOwn(facts.environment, key) ? facts.environment[key] : undefined;
  };
}

/** The variables that these texts refer to and nothing else: what a call needs to be rendered elsewhere, and may see. */
export function viewFor(turn: { state: EngineState; facts: Facts }, texts: readonly string[]): VariableView {
  const lookup = lookupIn(turn);
  const names = new Set(texts.flatMap(namesIn));
  return Object.fromEntries([...names].map((name) => [name, lookup(name) ?? null]));
}

/** The bot's own variables, the nearest scope of each. Own properties only, whatever a variable is called. */
export function allVariables(state: EngineState): VariableView {
  const { request, asked, dialog, session, forever } = state.variables;
  return { ...forever, ...session, ...dialog, ...asked, ...request };
}

function systemVariables({ state, facts }: { state: EngineState; facts: Facts }): VariableView {
  return {
    $userMessage: state.heard.text,
    $query: state.heard.text,
    $quickReplyPayload: state.heard.quick_reply_payload,
    $conversationId: facts.conversation_id,
    $chatBotId: facts.bot_id,
    $chatBotUserId: facts.consumer_id,
    $chatBotUserPlatformId: facts.consumer_id,
    $firstname: firstNameIn(facts.consumer?.personal),
  };
}

function firstNameIn(personal: Json | undefined): Json {
  if (typeof personal !== 'object' || personal === null || Array.isArray(personal)) return null;
  return personal['firstname'] ?? personal['firstName'] ?? null;
}
