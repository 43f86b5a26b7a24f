import { readFileSync } from 'node:fs';
import Type from 'typebox';
import { Compile } from 'typebox/compile';
import { expect, test } from 'vitest';
import { checkDocument } from './check.ts';
import { botJsonSchema } from './json-schema.ts';

const plain = { format: 'errand.bot/1', name: 'Bot', dialogs: [], integrations: [] };
const orders = {
  id: 'i',
  name: 'Orders',
  type: 'api',
  method: 'GET',
  url: 'https://api.example/orders',
  response_variable: 'Orders',
};
const withInteractions = (...interactions: object[]) => ({
  ...plain,
  dialogs: [{ id: 'd', name: 'd', type: 'fallback', interactions }],
  integrations: [orders],
});
const text = { id: 't', name: 't', type: 'text', text: 'Hi' };
const withIntegration = (more: object) => ({ ...plain, integrations: [{ ...orders, ...more }] });

test('the demo bot has no problems', () => {
  const document: unknown = JSON.parse(
    readFileSync(new URL('../../demo/bots/order-desk.json', import.meta.url), 'utf8'),
  );
  expect(checkDocument(document)).toMatchObject({ ok: true, problems: [] });
});

test.each([
  ['no object', 7, ''],
  ['a missing name', { format: 'errand.bot/1', dialogs: [], integrations: [] }, '/name'],
  ['an unknown member', { ...plain, nmae: 'x' }, '/nmae'],
  ['dialogs that are no list', { ...plain, dialogs: {} }, '/dialogs'],
  ['an unknown interaction type', withInteractions({ ...text, type: 'txt' }), '/dialogs/0/interactions/0/type'],
  ['a member of another type', withInteractions({ ...text, text: 7 }), '/dialogs/0/interactions/0/text'],
  [
    'a question without a text',
    withInteractions({ id: 'q', name: 'q', type: 'text_question' }),
    '/dialogs/0/interactions/0/text',
  ],
  [
    'an unknown condition',
    withInteractions({ ...text, rules: [{ when: { match: 'magic' }, then: { go: 'next' } }] }),
    '/dialogs/0/interactions/0/rules/0/when/match',
  ],
  [
    'an action without a target',
    withInteractions({ ...text, next: { go: 'dialog' } }),
    '/dialogs/0/interactions/0/next/id',
  ],
  ['a rule without an action', withInteractions({ ...text, rules: [{}] }), '/dialogs/0/interactions/0/rules/0/then'],
  [
    'a member called __proto__',
    JSON.parse('{"format":"errand.bot/1","name":"Bot","dialogs":[],"integrations":[],"__proto__":{}}'),
    '/__proto__',
  ],
])('the shape: %s is an error at its own place', (_, document, path) => {
  const checked = checkDocument(document);
  expect(checked.ok).toBe(false);
  expect(checked.problems.map((problem) => problem.path)).toContain(path);
});

test.each([
  ['two interactions with one id', withInteractions(text, { ...text, name: 'other' }), '/dialogs/0/interactions/1/id'],
  [
    'two integrations of one name',
    { ...plain, integrations: [orders, { ...orders, id: 'j' }] },
    '/integrations/1/name',
  ],
  [
    'a next interaction that is not there',
    withInteractions({ ...text, next: { go: 'interaction', id: 'x' } }),
    '/dialogs/0/interactions/0/next/id',
  ],
  [
    'a dialog that is not there',
    withInteractions({ ...text, rules: [{ then: { go: 'dialog', id: 'x' } }] }),
    '/dialogs/0/interactions/0/rules/0/then/id',
  ],
  [
    'a starter in the middle',
    withInteractions(text, { id: 's', name: 's', type: 'starter' }),
    '/dialogs/0/interactions/1',
  ],
  [
    'an integration that is not there',
    withInteractions({ id: 'c', name: 'c', type: 'integration', integration: 'x' }),
    '/dialogs/0/interactions/0/integration',
  ],
  [
    'a pattern with too many stars',
    withInteractions({ id: 's', name: 's', type: 'starter', patterns: ['hi', '*a'.repeat(21)] }),
    '/dialogs/0/interactions/0/patterns/1',
  ],
  [
    'a pattern that is too long',
    withInteractions({
      ...text,
      rules: [{ when: { match: 'pattern', patterns: ['a'.repeat(501)] }, then: { go: 'end' } }],
    }),
    '/dialogs/0/interactions/0/rules/0/when/patterns/0',
  ],
  [
    'an exclude keyword with too many stars',
    withInteractions({ id: 's', name: 's', type: 'starter', patterns: ['hi'], exclude: ['*a'.repeat(21)] }),
    '/dialogs/0/interactions/0/exclude/0',
  ],
  [
    'too many characters in all patterns together',
    withInteractions({
      id: 's',
      name: 's',
      type: 'starter',
      patterns: Array.from({ length: 450 }, () => 'a'.repeat(450)),
    }),
    '/dialogs',
  ],
  [
    'a pattern that does not parse',
    withInteractions({ id: 's', name: 's', type: 'starter', patterns: ['hi', '(hi'] }),
    '/dialogs/0/interactions/0/patterns/1',
  ],
  [
    'a regular expression that does not parse',
    withInteractions({ ...text, rules: [{ when: { match: 'regex', regex: '(' }, then: { go: 'next' } }] }),
    '/dialogs/0/interactions/0/rules/0/when/regex',
  ],
  [
    'a misspelt outcome',
    withInteractions({ ...text, rules: [{ when: { match: 'outcome', outcome: 'refused' }, then: { go: 'next' } }] }),
    '/dialogs/0/interactions/0/rules/0/when/outcome',
  ],
  ['a sentence for a misspelt outcome', { ...plain, outcome_messages: { 'a/b': 'x' } }, '/outcome_messages/a~1b'],
  ['a URL that is none', withIntegration({ url: 'ftp://x' }), '/integrations/0/url'],
])('%s is an error', (_, document, path) => {
  const checked = checkDocument(document);
  expect(checked.ok).toBe(false);
  expect(checked.problems).toContainEqual({ severity: 'error', path, message: expect.any(String) });
});

