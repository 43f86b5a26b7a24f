import { useEffect, useState } from 'preact/hooks';
import { usableShelf } from '../chat/memory.ts';
import { listOf, readJson, textOf } from '../shape.ts';
import type { TraceEntry } from '../trace/entry.ts';
import { story } from './story.ts';

const place = 'errand.start.story';

/** The steps to try. What the trace proves ticks itself, for good; the rest is ticked by hand. */
export function Story({ entries }: { entries: readonly TraceEntry[] }) {
  const [shelf] = useState(() => usableShelf([() => localStorage]));
  const [ticked, setTicked] = useState(() => new Set(listOf(readJson(shelf.getItem(place) ?? '[]'), textOf)));
  const keep = (next: Set<string>) => {
    shelf.setItem(place, JSON.stringify([...next]));
    setTicked(next);
  };
  useEffect(() => {
    const proven = story.filter((step) => !ticked.has(step.id) && step.proven(entries));
    if (proven.length) keep(new Set([...ticked, ...proven.map(({ id }) => id)]));
  }, [entries]);
  const flip = (id: string, on: boolean) => {
    const next = new Set(ticked);
    if (on) next.add(id);
    else next.delete(id);
    keep(next);
  };
  return (
    <ol class="story">
      {story.map(({ id, title, detail }) => (
        <li key={id}>
          <label>
            <input
              type="checkbox"
              checked={ticked.has(id)}
              onChange={(event) => flip(id, event.currentTarget.checked)}
            />
            <strong>{title}</strong>
            <small>{detail}</small>
          </label>
        </li>
      ))}
    </ol>
  );
}
