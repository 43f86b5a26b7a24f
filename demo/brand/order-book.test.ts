import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { createOrderBook } from './order-book.ts';

let folder: string;
let file: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'brand-'));
  file = join(folder, 'orders.json');
});

afterEach(() => rmSync(folder, { recursive: true }));

// The second book is opened while the first still stands, as after a process that was killed: nothing is written later.
it('a cancelled order is cancelled for whoever opens the book next, and its key keeps its answer', () => {
  const answer = createOrderBook(file).cancelLatest({ login: 'mia', key: 'a-key' });
  const next = createOrderBook(file);
  expect(answer.status).toBe(200);
  expect(next.orders('mia')[0]).toMatchObject({ number: 'BW-20417', status: 'cancelled', cancellable: false });
  expect(next.cancelLatest({ login: 'mia', key: 'a-key' })).toEqual(answer);
  expect(next.cancelLatest({ login: 'mia' }).status).toBe(409);
  expect(next.cancels()).toEqual({ mia: 1 });
});

it('back at the first day it stays there', () => {
  const book = createOrderBook(file);
  book.cancelLatest({ login: 'mia', key: 'a-key' });
  book.reset();
  const next = createOrderBook(file);
  expect(next.orders('mia')[0]?.status).toBe('on_its_way');
  expect(next.cancelLatest({ login: 'mia', key: 'a-key' }).status).toBe(200);
});

it.each(['{"cancelled":', '{"cancelled":5}', '{"cancelled":null,"answers":null,"cancels":null}', 'null', '[]'])(
  'a file that cannot be read is the first day: %s',
  (text) => {
    writeFileSync(file, text);
    const book = createOrderBook(file);
    expect(book.orders('mia')[0]?.status).toBe('on_its_way');
    expect(book.cancelLatest({ login: 'mia', key: 'a-key' }).status).toBe(200);
  },
);
