import { describe, expect, test } from 'vitest';
import type { Answer, EgressFailure } from '../egress/egress.ts';
import { callResultOf, outcomeOf } from './outcome-of.ts';

const answer = (status: number): Answer => ({ status, headers: {}, body: 'text' });
const failure = (failed: 'timed_out' | 'broken' | 'too_large', sent: boolean): EgressFailure => ({
  failed,
  reason: '',
  sent,
});

describe('outcomeOf', () => {
  test.each([
    [200, 'success'],
    [201, 'success'],
    [204, 'failure'],
    [206, 'failure'],
    [302, 'failure'],
    [400, 'failure'],
    [401, 'failure'],
    [403, 'failure'],
    [404, 'failure'],
    [418, 'failure'],
    [429, 'rate_limited'],
    [500, 'unreachable'],
    [503, 'unreachable'],
  ])('UP-06: %i is %s', (status, outcome) => {
    expect(outcomeOf(answer(status), true)).toBe(outcome);
    expect(outcomeOf(answer(status), false)).toBe(outcome);
  });

  test.each(['timed_out', 'broken', 'too_large'] as const)(
    'I4, X10: %s after sending is unknown unless the call may be repeated',
    (failed) => {
      expect(outcomeOf(failure(failed, true), false)).toBe('result_unknown');
      expect(outcomeOf(failure(failed, true), true)).toBe('timed_out');
      expect(outcomeOf(failure(failed, false), false)).toBe('unreachable');
    },
  );

  test('nothing sent is unreachable or blocked', () => {
    expect(outcomeOf({ failed: 'unreachable', reason: '', sent: false }, false)).toBe('unreachable');
    expect(outcomeOf({ failed: 'blocked', reason: '', sent: false }, true)).toBe('blocked');
  });

  test('the result keeps status and text', () => {
    expect(callResultOf(answer(404), true)).toEqual({ outcome: 'failure', status: 404, body: 'text' });
    expect(callResultOf(failure('broken', true), false)).toEqual({
      outcome: 'result_unknown',
      status: null,
      body: null,
    });
  });
});
