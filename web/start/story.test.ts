import { expect, test } from 'vitest';
import { parseEntry, type TraceEntry } from '../trace/entry.ts';
import { story } from './story.ts';

const entries = (...values: object[]): TraceEntry[] =>
  values.map((value, index) => parseEntry({ n: index + 1, turn: 1, ...value })).filter((entry) => entry !== undefined);
const done = (list: TraceEntry[]) => story.filter(({ proven }) => proven(list)).map(({ id }) => id);

const offered = { kind: 'sign_in', attempt_id: 'a', status: 'offered' };
const granted = { kind: 'sign_in', attempt_id: 'a', status: 'ended', outcome: 'granted' };
const read = { kind: 'call', integration: 'Orders', request: { method: 'GET' }, outcome: 'success', steps: [] };

test('an empty trace proves nothing', () => expect(done([])).toEqual([]));

test('the main job is proven step by step', () => {
  expect(done(entries(offered))).toEqual(['ask']);
  expect(done(entries(offered, granted))).toEqual(['ask', 'sign-in']);
  expect(done(entries(offered, granted, read))).toEqual(['ask', 'sign-in', 'answer']);
});

test('a refresh, a cancelled order, a second sign-in, a refusal and an outage are seen', () => {
  const main = [offered, granted, read];
  expect(done(entries(...main, { ...read, steps: [{ what: 'refreshed' }] }))).toContain('expire');
  expect(done(entries(...main, { ...read, request: { method: 'POST' } }))).toContain('cancel');
  expect(done(entries(...main, { ...read, outcome: 'refused: needs_reauth' }, offered))).toContain('revoke');
  expect(done(entries(...main, offered))).not.toContain('revoke');
  expect(done(entries({ ...granted, outcome: 'declined' }))).toContain('refuse');
  expect(done(entries({ ...read, outcome: 'provider_unavailable' }))).toContain('outage');
});
