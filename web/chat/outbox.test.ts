import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  accept,
  drop,
  nextToSend,
  type Outbox,
  type Outgoing,
  put,
  refuse,
  retry,
  shownText,
  unheard,
} from './outbox.ts';

const message = (id: string, made: number, after = 0): Outgoing => ({
  id,
  body: { text: id },
  made,
  after,
  state: 'waiting',
});

test('messages are sent one by one in the order they were written, however they were read back', () => {
  fc.assert(
    fc.property(fc.shuffledSubarray([message('a', 1), message('b', 2), message('c', 3)], { minLength: 3 }), (order) => {
      const outbox = order.reduce<Outbox>(put, []);
      expect(outbox.map(({ id }) => id)).toEqual(['a', 'b', 'c']);
      expect(nextToSend(outbox)?.id).toBe('a');
      expect(nextToSend(accept(outbox, 'a', 1))?.id).toBe('b');
    }),
  );
});

test('I2 the same id is one message', () => {
  expect(put(put([], message('a', 1)), message('a', 2))).toHaveLength(1);
});

test('a refused message waits for the consumer: tried again or thrown away', () => {
  const refused = refuse(put([], message('a', 1)), 'a');
  expect(nextToSend(refused)).toBeUndefined();
  expect(unheard(refused, [{ seq: 5, message_id: undefined }])).toHaveLength(1);
  expect(nextToSend(retry(refused, 'a'))?.id).toBe('a');
  expect(drop(refused, 'a')).toEqual([]);
});

test('an event of another message does not hide one that was written after it', () => {
  const heard = [5, 7].map((seq) => ({ seq, message_id: undefined }));
  expect(unheard([message('a', 1, 7)], heard)).toHaveLength(1);
});

test('an event that tells its message id hides that message and no other', () => {
  const heard = [{ seq: 8, message_id: 'b' }];
  expect(unheard([message('a', 1, 7), message('b', 2, 7)], heard).map(({ id }) => id)).toEqual(['a']);
});

test('a tap shows its label', () => {
  expect(shownText({ postback: 'p', label: 'Yes' })).toBe('Yes');
  expect(shownText({ postback: 'p' })).toBe('p');
});