const jwt = ['eyJhbGciOiJSUzI1NiJ9', 'eyJzdWIiOiJtaWEifQ0', 'c2ln'].join('.');
test.each(['Bearer 0a1b2c3d4e5f6a7b8c9d', `token ${jwt}`, 'Basic bWlhOm1pYS1kZW1vMTIz'])(
  'a pasted real-looking token is an error wherever it is: %s',
  (value) => {
    const checked = checkDocument(withIntegration({ headers: [{ key: 'Authorization', value }] }));
    expect(checked.ok).toBe(false);
    expect(checked.problems[0]?.path).toBe('/integrations/0/headers/0/value');
    expect(JSON.stringify(checked.problems)).not.toContain(value);
  },
);

test('expressions and ordinary sentences are not taken for tokens', () => {
  const fine = withIntegration({
    headers: [{ key: 'Authorization', value: 'Bearer {$botContext.cidp_accessToken}' }],
    description: 'Basic responsibilities',
    credential: 'c',
  });
  expect(checkDocument(fine)).toMatchObject({ ok: true });
});

test('the parts of the recipe that belong together are missed where they are missing', () => {
  const login = {
    id: 'l',
    name: 'l',
    type: 'button_question',
    text: 'Verify',
    buttons: [{ label: 'Login', type: 'link', callback: '{$botContext.external_auth_url}' }],
  };
  const failure = { when: { match: 'api_result', status: 'failure' }, then: { go: 'interaction', id: 'l' } };
  const call = { id: 'c', name: 'c', type: 'integration', integration: 'Orders', rules: [failure] };
  const header = { headers: [{ key: 'Authorization', value: 'Bearer {$botContext.cidp_accessToken}' }] };
  const paths = (document: object) =>
    checkDocument(document).problems.map(({ severity, path }) => `${severity} ${path}`);
  const credential = { ...orders, credential: 'Brand' };
  expect(paths({ ...withInteractions(login, { ...call, rules: [] }), integrations: [credential] })).toEqual([
    'warning /dialogs/0/interactions/0',
    'warning /integrations/0/headers',
  ]);
  expect(paths({ ...withInteractions(call, login), integrations: [{ ...credential, ...header }] })).toEqual([
    'warning /dialogs/0/interactions/0/pre_process',
  ]);
  expect(paths({ ...withInteractions(call, login), integrations: [{ ...orders, ...header }] })).toContain(
    'warning /integrations/0/credential',
  );
});

test('a document beyond its bounds is refused before it is looked at', () => {
  let deep: unknown = 'x';
  for (let level = 0; level < 100_000; level++) deep = [deep];
  expect(checkDocument(deep)).toMatchObject({
    ok: false,
    problems: [{ path: '', message: expect.stringContaining('nested') }],
  });
  expect(checkDocument({ ...plain, name: 'x'.repeat(6_000_000) })).toMatchObject({
    ok: false,
    problems: [{ message: expect.stringContaining('characters') }],
  });
  expect(checkDocument({ ...plain, dialogs: Array.from({ length: 300_000 }, () => 0) })).toMatchObject({
    ok: false,
    problems: [{ message: expect.stringContaining('values') }],
  });
});

test('the JSON Schema is plain JSON with an id and a dialect', () => {
  const schema = botJsonSchema();
  expect(schema).toMatchObject({
    $schema: expect.stringContaining('2020-12'),
    $id: 'errand.bot.1',
    type: 'object',
    additionalProperties: false,
  });
  expect(JSON.parse(JSON.stringify(schema))).toEqual(schema);
  expect(JSON.stringify(schema).length).toBeLessThan(300_000);
});

test('the JSON Schema by itself, read as plain JSON, tells documents from others', () => {
  const validator = Compile(Type.Unsafe(JSON.parse(JSON.stringify(botJsonSchema()))));
  expect(validator.Check(withInteractions(text))).toBe(true);
  expect(validator.Check(withInteractions({ ...text, type: 'txt' }))).toBe(false);
  expect(validator.Check({ ...plain, more: 1 })).toBe(false);
});
