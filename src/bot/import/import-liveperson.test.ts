import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { checkDocument } from '../check.ts';
import { importLivePerson, isLivePersonExport } from './import-liveperson.ts';

const read = (file: string): Record<string, unknown> =>
  JSON.parse(readFileSync(new URL(file, import.meta.url), 'utf8'));
const demo = read('../../../demo/bots/order-desk-recipe.json');
const seed = read('./fixtures/seed-dialog.json');
const corpus = new URL('../../../../shared/corpus/bots/', import.meta.url);

const message = (more: object) => ({ conversationMessage: [{ id: 'm', name: 'm', ...more }] });
const tile = (more: object) => ({ contentType: 'STATIC', results: { tile: { tileData: [more] } } });
const first = (json: unknown) => importLivePerson(json).document.dialogs[0]?.interactions[0];

test('an export is told from a bot document', () => {
  expect(isLivePersonExport(demo)).toBe(true);
  expect(isLivePersonExport({ format: 'errand.bot/1', dialogs: [] })).toBe(false);
  expect(isLivePersonExport(null)).toBe(false);
});

test('the recipe demo bot imports without a problem, its credential found by its import id', () => {
  const { document, report } = importLivePerson(demo, {
    credentials: [{ name: 'Mine', import_id: 'b7f6c0d2a1e94f3b8c5d6e7f8091a2b3c4d5e6f7', mode: 'recipe' }],
  });
  expect(checkDocument(document)).toMatchObject({ ok: true, problems: [] });
  expect(document.integrations.map(({ credential, risk }) => [credential, risk])).toEqual([
    ['Mine', 'read'],
    ['Mine', 'write'],
  ]);
  expect(report.ignored).toEqual([]);
  const said = /now bound|"Shall I\?"/;
  expect(report.approximated.filter(({ message }) => !said.test(message))).toEqual([]);
});

test('of two integrations of one name each interaction keeps its own', () => {
  const twins = structuredClone(demo) as { responder: { name: string }[] };
  for (const responder of twins.responder) responder.name = 'Orders';
  const { document, report } = importLivePerson(twins);
  expect(document.integrations.map(({ name, method }) => [name, method])).toEqual([
    ['Orders', 'GET'],
    ['Orders (2)', expect.not.stringMatching('GET')],
  ]);
  const run = document.dialogs.flatMap(({ interactions }) =>
    interactions.flatMap((one) => ('integration' in one ? [one.integration] : [])),
  );
  expect(new Set(run)).toEqual(new Set(['Orders', 'Orders (2)']));
  expect(report.approximated).toContainEqual({
    path: '/responder/1',
    message: 'Another integration is also called "Orders": this one is "Orders (2)".',
  });
});

test('a credential the account does not have stands as its import id', () => {
  expect(importLivePerson(demo).document.integrations[0]?.credential).toBe(
    'import:b7f6c0d2a1e94f3b8c5d6e7f8091a2b3c4d5e6f7',
  );
});

test('the dialog of the seed imports though the export has neither bot nor dialogs, and keeps the order of its links', () => {
  const { document, report } = importLivePerson(seed, {
    credentials: [
      { name: 'Brand', mode: 'recipe' },
      { name: 'Other', mode: 'managed' },
    ],
  });
  expect(checkDocument(document).ok).toBe(true);
  expect(document.dialogs).toHaveLength(1);
  expect(document.dialogs[0]?.interactions.map(({ id, type }) => [id, type])).toEqual([
    ['m1', 'starter'],
    ['m2', 'integration'],
    ['m3', 'button_question'],
    ['m4', 'text'],
  ]);
  expect(document.integrations[0]?.credential).toBe('Brand');
  expect(report.approximated.map(({ path }) => path)).toContain('/responder/0');
});

test.each([
  [[]],
  [
    [
      { name: 'a', mode: 'recipe' },
      { name: 'b', mode: 'recipe' },
    ],
  ],
])('no credential is guessed when none or several would do (%#)', (credentials) => {
  expect(importLivePerson(seed, { credentials }).document.integrations[0]?.credential).toBeUndefined();
});

