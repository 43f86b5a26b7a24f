/** One line of the table. */
export interface Row {
  what: string;
  against: string;
  /** Ours and the limit's figure of the same run, for people: `1,234/s`. */
  ours: string;
  limit: string;
  /** Ours compared with the limit; NaN where there is nothing to compare. */
  figure: number;
  unit: '×' | 'ms' | 'ms more' | 'KB' | 's' | 'MB' | 'refreshes';
  target: { at: 'least' | 'most' | 'exactly'; figure: number } | null;
  /** What a reader should know: percentiles, the number of rounds, where something ran. */
  note?: string;
}

export interface BenchOptions {
  /** Fewer and shorter rounds. */
  quick: boolean;
  /** Volumes that take minutes, such as a million conversations. */
  full: boolean;
}

export interface Measurement {
  name: string;
  run(options: BenchOptions): Promise<Row[]>;
}

export function isMet({ figure, target }: Row): boolean | null {
  if (target === null) return null;
  if (target.at === 'exactly') return figure === target.figure;
  return target.at === 'least' ? figure >= target.figure : figure <= target.figure;
}
