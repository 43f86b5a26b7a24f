import { textOf } from '../shape.ts';
import { outcomeTone } from './describe.ts';
import type { TraceEntry } from './entry.ts';

/** The steps of one sign-in that fell into one turn. */
export function SignInTimeline({ entries }: { entries: TraceEntry[] }) {
  const first = entries[0]?.at;
  return (
    <li class="trace-sign-in">
      <span class="trace-label">Sign-in</span>
      <ol>
        {entries.map((entry) => (
          <Step key={entry.n} entry={entry} first={first} />
        ))}
      </ol>
    </li>
  );
}

function Step({ entry, first }: { entry: TraceEntry; first: number | undefined }) {
  const { fields, at } = entry;
  const status = textOf(fields['status']) ?? '';
  const outcome = textOf(fields['outcome']);
  const more = [outcome === status ? undefined : outcome, textOf(fields['method']), textOf(fields['detail'])]
    .filter(Boolean)
    .join(' · ');
  const after = first !== undefined && at !== undefined ? at - first : 0;
  return (
    <li class={outcomeTone(outcome ?? (status === 'granted' ? status : ''))}>
      <span>{status.replaceAll('_', ' ')}</span>
      {more && <small>{more}</small>}
      {after > 0 && <span class="trace-ms">+{after} ms</span>}
    </li>
  );
}
