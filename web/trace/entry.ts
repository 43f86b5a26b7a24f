/** Entries of a conversation's trace, as the Account API tells them. What this version does not know is shown as it is. */
import { isRecord, numberOf, textOf } from '../shape.ts';

export interface TraceEntry {
  /** Counts up within the conversation. */
  n: number;
  turn: number;
  /** Epoch ms. */
  at: number | undefined;
  kind: string;
  /** The rest, by kind. */
  fields: Record<string, unknown>;
}

export function parseEntry(value: unknown): TraceEntry | undefined {
  if (!isRecord(value)) return undefined;
  const { n, turn, at, kind, ...fields } = value;
  const number = numberOf(n);
  if (number === undefined) return undefined;
  return { n: number, turn: numberOf(turn) ?? 0, at: timeOf(at), kind: textOf(kind) ?? 'entry', fields };
}

/** Each entry once, by rising number. */
export function merge(entries: readonly TraceEntry[], more: readonly TraceEntry[]): TraceEntry[] {
  const byNumber = new Map([...entries, ...more].map((entry) => [entry.n, entry]));
  return [...byNumber.values()].sort((a, b) => a.n - b.n);
}

/** One consumer event and everything the bot did until it waited again. */
export interface TraceTurn {
  turn: number;
  at: number | undefined;
  /** From its first entry to its last, in ms. */
  ms: number;
  /** What set it off. */
  title: string;
  entries: TraceEntry[];
}

export function turnsOf(entries: readonly TraceEntry[]): TraceTurn[] {
  const turns = new Map<number, TraceEntry[]>();
  for (const entry of entries) turns.set(entry.turn, [...(turns.get(entry.turn) ?? []), entry]);
  return [...turns].map(([turn, list]) => {
    const times = list.map(({ at }) => at).filter((at) => at !== undefined);
    const first = Math.min(...times);
    return {
      turn,
      at: times.length ? first : undefined,
      ms: times.length ? Math.max(...times) - first : 0,
      title: titleOf(list),
      entries: list,
    };
  });
}

function titleOf(entries: TraceEntry[]): string {
  const said = entries.find(({ kind, fields }) => kind === 'message' && fields['from'] === 'consumer');
  if (said) return `“${textOf(said.fields['text']) ?? ''}”`;
  const signIns = entries.filter(({ kind }) => kind === 'sign_in');
  const signIn = signIns.findLast(({ fields }) => fields['outcome'] !== undefined) ?? signIns.at(-1);
  if (signIn) return `Sign-in ${textOf(signIn.fields['outcome']) ?? textOf(signIn.fields['status']) ?? ''}`.trim();
  return 'By itself';
}

function timeOf(at: unknown): number | undefined {
  const time = numberOf(at) ?? Date.parse(textOf(at) ?? '');
  return Number.isNaN(time) ? undefined : time;
}
