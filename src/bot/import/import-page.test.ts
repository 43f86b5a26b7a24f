import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import {
  contentMembers,
  escalationMembers,
  exportMembers,
  integrationMembers,
  interactionMembers,
  type Members,
} from './members.ts';

const page = readFileSync(new URL('../../../docs/import.md', import.meta.url), 'utf8');
const [, told = '', silent = ''] = /Reported, unless([\s\S]*?)Passed over in silence([\s\S]*)/.exec(page) ?? [];
const whole = [
  exportMembers,
  integrationMembers,
  escalationMembers,
  interactionMembers,
  ...Object.values(contentMembers),
];

function every(members: Members, pick: (one: Members) => readonly string[]): string[] {
  return [...pick(members), ...Object.values(members.inner ?? {}).flatMap((one) => every(one, pick))];
}
const missing = (text: string, names: readonly string[]) =>
  [...new Set(names)].filter((name) => !new RegExp(`[\`.]${name}\``).test(text));

test('the page of imports lists every member that is passed over, and every setting that is told', () => {
  expect(
    missing(
      silent,
      whole.flatMap((one) => every(one, ({ dropped = [] }) => dropped)),
    ),
  ).toEqual([]);
  expect(
    missing(
      told,
      whole.flatMap((one) => every(one, ({ settings = {} }) => Object.keys(settings))),
    ),
  ).toEqual([]);
});
