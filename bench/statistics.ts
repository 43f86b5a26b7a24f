/** The middle of the values: half of them are smaller. NaN of none. */
export function median(values: readonly number[]): number {
  return percentile(values, 50);
}

/** The value below which `percent` of the values lie, linear between the two nearest. NaN of none. */
export function percentile(values: readonly number[], percent: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  const place = ((sorted.length - 1) * percent) / 100;
  const [low, high] = [sorted[Math.floor(place)] ?? Number.NaN, sorted[Math.ceil(place)] ?? Number.NaN];
  return low + (high - low) * (place - Math.floor(place));
}

/**
 * The median of the rounds' own ratios. A round's two figures were measured one right after the other, so what slows the
 * machine down for a while slows both, and their ratio stands.
 */
export function ratio(rounds: readonly { ours: number; limit: number }[]): number {
  return median(rounds.map(({ ours, limit }) => ours / limit));
}

/** The same for a difference: how much more ours is. */
export function difference(rounds: readonly { ours: number; limit: number }[]): number {
  return median(rounds.map(({ ours, limit }) => ours - limit));
}
