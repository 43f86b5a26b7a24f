import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { scriptFunctions } from './script-functions.ts';

const prelude = ['bot-prelude.js', 'bot-answers.js', 'bot-context-service.js']
  .map((file) => readFileSync(new URL(`../sandbox/jail/${file}`, import.meta.url), 'utf8'))
  .join('\n');

test('LP-122 every function that checks know is one of the scripts', () => {
  expect(scriptFunctions.filter((name) => !new RegExp(`\\b${name}\\b`).test(prelude))).toEqual([]);
  expect(new Set(scriptFunctions).size).toBe(scriptFunctions.length);
});
