import { median } from './statistics.ts';
import type { Round } from './rounds.ts';

/** Figures as people read them. */
export const perSecond = (rate: number) => `${Math.round(rate).toLocaleString('en')}/s`;
export const ms = (time: number) => `${time.toFixed(time < 10 ? 2 : 0)} ms`;
export const kb = (bytes: number) => `${(bytes / 1_024).toFixed(1)} KB`;
export const mb = (bytes: number) => `${Math.round(bytes / 1_048_576)} MB`;

/** The medians of both sides. */
export function medians(rounds: readonly Round[], print: (figure: number) => string): { ours: string; limit: string } {
  return { ours: print(median(rounds.map((r) => r.ours))), limit: print(median(rounds.map((r) => r.limit))) };
}
