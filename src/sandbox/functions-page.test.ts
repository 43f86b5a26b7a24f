import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { openSandbox, sentBy } from './sandbox.test-parts.ts';

const sandbox = openSandbox();

test('LP-122 the page on scripts lists the functions that botContext has, and no others', async () => {
  const page = readFileSync(new URL('../../docs/scripts.md', import.meta.url), 'utf8');
  const listed = [...page.matchAll(/^\| `(\w+)\(/gm)].map(([, name]) => name);
  const code = 'botContext.sendMessages([JSON.stringify(Object.keys(botContext))]);';
  const [names = '[]'] = await sentBy(sandbox, code);
  expect(new Set(listed).size).toBe(listed.length);
  expect(listed.toSorted()).toEqual(JSON.parse(names).toSorted());
});
