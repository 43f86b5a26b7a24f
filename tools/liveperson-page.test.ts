import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';

const root = join(import.meta.dirname, '..');
const page = readFileSync(join(root, 'docs/liveperson.md'), 'utf8');

const states = ['works', 'differs on purpose', 'not yet'];

/** Rows of the page's tables: number, what is stated and by whom, how it stands, proof or reason. */
const rows = page
  .split('\n')
  .filter((line) => /^\| \d+ \|/.test(line))
  .map((line) => {
    const [, number = '', source = '', , state = '', why = ''] = line.split(/(?<!\\)\|/).map((cell) => cell.trim());
    return { number: Number(number), source, state, why };
  });

/** `file`: test title in quotes, or without one a title with this statement's number. */
function unproven({ number, state, why }: (typeof rows)[number]): string[] {
  const proofs = [...why.matchAll(/`([^`]+\.test\.tsx?)`(?: “([^”]+)”)?/g)];
  return proofs.flatMap(([whole, file = '', title]) => {
    const path = join(root, file);
    if (!existsSync(path)) return [`${number}: there is no ${file}`];
    if (state !== 'works' && title === undefined) return [];
    const text = readFileSync(path, 'utf8').replaceAll("\\'", "'");
    const wanted = title === undefined ? new RegExp(`\\bLP-${number}\\b`) : title;
    return (typeof wanted === 'string' ? text.includes(wanted) : wanted.test(text)) ? [] : [`${number}: ${whole}`];
  });
}

test('the page has each of the 160 statements once, in order', () => {
  expect(rows.map(({ number }) => number)).toEqual(Array.from({ length: 160 }, (_, at) => at + 1));
  for (const { number, state } of rows) expect([number, states.includes(state)]).toEqual([number, true]);
});

test('what works names its test, and every test named is there under that name', () => {
  const bare = rows
    .filter(({ state, why }) => state === 'works' && !why.includes('.test.ts'))
    .map(({ number }) => number);
  expect(bare).toEqual([]);
  expect(rows.flatMap(unproven)).toEqual([]);
});

test('what differs or is not there yet says why; of the seed nothing is missing', () => {
  const others = rows.filter(({ state }) => state !== 'works');
  expect(others.filter(({ why }) => why.length < 20).map(({ number }) => number)).toEqual([]);
  expect(rows.filter(({ source, state }) => source === 'seed' && state === 'not yet')).toEqual([]);
});
