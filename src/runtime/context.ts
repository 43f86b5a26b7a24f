import { maskHandles } from '../delegation/handles.ts';
import type { ContextChange } from '../engine/step.ts';
import { type ContextOwner, mostContextBytes, readContext } from '../store/context.ts';
import { appendTrace } from '../store/trace.ts';
import type { Json } from '../world/json.ts';
import { note, type Turn } from './turn.ts';
import { contextOwner, writeContext } from './write-context.ts';

/** Characters of JSON of one value. */
const longestValue = 64 * 1024;
const longestTraced = 2_000;
/** Between two commits of a turn: all of them are written in one transaction. */
const mostChanges = 1_000;
/** Characters of JSON of all these changes: each read of the turn goes through them. */
const longestChanges = 2 * 1024 * 1024;

/**
 * Keeps a change to the Conversation Context Service with the turn's own commit. What a script leaves there outlives
 * the conversation or is read by others, so no handle goes along: it would be worthless, and show where it came from.
 */
export function changeContext(turn: Turn, given: ContextChange): void {
  const change = withoutHandles(given);
  // Data of the conversation was erased with its end, and does not come back.
  if (turn.closed && 'of' in change && change.of !== 'global') return;
  const refused = whyNot(turn, change);
  if (refused !== undefined) return note(turn, { kind: 'log', level: 'error', text: refused });
  note(turn, { kind: 'context', op: change.op, change: traced(change) });
  if (!turn.context) writeWithTurn(turn);
  turn.context ??= { changes: [], length: 0 };
  turn.context.changes.push(change);
  turn.context.length += JSON.stringify(change).length;
}

/** All changes in one go. What found no room is known only then, and told in the trace. */
function writeWithTurn(turn: Turn): void {
  turn.writes.push(async (tx) => {
    const { conversation } = turn;
    const changes = turn.context?.changes ?? [];
    const at = turn.rooms.world.clock.now();
    const dropped = await writeContext(tx, { conversation, changes, at });
    if (dropped.length === 0) return;
    const places = dropped.slice(0, 10).map(({ namespace, name }) => `"${name}" in "${namespace}"`);
    const text = `the context service did not keep ${dropped.length} of the values set, since there is no such namespace or no room left: ${places.join(', ')}`;
    await appendTrace(tx, conversation.id, { at, entries: [{ kind: 'log', level: 'warn', text }] });
  });
}

/** A script was told of a long value before, unless it forged its result; of too many changes only the trace tells. */
function whyNot(turn: Turn, change: ContextChange): string | undefined {
  const { changes, length } = turn.context ?? { changes: [], length: 0 };
  if (changes.length >= mostChanges)
    return `a turn changes no more than ${mostChanges} things in the context service: the rest is left out`;
  if (length + JSON.stringify(change).length > longestChanges)
    return `a turn's changes in the context service are no longer than ${longestChanges} characters: the rest is left out`;
  if (change.op === 'set' && JSON.stringify(change.value).length > longestValue)
    return `a context value is longer than ${longestValue} characters`;
  return undefined;
}

/** The account's namespaces with what this turn has not committed yet. */
export function namespacesNow(turn: Turn, committed: readonly string[]): string[] {
  const names = new Set(committed);
  for (const change of turn.context?.changes ?? []) {
    if (change.op === 'register') names.add(change.namespace);
    if (change.op === 'delete_namespace') names.delete(change.namespace);
  }
  return [...names];
}

/** What an owner has in a namespace, by name, uncommitted changes of this turn included; null: there is no such one. */
export async function contextOf(
  turn: Turn,
  asked: { of: string; namespace: string; at: number },
): Promise<Record<string, Json> | null> {
  const { of, namespace, at } = asked;
  if (of !== 'global' && of !== 'user' && of !== 'conversation') return null;
  const committed = await readContext(turn.rooms.db, contextOwner(turn.conversation, of), { namespace, at });
  let values = committed === 'too_large' ? new Map<string, string>() : committed;
  for (const change of turn.context?.changes ?? [])
    if (change.namespace === namespace) values = changed(values, change, of);
  if (!values) return null;
  if (committed !== 'too_large' && bytesOf(values) <= mostContextBytes) return parsed(values);
  const text = `what the context service keeps in "${namespace}" (${of}) is larger than ${mostContextBytes} bytes and was not read`;
  note(turn, { kind: 'log', level: 'warn', text });
  return {};
}

/** JSON texts by name. */
type Values = Map<string, string>;

function changed(values: Values | undefined, change: ContextChange, of: ContextOwner['kind']): Values | undefined {
  if (change.op === 'register') return values ?? new Map();
  if (change.op === 'delete_namespace') return undefined;
  if (change.of !== of || !values) return values;
  if (change.op === 'delete_all') return new Map();
  if (change.op === 'delete') values.delete(change.name);
  else values.set(change.name, JSON.stringify(change.value));
  return values;
}

function bytesOf(values: Values): number {
  return [...values.values()].reduce((sum, text) => sum + Buffer.byteLength(text), 0);
}

/** All of them were written by `JSON.stringify`. */
function parsed(values: Values): Record<string, Json> {
  return Object.fromEntries([...values].map(([name, text]) => [name, JSON.parse(text) as Json]));
}

/** A handle has no character that JSON escapes, so masking shortens texts and leaves the JSON whole. */
function withoutHandles(change: ContextChange): ContextChange {
  const text = JSON.stringify(change);
  // The same change with shorter texts.
  return text.includes('errand:') ? (JSON.parse(maskHandles(text)) as ContextChange) : change;
}

function traced(change: ContextChange): ContextChange {
  if (change.op !== 'set') return change;
  const text = JSON.stringify(change.value);
  return text.length > longestTraced ? { ...change, value: `${text.slice(0, longestTraced)}…` } : change;
}
