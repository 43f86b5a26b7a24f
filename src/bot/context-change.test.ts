import { Value } from 'typebox/value';
import { expect, test } from 'vitest';
import { ContextChange } from './context-change.ts';

const set = { op: 'set', of: 'user', namespace: 'shop', name: 'a', value: 1 };

test('LP-131 a change names one of three owners, and nobody’s account, consumer or conversation', () => {
  expect(Value.Check(ContextChange, set)).toBe(true);
  const more = ['account_id', 'owner_id', 'consumer_id', 'conversation_id', 'id'].map((name) => ({ [name]: 'other' }));
  const changes = [
    set,
    { op: 'delete', of: 'user', namespace: 'shop', name: 'a' },
    { op: 'delete_all', of: 'user', namespace: 'shop' },
    { op: 'register', namespace: 'shop', ttl_s: null },
    { op: 'delete_namespace', namespace: 'shop' },
  ];
  for (const change of changes) {
    expect(Value.Check(ContextChange, change)).toBe(true);
    for (const member of more) expect(Value.Check(ContextChange, { ...change, ...member })).toBe(false);
    if (!('of' in change)) continue;
    for (const of of ['other', 'user:other', '', null, ['user'], { kind: 'user', id: 'other' }])
      expect(Value.Check(ContextChange, { ...change, of })).toBe(false);
  }
});
