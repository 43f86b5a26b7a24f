import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { checkDocument } from '../check.ts';
import { interactions } from '../document.ts';
import { pointer } from '../problem.ts';
import { importLivePerson } from './import-liveperson.ts';
import {
  contentMembers,
  escalationMembers,
  exportMembers,
  integrationMembers,
  interactionMembers,
  type Members,
} from './members.ts';

const text = readFileSync(new URL('./fixtures/everything.json', import.meta.url), 'utf8');
const everything = (): Record<string, unknown> => JSON.parse(text);
const { document, report } = importLivePerson(everything());

test('LP-101 LP-148 an export with every kind of interaction becomes a document without errors', () => {
  expect(checkDocument(document)).toMatchObject({ ok: true });
  const types = document.dialogs.flatMap((dialog) => dialog.interactions.map(({ type }) => type));
  expect(new Set(types)).toEqual(new Set(Object.keys(interactions)));
  expect(document.dialogs.map(({ type, enabled, threshold }) => [type, enabled, threshold])).toEqual([
    ['standard', undefined, undefined],
    ['standard', undefined, undefined],
    ['fallback', undefined, undefined],
    ['disambiguation', undefined, undefined],
    ['auto_escalation', undefined, 3],
    ['standard', false, undefined],
    ['standard', false, undefined],
  ]);
  expect(document.integrations.map(({ name, type, url }) => [name, type, url])).toEqual([
    ['Plants', 'api', 'https://api.nursery.example/plants'],
    ['Photos', 'file', 'https://api.nursery.example/photos'],
    ['Diagnose', 'function', '{$env.integration3}'],
  ]);
  expect(document).toMatchObject({
    session_length_minutes: 90,
    group: 'group-nursery',
    debug: true,
    outcome_messages: { failure: 'The greenhouse is closed just now.' },
    intents: [
      { id: 'intent-greet', name: 'greet', phrases: [] },
      { id: 'intent-water', name: 'watering', phrases: [] },
    ],
  });
});

const named = (name: string) =>
  document.dialogs.flatMap((dialog) => dialog.interactions).find((interaction) => interaction.name === name);

test('each kind keeps what it says', () => {
  expect(named('picture')).toMatchObject({ type: 'image', url: 'https://nursery.example/fern.png' });
  expect(named('offers')).toMatchObject({
    tiles: [
      {
        title: '{Plants.name}',
        subtitle: 'from {Plants.origin}',
        image: 'https://nursery.example/{Plants.name}.png',
        item_url: 'https://nursery.example/{Plants.name}',
        buttons: [{ label: 'Take it', type: 'postback', callback: 'take {Plants.name}' }],
      },
      { title: 'Something else' },
    ],
  });
  expect(named('rich')).toMatchObject({ content: expect.stringContaining('"type":"vertical"') });
  expect(named('people')).toMatchObject({
    text: 'A gardener will be with you.',
    skill: '{$botContext.skill}',
    agent: '77',
    context: true,
  });
  expect(named('pick')).toMatchObject({
    text: 'Choose your pots',
    multiple: true,
    sections: [{ title: 'Clay', items: [{ id: 'pot-1', title: 'Small pot', subtitle: '10 cm' }, { id: 'pot-2' }] }],
  });
  expect(named('when')).toMatchObject({
    title: 'Delivery',
    location: 'Your door',
    offset_minutes: 60,
    slots: [{ id: 'slot-1', start: '2026-12-01T09:00+0000', duration_minutes: 30 }, { id: 'slot-2' }],
  });
  expect(named('photo')).toMatchObject({
    integration: 'Photos',
    accept: ['png', 'jpg'],
    success: 'Got it.',
    failure: 'That went wrong.',
    progress: 'One moment.',
  });
  expect(named('film')).toMatchObject({ type: 'text', text: 'How to repot\nhttps://nursery.example/repot.mp4' });
  expect(named('sister shop')).toMatchObject({ type: 'route', bot: 'bot-sister', message: 'hello' });
  expect(named('old transfer')).toMatchObject({ type: 'transfer', skill: '4711', text: 'Fetching a gardener.' });
  expect(named('which plant')).toMatchObject({ fallback_response: 'Please name a plant.' });
});

