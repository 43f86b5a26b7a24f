/** What a search for near names may cost: names and letters compared, and how many names are looked for. */
const longest = 40;
const mostKnown = 500;
const mostLookups = 50;

/** ` Did you mean "…"?`, or nothing where no name is near, or where it has been asked very often. */
export type Suggest = (name: string) => string;

/** A search among these names. At most two letters off, and no more than a third of the name. */
export function suggestFrom(known: Iterable<string>): Suggest {
  let lookups = 0;
  let names: string[] | undefined;
  return (name) => {
    lookups += 1;
    if (lookups > mostLookups || name.length > longest) return '';
    names ??= [...known].filter(({ length }) => length <= longest).slice(0, mostKnown);
    const nearest = nearestName(name, names);
    return nearest === undefined ? '' : ` Did you mean "${nearest}"?`;
  };
}

function nearestName(name: string, known: readonly string[]): string | undefined {
  let best: { name: string; distance: number } | undefined;
  for (const one of known) {
    if (Math.abs(one.length - name.length) > 2) continue;
    const distance = one.toLowerCase() === name.toLowerCase() ? 0 : distanceOf(one, name);
    if (distance <= Math.min(2, name.length / 3) && (!best || distance < best.distance)) best = { name: one, distance };
  }
  return best?.name;
}

/** Letters to add, leave out, change or swap with their neighbour. */
function distanceOf(one: string, other: string): number {
  let before: number[] = [];
  let above: number[] = [];
  let row = Array.from({ length: other.length + 1 }, (_, at) => at);
  for (let i = 1; i <= one.length; i++) {
    [before, above, row] = [above, row, [i]];
    for (let j = 1; j <= other.length; j++) {
      const changed = (above[j - 1] ?? 0) + (one[i - 1] === other[j - 1] ? 0 : 1);
      const swapped = i > 1 && j > 1 && one[i - 1] === other[j - 2] && one[i - 2] === other[j - 1];
      const swap = swapped ? (before[j - 2] ?? 0) + 1 : changed;
      row.push(Math.min(changed, swap, (above[j] ?? 0) + 1, (row[j - 1] ?? 0) + 1));
    }
  }
  return row[other.length] ?? 0;
}