const bots = existsSync(corpus) ? readdirSync(corpus) : [];
test.runIf(bots.length > 0).each(bots)('a real export imports without an error: %s', (file) => {
  expect(checkDocument(importLivePerson(read(new URL(file, corpus).href)).document)).toMatchObject({ ok: true });
});

test.each([
  [
    { matchType: 'PATTERN', patternMatch: { patterns: ['a', ''], excludeKeywords: ['b'] } },
    { match: 'pattern', patterns: ['a'], exclude: ['b'] },
  ],
  [
    { matchType: 'REGEX', regexMatch: { regexText: '^a', excludeKeywords: [] } },
    { match: 'regex', regex: '^a' },
  ],
  [
    { matchType: 'EVAL_OPTION', evaluateOptionMatch: { value: 'Red\n' } },
    { match: 'option', value: 'Red' },
  ],
  [
    { matchType: 'EXACT_VALUE', exactValueMatch: { value: 'x' } },
    { match: 'exact', value: 'x' },
  ],
  [
    { matchType: 'NO_MATCH', noMatch: { fallbackMessage: 'Hm' } },
    { match: 'no_match', message: 'Hm' },
  ],
  [
    { matchType: 'API_RESULT', apiResultsMatch: { status: 'FAILURE' } },
    { match: 'api_result', status: 'failure' },
  ],
  [
    { matchType: 'API_RESULT', apiResultsMatch: { status: 'brand_unavailable' } },
    { match: 'outcome', outcome: 'brand_unavailable' },
  ],
])('a condition is mapped: %j', (condition, when) => {
  const rule = { name: 'r', conditions: [condition], action: { name: 'INTERACTION', value: 'none' } };
  expect(first(message({ interactionType: 'TEXT_QUESTION', responseMatches: [rule] }))?.rules).toEqual([
    { name: 'r', when, then: { go: 'end' } },
  ]);
});

test('variable conditions and stored variables are mapped', () => {
  const rule = {
    conditions: [{ matchType: 'REGEX', regexMatch: { regexText: 'a' } }],
    contextConditions: [{ matchType: 'NOT_CONTAINS', contextName: 'x', value: '{$userMessage}' }],
    contextMatchConditionType: 'ANY',
    contextDataVariables: [{ name: 'y', value: 'true', scope: 'SESSION' }],
    action: { name: 'INTERACTION', value: 'close_dialog' },
  };
  expect(first(message({ interactionType: 'TEXT_QUESTION', responseMatches: [rule] }))?.rules).toEqual([
    {
      when: { match: 'regex', regex: 'a' },
      variables: [{ variable: 'x', match: 'not_contains', value: '{$userMessage}' }],
      variables_match: 'any',
      set: [{ name: 'y', value: 'true', scope: 'session' }],
      then: { go: 'close_dialog' },
    },
  ]);
});

test('a rule with a condition of an unknown kind is left out and reported, never made to match everything', () => {
  const rule = { conditions: [{ matchType: 'MOON_PHASE' }], action: { name: 'INTERACTION', value: 'next' } };
  const { document, report } = importLivePerson(message({ interactionType: 'TEXT_QUESTION', responseMatches: [rule] }));
  expect(document.dialogs[0]?.interactions[0]?.rules).toBeUndefined();
  expect(report.ignored).toContainEqual({
    path: '/conversationMessage/0/responseMatches/0',
    message: expect.stringContaining('unknown kind'),
  });
});

test.each(['INTERACTION', 'DIALOG'])('a dangling target of the kind %s is reported and ends the flow', (name) => {
  const rule = { conditions: [], action: { name, value: 'gone' } };
  const { document, report } = importLivePerson(
    message({ interactionType: 'TEXT', content: tile({ text: 'Hi' }), responseMatches: [rule] }),
  );
  expect(document.dialogs[0]?.interactions[0]?.next).toEqual({ go: 'end' });
  expect(report.approximated.some((entry) => entry.message.includes('gone'))).toBe(true);
});