/** Entries at a place or around it that say that it is not carried over. */
function isTold(path: string, told = report): boolean {
  const ignored = new Set(told.ignored.map((entry) => entry.path));
  const steps = path.split('/');
  return steps.some((_, at) => ignored.has(steps.slice(0, at + 1).join('/')) && at > 0);
}

interface Place {
  holder: Record<string, unknown>;
  path: string;
}

function objectsIn(value: unknown, path = ''): Place[] {
  if (typeof value !== 'object' || value === null) return [];
  const inner = Object.entries(value).flatMap(([name, one]) => objectsIn(one, pointer(path, name)));
  if (Array.isArray(value)) return inner;
  const holder: Record<string, unknown> = Object.fromEntries(Object.entries(value));
  return [{ holder, path }, ...inner];
}

/** Members that say nothing, as in `docs/import.md`; without names that say something elsewhere. */
const dropped = new Set(
  [exportMembers, integrationMembers, escalationMembers, interactionMembers, ...Object.values(contentMembers)].flatMap(
    droppedIn,
  ),
);
function droppedIn(members: Members): string[] {
  return [...(members.dropped ?? []), ...Object.values(members.inner ?? {}).flatMap(droppedIn)];
}
for (const name of ['text', 'type', 'group', 'status']) dropped.delete(name);
const isDropped = (path: string) => path.split('/').some((name) => dropped.has(name));
/** Kinds are spelled otherwise in the document. */
const kinds = /\/(interactionType|dialogType|integrationType|type|matchType)$/;

test('a member that no export had before is reported wherever it stands', () => {
  const places = objectsIn(everything()).filter(({ path }) => !isDropped(path));
  expect(places.length).toBeGreaterThan(150);
  for (const { path } of places) {
    const changed = everything();
    const holder = path
      .split('/')
      .slice(1)
      .reduce<object>((at, step) => Reflect.get(at, step), changed);
    Reflect.set(holder, 'unheardOf', 'once upon a time');
    const imported = importLivePerson(changed);
    const kept = JSON.stringify(imported.document).includes('once upon a time');
    expect(kept || isTold(`${path}/unheardOf`, imported.report), path).toBe(true);
  }
});

test('every text of the export is in the document, in the report, or in a member that says nothing', () => {
  const whole = JSON.stringify(document).toLowerCase();
  const lost = objectsIn(everything()).flatMap(({ holder, path }) =>
    Object.entries(holder).flatMap(([name, value]) => {
      const at = pointer(path, name);
      if (typeof value !== 'string' || value === '' || isDropped(at) || kinds.test(at) || isTold(at)) return [];
      const written = JSON.stringify(value.trim()).slice(1, -1).toLowerCase();
      return whole.includes(written) || codes.has(value) ? [] : [`${at}: ${value}`];
    }),
  );
  expect(lost).toEqual([]);
});

/** What the document spells otherwise or does by itself, and what the report tells in the words of another place. */
const codes = new Set([
  'INTERACTION',
  'DIALOG',
  'ANY',
  'ACTIVE',
  'ENABLED',
  'DISABLED',
  'NEW',
  'BUTTON',
  'LETTERS',
  'Responders',
  'blank',
  'self',
  'none',
  'i99',
  '+49 30 5550100',
  'CUSTOMER_FACING_BOT',
  'MESSAGING',
  'OAUTH2',
  'Gardeners',
  'r-gardeners',
  'Hello',
]);

test('the report tells of what leads nowhere', () => {
  const paths = report.approximated.map(({ path }) => path);
  expect(paths).toContain('/conversationMessage/24/responseMatches/1/action');
  expect(paths).toContain('/conversationMessage/24/preProcessMessage');
  expect(report.ignored.map(({ path }) => path)).toContain('/conversationMessage/21');
});
