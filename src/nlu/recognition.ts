/** What was recognised in a text; the engine's `Understanding` has the same shape. */
export interface Recognition {
  /** The most certain first. */
  intents: RecognisedIntent[];
  /** In the order of the text. */
  entities: RecognisedEntity[];
}

export interface RecognisedIntent {
  id: string;
  name: string;
  /** 0 to 1. */
  score: number;
  rank: Rank;
}

export interface RecognisedEntity {
  entity: string;
  /** The list's value that the phrase stands for. */
  value: string;
  /** As the consumer wrote it. */
  phrase: string;
}

/** LivePerson's score ranks; the numbers are Errand's (`docs/understanding.md`). */
export type Rank = 'very_good' | 'good' | 'fair_plus' | 'fair' | 'none';

/** The least score of each rank. */
export const leastScores = { very_good: 0.85, good: 0.7, fair_plus: 0.55, fair: 0.4 } as const;

export function rankOf(score: number): Rank {
  if (score >= leastScores.very_good) return 'very_good';
  if (score >= leastScores.good) return 'good';
  if (score >= leastScores.fair_plus) return 'fair_plus';
  return score >= leastScores.fair ? 'fair' : 'none';
}
