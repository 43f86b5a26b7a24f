import { useMemo, useRef, useState } from 'preact/hooks';
import { CopyButton } from '../copy-button.tsx';
import { useFollow } from '../follow.ts';
import { textOf } from '../shape.ts';
import './trace.css';
import { CallCard } from './call-card.tsx';
import { describe, type Group, groupOfEntry, groups } from './describe.ts';
import { type TraceEntry, type TraceTurn, turnsOf } from './entry.ts';
import { SignInTimeline } from './sign-in-timeline.tsx';

export interface TraceProps {
  /** By rising number; see `merge`. */
  entries: readonly TraceEntry[];
  /** Shown while there is nothing to see yet. */
  empty: string;
}

/** A conversation's trace, turn by turn: what matched, what scripts said, each call, each sign-in. */
export function Trace({ entries, empty }: TraceProps) {
  const [only, setOnly] = useState<Group>();
  const shown = useMemo(() => entries.filter((entry) => !only || groupOfEntry(entry) === only), [entries, only]);
  const turns = useMemo(() => turnsOf(shown), [shown]);
  const titles = useMemo(() => new Map(turnsOf(entries).map(({ turn, title }) => [turn, title])), [entries]);
  const scroller = useRef<HTMLDivElement>(null);
  useFollow(scroller, { count: shown.length, own: false });
  return (
    <section class="trace" aria-label="Trace">
      <Filter only={only} onPick={setOnly} />
      {/* Not a live region: the chat beside it speaks. */}
      <div class="trace-turns" ref={scroller} tabIndex={0} role="region" aria-label="Turns">
        {turns.length === 0 && <p class="trace-empty">{entries.length === 0 ? empty : 'Nothing of this kind yet.'}</p>}
        {turns.map((turn) => (
          <Turn key={turn.turn} turn={turn} title={titles.get(turn.turn) ?? turn.title} />
        ))}
      </div>
    </section>
  );
}

function Filter({ only, onPick }: { only: Group | undefined; onPick(group: Group | undefined): void }) {
  return (
    <div class="trace-filter" role="group" aria-label="Show">
      <button type="button" aria-pressed={only === undefined} onClick={() => onPick(undefined)}>
        all
      </button>
      {groups.map((group) => (
        <button
          type="button"
          key={group}
          aria-pressed={only === group}
          onClick={() => onPick(only === group ? undefined : group)}
        >
          {group}
        </button>
      ))}
    </div>
  );
}

function Turn({ turn, title }: { turn: TraceTurn; title: string }) {
  return (
    <details class="trace-turn" open>
      <summary>
        <span class="trace-turn-number">Turn {turn.turn}</span>
        <span class="trace-turn-title">
          <bdi>{title}</bdi>
        </span>
        {turn.at !== undefined && <time>{new Date(turn.at).toLocaleTimeString('en-GB')}</time>}
        <span class="trace-ms">{turn.ms} ms</span>
        <CopyButton what={`turn ${turn.turn} as JSON`} text={JSON.stringify(turn.entries, null, 2)} />
      </summary>
      <ol>
        {runs(turn.entries).map((run) => (
          <Run key={run[0].n} run={run} since={turn.at} />
        ))}
      </ol>
    </details>
  );
}

type NonEmpty<T> = [T, ...T[]];

function Run({ run, since }: { run: NonEmpty<TraceEntry>; since: number | undefined }) {
  const [entry] = run;
  if (entry.kind === 'sign_in') return <SignInTimeline entries={run} />;
  if (entry.kind === 'call') return <CallCard entry={entry} />;
  if (entry.kind === 'variable' && run.length > 1) return <Variables run={run} since={since} />;
  return <Entry entry={entry} since={since} />;
}

/** A call sets many variables at once: their names in one line, their values behind it. */
function Variables({ run, since }: { run: NonEmpty<TraceEntry>; since: number | undefined }) {
  return (
    <li class="trace-variables">
      <details>
        <summary>
          <span class="trace-label">Variables</span>
          <span class="trace-names">{run.map(({ fields }) => textOf(fields['name'])).join(', ')}</span>
        </summary>
        <ol>
          {run.map((entry) => (
            <Entry key={entry.n} entry={entry} since={since} />
          ))}
        </ol>
      </details>
    </li>
  );
}

function Entry({ entry, since }: { entry: TraceEntry; since: number | undefined }) {
  const { label, text, detail, tone } = describe(entry);
  const after = since !== undefined && entry.at !== undefined ? entry.at - since : undefined;
  return (
    <li class={`trace-entry ${tone} of-${groupOfEntry(entry)}`}>
      <span class="trace-label">{label}</span>
      <span class="trace-text">
        <bdi>{text}</bdi>
        {detail && <small>{detail}</small>}
      </span>
      {after !== undefined && after > 0 && <span class="trace-ms">+{after} ms</span>}
    </li>
  );
}

/** Entries one by one, but the steps of one sign-in together, and variables that were set in a row. */
function runs(entries: TraceEntry[]): NonEmpty<TraceEntry>[] {
  const list: NonEmpty<TraceEntry>[] = [];
  for (const entry of entries) {
    const open = list.at(-1);
    const same = open !== undefined && belongs(entry, open[0]);
    if (same) open?.push(entry);
    else list.push([entry]);
  }
  return list;
}

function belongs(entry: TraceEntry, before: TraceEntry): boolean {
  if (entry.kind !== before.kind) return false;
  return (
    entry.kind === 'variable' ||
    (entry.kind === 'sign_in' && entry.fields['attempt_id'] === before.fields['attempt_id'])
  );
}
