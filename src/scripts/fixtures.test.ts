import { readdirSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { rehearsing } from './script.test-parts.ts';

const { run } = rehearsing();
const folder = new URL('./fixtures/', import.meta.url);
const read = (name: string): { bot: string; title: string } & object =>
  JSON.parse(readFileSync(new URL(name, folder), 'utf8'));

/** Exports of the kinds people build, and conversations with them. */
const scripts = readdirSync(folder).filter((name) => name.endsWith('.script.json'));

test.each(scripts)('%s', async (name) => {
  const script = read(name);
  const { passed, failure, notes } = await run(read(script.bot), script);
  expect({ passed, failure, notes: passed ? [] : notes }).toEqual({ passed: true, failure: undefined, notes: [] });
});
