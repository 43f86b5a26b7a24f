import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';

const root = join(import.meta.dirname, '..');
const page = readFileSync(join(root, 'docs/security.md'), 'utf8');

/** Rows of the page's tables: what is tried, ids, files. */
const rows = page
  .split('\n')
  .filter((line) => line.startsWith('| ') && line.includes('`'))
  .map((line) => {
    const [what = '', ids = '', files = ''] = line.split(' | ');
    return { what: what.slice(2), ids: quoted(ids), files: quoted(files) };
  });

function quoted(text: string): string[] {
  return [...text.matchAll(/`([^`]+)`/g)].map(([, inside = '']) => inside);
}

/** Whether a test of the file has the id in its title. */
function proves(file: string, id: string): boolean {
  const path = join(root, file);
  if (!existsSync(path)) return false;
  const titles = readFileSync(path, 'utf8').match(/(['"`])(?:\\.|(?!\1).)*\1/g) ?? [];
  return titles.some((title) => new RegExp(`(^|[^\\w-])${id}([^\\w-]|$)`).test(title));
}

test('the page has rows, and each names ids and test files that exist', () => {
  expect(rows.length).toBeGreaterThan(25);
  for (const { what, ids, files } of rows) {
    expect([what, ids.length > 0, files.length > 0]).toEqual([what, true, true]);
    for (const file of files) expect([file, existsSync(join(root, file))]).toEqual([file, true]);
  }
});

test('every id stands in the title of a test in its row', () => {
  const unproven = rows.flatMap(({ ids, files }) =>
    ids.filter((id) => !files.some((file) => proves(file, id))).map((id) => `${id}: ${files.join(', ')}`),
  );
  expect(unproven).toEqual([]);
});

test('the page is short enough to be read', () => {
  expect(page.split('\n').length).toBeLessThanOrEqual(200);
});