test('questions keep their options, hooks and delays', () => {
  const hooks = {
    preProcessMessage: 'a()',
    postProcessMessage: 'b()',
    processUserResponse: 'c()',
    interactionDelay: '500',
    status: 'INACTIVE',
  };
  const quick = {
    interactionType: 'QUICK_REPLY',
    content: tile({ text: 'Q', quickReplyWidget: { choicesPerRow: 3 } }),
    quickReplies: [
      { type: 'text', title: 'A', payload: 'a' },
      { type: 'location', title: 'Here' },
    ],
  };
  expect(first(message({ ...hooks, ...quick }))).toMatchObject({
    type: 'quick_reply',
    replies: [{ title: 'A', payload: 'a' }, { title: 'Here' }],
    replies_per_row: 3,
    pre_process: 'a()',
    post_process: 'b()',
    process_user_response: 'c()',
    delay_ms: 500,
    enabled: false,
  });
  const choice = {
    interactionType: 'MULTIPLE_CHOICE_QUESTION',
    content: tile({
      text: 'C',
      multipleChoice: { multipleChoices: ['A\n', 'B'], displayChoice: 'BUTTON', textStyle: 'NUMBERS' },
    }),
  };
  expect(first(message(choice))).toMatchObject({
    type: 'multiple_choice',
    choices: ['A', 'B'],
    display: 'buttons',
    list_style: 'numbers',
  });
});

test('what cannot run yet is kept whole, and reported', () => {
  const content = tile({ text: 'How do I …?' });
  const { document, report } = importLivePerson(message({ interactionType: 'KNOWLEDGE_AI', content }));
  expect(document.dialogs[0]?.interactions[0]).toMatchObject({
    type: 'opaque',
    imported_type: 'KNOWLEDGE_AI',
    content,
  });
  expect(report.ignored[0]?.path).toBe('/conversationMessage/0');
});

test.each([
  [
    'circles',
    {
      conversationMessage: [
        { id: 'a', nextMessageId: 'b' },
        { id: 'b', nextMessageId: 'a' },
      ],
    },
  ],
  [
    'one id twice',
    {
      conversationMessage: [
        { id: 'a', interactionType: 'TEXT' },
        { id: 'a', interactionType: 'TEXT' },
      ],
    },
  ],
  [
    'members of wrong types',
    {
      conversationMessage: [7, null, { id: 5, pattern: 'x', content: [], responseMatches: {} }],
      responder: 'x',
      groups: [{}],
      bot: [],
    },
  ],
  [
    'names of object members',
    JSON.parse(
      '{"conversationMessage":[{"id":"__proto__","name":"constructor","interactionType":"toString","nextMessageId":"__proto__"}]}',
    ),
  ],
  ['nothing', { conversationMessage: [] }],
])('an odd export with %s gives a document that can run', (_, json) => {
  expect(checkDocument(importLivePerson(json).document)).toMatchObject({ ok: true });
});

test('what is no export, or beyond its bounds, is the problem invalid_document', () => {
  let deep: unknown = [];
  for (let level = 0; level < 10_000; level++) deep = [deep];
  for (const json of [null, {}, { conversationMessage: 7 }, { conversationMessage: deep }]) {
    expect(() => importLivePerson(json)).toThrow(expect.objectContaining({ code: 'invalid_document' }));
  }
});

test('what is no list, and what is no interaction in a list, is reported at its own place', () => {
  const { document, report } = importLivePerson({
    conversationMessage: [7, { id: 'm', name: 'm', interactionType: 'TEXT', responseMatches: {} }, 'x'],
    groups: {},
    responder: [7, { name: 'R' }],
    associatedIntents: { id: 'i' },
  });
  expect(report.ignored.map(({ path }) => path)).toEqual(
    expect.arrayContaining([
      '/groups',
      '/associatedIntents',
      '/conversationMessage/0',
      '/conversationMessage/1/responseMatches',
      '/conversationMessage/2',
      '/responder/0',
      '/responder/1',
    ]),
  );
  expect(report.mapped.map(({ path }) => path)).toContain('/conversationMessage/1');
  expect(document.dialogs[0]?.interactions.map(({ id }) => id)).toEqual(['m']);
});

test('LP-115 a disambiguation dialog needs no choices of its own', () => {
  const { document } = importLivePerson({
    groups: [{ id: 'g', name: 'Which?', dialogType: 'DISAMBIGUATION_DIALOG' }],
    conversationMessage: [
      {
        id: 'q',
        group: 'g',
        interactionType: 'MULTIPLE_CHOICE_QUESTION',
        content: tile({ text: 'Which one?', multipleChoice: { multipleChoices: [] } }),
      },
    ],
  });
  expect(document.dialogs[0]).toMatchObject({
    type: 'disambiguation',
    interactions: [{ type: 'multiple_choice', text: 'Which one?' }],
  });
});

