import type { ExpectedMessage } from '../api/conversation-script.ts';
import type { TraceItem } from '../store/trace.ts';
import type { Coverage, Share } from './coverage.ts';
import type { Failure, ScriptRun } from './run-script.ts';

/** How a script went, in the shape that `--json` prints. `turn` counts from 1. */
export interface ScriptOutcome {
  script: string;
  passed: boolean;
  turn?: number;
  expected?: unknown;
  got?: unknown;
}

export function outcomeOf(script: string, { passed, failure }: ScriptRun): ScriptOutcome {
  if (!failure) return { script, passed };
  const { turn, expected, got } = failure;
  return { script, passed, turn, expected, got };
}

/** For people: one line, and below it what went wrong and what the trace says of it. */
export function linesOf(script: string, run: ScriptRun): string[] {
  const notes = run.notes.map((text) => `    note: ${text}`);
  if (!run.failure) return [`✓ ${script}`, ...notes];
  return [`✗ ${script}`, ...linesOfFailure(run.failure), ...notes, ...linesOfTrace(run.trace)];
}

/** A script that could not even start. */
export function linesOfBroken(script: string, problems: readonly string[]): string[] {
  return [`✗ ${script}`, ...problems.map((text) => `    ${text}`)];
}

const whats: Record<Failure['what'], string> = {
  messages: 'other messages were seen than expected',
  events: 'these events were expected, in this order',
  calls: 'these calls were expected and not made',
  tap: 'there is no such button',
};

function linesOfFailure({ turn, what, expected, got }: Failure): string[] {
  const head = what === 'calls' ? `    at the end: ${whats[what]}` : `    turn ${turn}: ${whats[what]}`;
  const [wanted, seen] = [listOf(expected), listOf(got)];
  if (what !== 'messages')
    return [head, ...wanted.map((one) => `    - ${textOf(one)}`), ...seen.map((one) => `    + ${textOf(one)}`)];
  const rows = Math.max(wanted.length, seen.length);
  return [head, ...Array.from({ length: rows }, (_, at) => rowsOf(wanted[at], seen[at])).flat()];
}

function listOf(value: unknown): unknown[] {
  return Array.isArray(value) ? value : [value];
}

/** What was expected at one place (`-`) and what came (`+`); what is the same text on both sides stands once. */
function rowsOf(expected: unknown, seen: unknown): string[] {
  const [one, other] = [textOf(expected), textOf(seen)];
  if (one === other) return [`      ${one}`];
  return [...(expected === undefined ? [] : [`    - ${one}`]), ...(seen === undefined ? [] : [`    + ${other}`])];
}

const longestLine = 2_000;

function textOf(value: unknown): string {
  const text = JSON.stringify(value as ExpectedMessage) ?? ''; // whatever it is, it came from JSON
  return text.length > longestLine ? `${text.slice(0, longestLine)}…` : text;
}

const mostTraced = 10;

/** What an author looks for first: errors of her scripts, guards that stopped a chain, notes of the platform. */
function linesOfTrace(trace: readonly TraceItem[]): string[] {
  const telling = trace.filter(
    ({ kind, level }) => kind === 'guard' || kind === 'note' || (kind === 'log' && level !== 'debug'),
  );
  return telling.slice(-mostTraced).map(({ kind, text, hook, interaction_name, line, column }) => {
    const place = [
      hook,
      interaction_name && `of "${String(interaction_name)}"`,
      line && `line ${String(line)}:${String(column ?? 1)}`,
    ];
    const where = place.filter((part) => part !== undefined && part !== '').join(' ');
    return `    ${kind}: ${String(text)}${where === '' ? '' : ` (${where})`}`;
  });
}

export function linesOfCoverage({ bot, interactions, rules }: Coverage): string[] {
  return [`${bot}:`, ...linesOfShare('interactions', interactions), ...linesOfShare('rules', rules)];
}

function linesOfShare(name: string, { reached, all, missed }: Share): string[] {
  return [`  ${name} ${reached} of ${all}`, ...missed.map((place) => `    missed: ${place}`)];
}
