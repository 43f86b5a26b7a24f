/** One run of a bot author's code: global functions first, then the hook's own code, in one realm. */
import type { JSValueHandle } from 'quickjs-wasi';
import { withTodaysLoops } from '../../bot/old-loops.ts';
import type { BotRequest } from './protocol.ts';
import type { Realm } from './realm.ts';

const globalsFile = 'globals';
const codeFile = 'code';
/** LivePerson's pages know both names; bots have the first one. */
const startSession = `if (typeof __initConversation === 'function') __initConversation();
else if (typeof initConversation === 'function') initConversation();`;

/** @returns JSON text of `{ effects, asks?, error? }` */
export function runBot(realm: Realm, request: BotRequest): string {
  const { code, globals, hook, scope, known } = request.input;
  realm.begin(request.limit_ms, request.now);
  const texts = { ...variableTexts(scope), source: sourceFor(globals, code) };
  realm.call('begin', JSON.stringify({ ...scope, ...texts, seed: request.seed, known }));
  // What global functions declare is there although their text stopped half way.
  const inGlobals = evaluate(realm, globals, globalsFile);
  const inCode = evaluate(realm, code, codeFile);
  const thrown =
    inGlobals ?? inCode ?? (hook === 'init' ? realm.evaluate(startSession, 'init') : undefined) ?? realm.settle();
  const error = thrown && errorOf(realm, thrown);
  return `{${realm.call('finish')}${error ? `,"error":${JSON.stringify(error)}` : ''}}`;
}

/** Text that does not parse and has old loops is run with today's, place by place. */
function evaluate(realm: Realm, code: string, file: string): JSValueHandle | undefined {
  const thrown = realm.evaluate(code, file);
  if (!thrown || errorOf(realm, thrown)?.kind !== 'syntax') return thrown;
  const today = withTodaysLoops(code);
  return today === code ? thrown : realm.evaluate(today, file);
}

/** What the author has written, where the prelude looks for names in it. */
function sourceFor(globals: string, code: string): string {
  return [globals, code].some((text) => text.includes('ContextData')) ? `${globals}\n${code}` : '';
}

/** Variables travel as JSON texts: a script parses those it reads, and changes none by accident. */
function variableTexts(scope: Record<string, unknown>) {
  return { variables: textOfEach(scope.variables), web_view_variables: textOfEach(scope.web_view_variables) };
}

function textOfEach(values: unknown): Record<string, string> {
  return Object.fromEntries(Object.entries(values ?? {}).map(([name, value]) => [name, JSON.stringify(value)]));
}

function errorOf(realm: Realm, thrown: JSValueHandle) {
  const text = realm.call('describe', thrown);
  if (text === '') return undefined;
  const { message, stack } = readDescription(text);
  // A syntax error has no function around its place; one thrown by running code has.
  const syntax = message.startsWith('SyntaxError') && /^\s*at (?:code|globals):/.test(stack);
  return { kind: syntax ? 'syntax' : 'thrown', message, ...placeIn(stack) };
}

/** The innermost place in the author's own text. */
function placeIn(stack: string) {
  const place = /\b(code|globals):(\d{1,6}):(\d{1,6})/.exec(stack);
  return place ? { in: place[1], line: Number(place[2]), column: Number(place[3]) } : {};
}

function readDescription(text: string): { message: string; stack: string } {
  const value: unknown = JSON.parse(text);
  if (typeof value !== 'object' || value === null) return { message: 'unknown', stack: '' };
  return {
    message: 'message' in value ? String(value.message) : 'unknown',
    stack: 'stack' in value ? String(value.stack) : '',
  };
}
