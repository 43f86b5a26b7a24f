import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { rehearsing } from './script.test-parts.ts';

const { run } = rehearsing();

/** Exports of the kinds people build, and conversations with them. */
const ours = join(import.meta.dirname, 'fixtures');
/** Real bots and conversations, where they are at hand; they are nobody's to copy here. */
const corpus = join(import.meta.dirname, '../../../shared/corpus/scripts');

const read = (file: string): { bot: string } & object => JSON.parse(readFileSync(file, 'utf8'));
const filesIn = (folder: string, ending: string): string[] =>
  existsSync(folder) ? readdirSync(folder).filter((name) => name.endsWith(ending)) : [];

async function failureOf(folder: string, name: string) {
  const script = read(join(folder, name));
  const { passed, failure, notes } = await run(read(join(folder, script.bot)), script);
  return passed ? undefined : { failure, notes };
}

test.each(filesIn(ours, '.script.json'))('%s', async (name) => {
  expect(await failureOf(ours, name)).toBeUndefined();
});

// Without them there is no test here, and none that is skipped.
test.each(filesIn(corpus, '.json'))('the corpus: %s', async (name) => {
  expect(await failureOf(corpus, name)).toBeUndefined();
});
