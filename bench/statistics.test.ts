import { describe, expect, it } from 'vitest';
import { difference, median, percentile, ratio } from './statistics.ts';

describe('the statistics of the bench', () => {
  it('takes the middle, and the mean of the two middles', () => {
    expect(median([9, 1, 5])).toBe(5);
    expect(median([4, 1, 3, 2])).toBe(2.5);
    expect(median([7])).toBe(7);
    expect(median([])).toBeNaN();
  });

  it('finds percentiles between values, sorting numbers as numbers', () => {
    const hundred = Array.from({ length: 101 }, (_, i) => 100 - i);
    expect(percentile(hundred, 99)).toBe(99);
    expect(percentile([10, 9], 95)).toBeCloseTo(9.95);
    expect(percentile([1, 2, 3], 100)).toBe(3);
  });

  it('leaves what it is given as it is', () => {
    const values = [3, 1, 2];
    median(values);
    expect(values).toEqual([3, 1, 2]);
  });

  it('compares round by round: a slow moment of the machine does not move the ratio', () => {
    const rounds = [
      { ours: 50, limit: 100 },
      { ours: 5, limit: 10 },
      { ours: 60, limit: 100 },
    ];
    expect(ratio(rounds)).toBe(0.5);
    expect(ratio([...rounds, { ours: 1, limit: 1_000 }, { ours: 90, limit: 100 }])).toBe(0.5);
    expect(difference(rounds)).toBe(-40);
  });
});
