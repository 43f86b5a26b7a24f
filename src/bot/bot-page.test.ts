import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { BotDocument, Condition, Dialog, interactions } from './document.ts';

const page = readFileSync(new URL('../../docs/bot-document.md', import.meta.url), 'utf8');
const missing = (names: readonly string[]) => names.filter((name) => !page.includes(`\`${name}\``));

test('the page of the bot document names every member, every type and every match there is', () => {
  expect(missing(Object.keys(BotDocument.properties).filter((name) => name !== 'format'))).toEqual([]);
  expect(missing(Object.keys(interactions))).toEqual([]);
  expect(missing(Condition.anyOf.map(({ properties }) => properties.match.const))).toEqual([]);
  expect(missing(Dialog.properties.type.anyOf.map((type) => type.const))).toEqual([]);
  const ofInteractions = Object.values(interactions).flatMap(({ properties }) => Object.keys(properties));
  const said = new Set(['id', 'name', 'type', 'imported_type', 'replies_per_row', 'display', 'list_style', 'location']);
  expect(missing([...new Set(ofInteractions)].filter((name) => !said.has(name)))).toEqual([]);
});
