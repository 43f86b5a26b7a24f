import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { expect, test } from 'vitest';
import { rehearsing } from './script.test-parts.ts';

/** Real bots and conversations, where they are at hand; they are nobody's to copy here. */
const folder = join(import.meta.dirname, '../../../shared/corpus/scripts');
const scripts = existsSync(folder) ? readdirSync(folder) : [];
const json = (file: string) => JSON.parse(readFileSync(file, 'utf8'));

const { run } = rehearsing();

test.runIf(scripts.length > 0)('the corpus passes', async () => {
  const failures: unknown[] = [];
  for (const name of scripts) {
    const file = join(folder, name);
    const script = json(file);
    const { failure } = await run(json(join(dirname(file), script.bot)), script);
    if (failure) failures.push([name, failure]);
  }
  expect(failures).toEqual([]);
});
