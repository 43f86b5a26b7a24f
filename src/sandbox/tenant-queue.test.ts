import { expect, test } from 'vitest';
import { createTenantQueue } from './tenant-queue.ts';

function filled(...items: string[]) {
  const queue = createTenantQueue<string>();
  for (const item of items) queue.push({ tenant: item.charAt(0), lane: item.charAt(1) }, item);
  return queue;
}

function emptied(queue: ReturnType<typeof filled>): string[] {
  const order: string[] = [];
  for (let next = queue.shift(); next !== undefined; next = queue.shift()) order.push(next);
  return order;
}

test('tenants take turns, and within a tenant its lanes', () => {
  expect(emptied(filled('A1a', 'A1b', 'A1c', 'A2a', 'B1a', 'B1b'))).toEqual(['A1a', 'B1a', 'A2a', 'B1b', 'A1b', 'A1c']);
});

test('a tenant that may not be served keeps its turn for later', () => {
  const queue = filled('A1a', 'A1b', 'B1a');
  expect(queue.shift((tenant) => tenant !== 'A')).toBe('B1a');
  expect(queue.shift((tenant) => tenant !== 'A')).toBeUndefined();
  expect([queue.size, queue.tenants, queue.sizeOf('A'), queue.sizeOf('B')]).toEqual([2, 1, 2, 0]);
  expect(emptied(queue)).toEqual(['A1a', 'A1b']);
});
