/** What a script says, without running it: read with a parser as the classic script it runs as. */
import type { AnyNode } from 'acorn';
import { type Allowance, mostOfDocument, parseWithin, TooLarge } from './bounded-parser.ts';
import { withTodaysLoops } from './old-loops.ts';
import { jumpFunction, variableFunctions } from './script-functions.ts';

export interface PlaceInScript {
  /** From 1. */
  line: number;
  column: number;
}

export interface NamedInScript extends PlaceInScript {
  name: string;
}

export interface ScriptFacts {
  /** Functions of `botContext` that are named, called or not. */
  functions: NamedInScript[];
  /** Interactions that the script jumps to by a fixed name. */
  targets: NamedInScript[];
  /** Whether it also jumps by a name that it makes up. */
  jumpsAnywhere: boolean;
  /** Variables it sets by a fixed name. */
  sets: string[];
  /** Whether it also sets, or may set, others: by a name that it makes up, or by handing `botContext` on. */
  setsAny: boolean;
  /** Every fixed text and member name in it, but those it reads variables by. */
  words: ReadonlySet<string>;
}

export type ReadScript = { ok: true; facts: ScriptFacts } | (Fault & { ok: false });

interface Fault extends PlaceInScript {
  message: string;
  /** It was not looked at: it may be well. */
  unread?: true;
}

/** A script that does not parse is read as the jail then runs it: with today's loops. Scripts may share an allowance. */
export function readScript(code: string, allowance: Allowance = { left: mostOfDocument }): ReadScript {
  const read = readAsIs(code, allowance);
  const today = read.ok || read.unread ? code : withTodaysLoops(code);
  return today === code ? read : readAsIs(today, allowance);
}

function readAsIs(code: string, allowance: Allowance): ReadScript {
  try {
    return { ok: true, facts: factsOf(parseWithin(allowance, code)) };
  } catch (thrown) {
    return { ok: false, ...faultOf(code, thrown) };
  }
}

/** A parser that is nested too deep runs out of its stack: that is a fault of the script, too. */
function faultOf(code: string, thrown: unknown): Fault {
  if (thrown instanceof TooLarge) return { message: 'It is too large to be read', line: 1, column: 1, unread: true };
  if (!(thrown instanceof SyntaxError) || !('loc' in thrown))
    return { message: 'It is nested too deeply', line: 1, column: 1 };
  const { line, column } = placeIn(thrown.loc);
  const given = code.split('\n')[line - 1] ?? '';
  const message = /\bfor\s+each\b/.test(given)
    ? 'only loops of the form "for each (x in list)" are read: write for (const one of list)'
    : withoutPlace(thrown.message);
  return { message, line, column: column + 1 };
}

const longestMessage = 200;

/** Acorn ends with the place, and may quote a whole regular expression before it says what is wrong with it. */
function withoutPlace(message: string): string {
  const said = message.slice(0, message.lastIndexOf(' ('));
  return said.length <= longestMessage ? said : `${said.slice(0, 100)} … ${said.slice(-100)}`;
}

function placeIn(loc: unknown): PlaceInScript {
  const at = (name: string): number => Number(Reflect.get(Object(loc), name)) || 0;
  return { line: at('line') || 1, column: at('column') };
}

interface Reading extends ScriptFacts {
  words: Set<string>;
  /** Nodes that are no words: names of variables that are read. */
  passed: Set<AnyNode>;
}

/** Without recursion, so that no nesting can exhaust the stack. */
function factsOf(program: AnyNode): ScriptFacts {
  const reading: Reading = {
    functions: [],
    targets: [],
    jumpsAnywhere: false,
    sets: [],
    setsAny: false,
    words: new Set(),
    passed: new Set(),
  };
  const open: AnyNode[] = [program];
  for (let node = open.pop(); node; node = open.pop()) {
    look(reading, node);
    for (const value of Object.values(node)) for (const inner of nodesIn(value)) open.push(inner);
  }
  return reading;
}

function nodesIn(value: unknown): AnyNode[] {
  return Array.isArray(value) ? value.filter(isNode) : isNode(value) ? [value] : [];
}

function look(reading: Reading, node: AnyNode): void {
  if (node.type === 'Literal' && typeof node.value === 'string' && !reading.passed.has(node))
    reading.words.add(node.value);
  if (node.type === 'TemplateElement' && node.value.cooked) reading.words.add(node.value.cooked);
  if (node.type === 'Property' && node.key.type === 'Identifier') reading.words.add(node.key.name);
  if (node.type === 'MemberExpression') lookAtMember(reading, node);
  if (node.type === 'CallExpression') lookAtCall(reading, node);
  if (isBotContext(node) && !reading.passed.has(node)) reading.setsAny = true;
}

function isBotContext(node: AnyNode): boolean {
  return node.type === 'Identifier' && node.name === 'botContext';
}

/** `botContext.<name>`; anything else that is done with `botContext` may be anything. */
function lookAtMember(reading: Reading, node: Extract<AnyNode, { type: 'MemberExpression' }>): void {
  if (node.property.type === 'Identifier' && !node.computed) reading.words.add(node.property.name);
  const name = functionOf(node);
  if (name === undefined) return;
  reading.passed.add(node.object);
  reading.functions.push({ name, ...startOf(node.property) });
}

function functionOf(node: AnyNode): string | undefined {
  if (node.type !== 'MemberExpression' || !isBotContext(node.object)) return undefined;
  if (!node.computed && node.property.type === 'Identifier') return node.property.name;
  return node.property.type === 'Literal' && typeof node.property.value === 'string' ? node.property.value : undefined;
}

function lookAtCall(reading: Reading, node: Extract<AnyNode, { type: 'CallExpression' }>): void {
  const name = functionOf(node.callee);
  const first = node.arguments[0];
  if (!first) return;
  const text = first.type === 'Literal' && typeof first.value === 'string' ? first.value : undefined;
  if (name === variableFunctions.set) {
    if (text === undefined) reading.setsAny = true;
    else reading.sets.push(text);
  } else if (name === variableFunctions.get) {
    reading.passed.add(first);
  } else if (name === jumpFunction) {
    if (text === undefined) reading.jumpsAnywhere = true;
    else reading.targets.push({ name: text, ...startOf(first) });
  }
}

function startOf(node: AnyNode): PlaceInScript {
  const { line, column } = placeIn(node.loc?.start);
  return { line, column: column + 1 };
}

function isNode(value: unknown): value is AnyNode {
  return (
    typeof value === 'object' && value !== null && 'type' in value && 'start' in value && typeof value.type === 'string'
  );
}