test('links that only lead back are links', () => {
  const one = (id: string, more: object = {}) => ({ id, name: id, interactionType: 'TEXT', ...more });
  const conversationMessage = [one('c', { prevMessageId: 'b' }), one('b', { prevMessageId: 'a' }), one('a')];
  const { document } = importLivePerson({ conversationMessage });
  expect(document.dialogs.map(({ interactions }) => interactions.map(({ id }) => id))).toEqual([['a', 'b', 'c']]);
});

test('numbers and switches where other exports have texts are read as those', () => {
  const condition = { matchType: 'EXACT_VALUE', exactValueMatch: { value: 5 } };
  const { document } = importLivePerson({
    bot: { name: 7 },
    conversationMessage: [
      { id: 1, name: 1, interactionType: 'DIALOG_STARTER', pattern: [42], nextMessageId: 2 },
      {
        id: 2,
        interactionType: 'TEXT_QUESTION',
        content: tile({ text: 42 }),
        responseMatches: [{ conditions: [condition], action: { name: 'INTERACTION', value: 3 } }],
      },
      { id: 3, interactionType: 'ESCALATION', content: tile({ escalation: { agentSkillId: 4711 } }) },
    ],
    responder: [{ name: 'R', webhook: 'https://a.example', headers: [{ key: 'X-Version', value: 2 }] }],
  });
  expect(document.name).toBe('7');
  const [starter, question, transfer] = document.dialogs.flatMap(({ interactions }) => interactions);
  expect(starter).toMatchObject({ id: '1', patterns: ['42'] });
  expect(question).toMatchObject({
    id: '2',
    text: '42',
    rules: [{ when: { match: 'exact', value: '5' }, then: { go: 'interaction', id: '3' } }],
  });
  expect(transfer).toMatchObject({ type: 'transfer', skill: '4711' });
  expect(document.integrations[0]?.headers).toEqual([{ key: 'X-Version', value: '2' }]);
});

const webToken = ['eyJhbGciOiJSUzI1NiJ9', 'eyJzdWIiOiJtaWEifQ0', 'c2ln'].join('.');
test.each([
  ['Authorization', `Bearer ${webToken}`],
  ['Authorization', 'Bearer 0a1b2c3d4e5f6a7b8c9d'],
  ['Authorization', 'Basic bWlhOjE='],
  ['X-Forwarded-By', `token ${webToken}`],
  ['x-api-key', 'hunter2'],
  ['X-Auth-Token', 'abcdefghijklmnopqrstuvwx'],
])('a real token in the header %s (%s) is not written into the document', (key, value) => {
  const headers = [7, { key: 'Accept', value: 'text/plain' }, { key, value }];
  const responder = [{ id: 'r', name: 'R', method: 'GET', webhook: 'https://a.example', headers }];
  const { document, report } = importLivePerson({ conversationMessage: [], responder });
  expect(document.integrations[0]?.headers).toEqual([{ key: 'Accept', value: 'text/plain' }]);
  expect(report.ignored).toContainEqual({
    path: '/responder/0/headers/2',
    message: expect.stringMatching(/real token.*credential/),
  });
  expect(JSON.stringify([document, report])).not.toContain(value);
});

test.each([
  ['Authorization', 'Bearer {$botContext.cidp_accessToken}'],
  ['x-api-key', '{$env.key}'],
  ['X-CSRF-Token', 'fetch'],
  ['X-Shop', 'berlin'],
  ['maven-api-key', 'yourKeyHere'],
  ['Authorization', 'Bearer <your token>'],
  ['x-api-key', 'CHANGE_ME'],
])('the header %s: %s is none', (key, value) => {
  const responder = [{ name: 'R', method: 'GET', webhook: 'https://a.example', headers: [{ key, value }] }];
  const { document } = importLivePerson({ conversationMessage: [], responder });
  expect(document.integrations[0]?.headers).toEqual([{ key, value }]);
});
