/** One round's two figures, taken one right after the other. */
export interface Round {
  ours: number;
  limit: number;
}

/** A B A B …: whatever slows the machine down for a while slows both. One round before the first is not counted. */
export async function interleave(
  count: number,
  sides: { ours: () => Promise<number>; limit: () => Promise<number> },
): Promise<Round[]> {
  const rounds: Round[] = [];
  for (let round = -1; round < count; round += 1) {
    const one = { ours: await sides.ours(), limit: await sides.limit() };
    if (round >= 0) rounds.push(one);
  }
  return rounds;
}
