import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { checkDocument } from '../check.ts';
import { importLivePerson } from './import-liveperson.ts';
import { processorTime } from '../../world/processor-time.test-parts.ts';

const tile = (type: string, more: object) => ({ contentType: 'STATIC', results: { type, tile: { tileData: [more] } } });
const imported = (more: object, rest: object = {}) =>
  importLivePerson({ conversationMessage: [{ id: 'm', name: 'm', ...more }], ...rest });
const first = (more: object) => imported(more).document.dialogs[0]?.interactions[0];
const question = (responseMatches: object[]) =>
  first({ interactionType: 'TEXT_QUESTION', content: tile('TEXT_QUESTION', { text: 'q' }), responseMatches });
const buttons = (...given: object[]) => ({
  interactionType: 'BUTTON',
  content: tile('BUTTON', { text: 'b', buttons: given }),
});
const go = (value: string, name = 'INTERACTION') => ({ name, value });

test('LP-14 LP-15 LP-98 the Login button of the seed keeps label, type, callback, target and webview', () => {
  const login = {
    name: 'Login',
    type: 'web_url',
    callback: '{$botContext.external_auth_url}',
    target: 'blank',
    webviewHeightRatio: 'full',
  };
  expect(first(buttons(login))).toMatchObject({
    type: 'button_question',
    buttons: [
      {
        label: 'Login',
        type: 'link',
        callback: '{$botContext.external_auth_url}',
        target: 'new_window',
        webview: 'full',
      },
    ],
  });
});

test.each([
  ['postback_bookmark', { type: 'postback', callback: '+49 30' }, 'approximated'],
  ['phone_number', { type: 'link', callback: 'tel:+49 30' }, 'approximated'],
  ['share', undefined, 'ignored'],
  ['hologram', undefined, 'ignored'],
] as const)('LP-97 a button of the type %s is reported', (type, button, kind) => {
  const { document, report } = imported(buttons({ name: 'B', type, callback: '+49 30' }));
  const [made] = document.dialogs[0]?.interactions ?? [];
  expect(made).toMatchObject({ buttons: button ? [{ label: 'B', ...button }] : [] });
  expect(report[kind].map(({ path }) => path)).toContain(
    '/conversationMessage/0/content/results/tile/tileData/0/buttons/0',
  );
});

test.each([
  ['blank', 'new_window'],
  ['_blank', 'new_window'],
  ['self', 'current_window'],
  ['current', 'current_window'],
])('LP-99 the target %s opens a %s', (target, expected) => {
  expect(first(buttons({ name: 'B', type: 'web_url', callback: 'https://a.example', target }))).toMatchObject({
    buttons: [{ target: expected }],
  });
});

test('LP-96 LP-102 labels, titles and subtitles are cut to what the document takes, and that is told', () => {
  const long = 'x'.repeat(300);
  const { document, report } = imported({
    interactionType: 'STRUCTURED',
    content: tile('STRUCTURED', { title: long, subTitle: long, buttons: [{ name: long, type: 'postback' }] }),
  });
  expect(checkDocument(document)).toMatchObject({ ok: true });
  expect(report.approximated.filter(({ message }) => message.includes('cut'))).toHaveLength(3);
});

test('LP-103 a quick reply keeps title, payload and image; a location is reported', () => {
  const { document, report } = imported({
    interactionType: 'QUICK_REPLY',
    content: tile('QUICK_REPLY', { text: 'q' }),
    quickReplies: [
      { type: 'text', title: 'Quiz Me!', payload: 'Quiz', imageUrl: 'https://a.example/q.png' },
      { type: 'location', title: 'Here' },
    ],
  });
  expect(document.dialogs[0]?.interactions[0]).toMatchObject({
    replies: [{ title: 'Quiz Me!', payload: 'Quiz', image: 'https://a.example/q.png' }, { title: 'Here' }],
  });
  expect(report.approximated.map(({ path }) => path)).toContain('/conversationMessage/0/quickReplies/1');
});

test('LP-101 a structured question has at most ten tiles', () => {
  const tiles = Array.from({ length: 12 }, (_, i) => ({ title: `t${i}` }));
  const content = { contentType: 'STATIC', results: { type: 'STRUCTURED', tile: { tileData: tiles } } };
  const { document, report } = imported({ interactionType: 'STRUCTURED', content });
  const made = document.dialogs[0]?.interactions[0];
  expect(made?.type === 'structured' && made.tiles.length).toBe(10);
  expect(report.ignored[0]?.message).toContain('12 tiles');
});

test('LP-106 a "no match" rule stays a rule, with its message, wherever it is listed', () => {
  const rules = [
    { name: 'else', conditions: [{ matchType: 'NO_MATCH', noMatch: { fallbackMessage: 'Hm' } }], action: go('m') },
    { name: 'any', conditions: [], action: go('next') },
  ];
  expect(question(rules)?.rules).toEqual([
    { name: 'else', when: { match: 'no_match', message: 'Hm' }, then: { go: 'current' } },
    { name: 'any', then: { go: 'next' } },
  ]);
});

test('LP-107 patterns and exclude keywords come along, of starters and of rules', () => {
  expect(
    first({ interactionType: 'DIALOG_STARTER', pattern: ['(thank(|s)|thank you)*'], excludeKeywords: ['no'] }),
  ).toMatchObject({
    type: 'starter',
    patterns: ['(thank(|s)|thank you)*'],
    exclude: ['no'],
  });
  const match = { matchType: 'PATTERN', patternMatch: { patterns: ['*fern*'], excludeKeywords: ['plastic'] } };
  expect(question([{ conditions: [match], action: go('none') }])?.rules).toMatchObject([
    { when: { match: 'pattern', patterns: ['*fern*'], exclude: ['plastic'] } },
  ]);
});

test.each([
  [
    { matchType: 'REGEX', regexMatch: { regexText: '^a' } },
    { match: 'regex', regex: '^a' },
  ],
  [
    { matchType: 'EXACT_VALUE', exactValueMatch: { value: 'a' } },
    { match: 'exact', value: 'a' },
  ],
  [
    { matchType: 'EVAL_OPTION', evaluateOptionMatch: { value: 'A\n' } },
    { match: 'option', value: 'A' },
  ],
  [
    { matchType: 'RESPONSE_INTENT', intentMatch: { intentId: 'i' } },
    { match: 'intent', intent: 'i' },
  ],
])('LP-108 the condition %j', (condition, when) => {
  expect(question([{ conditions: [condition], action: go('none') }])?.rules).toMatchObject([{ when }]);
});

test.each(['ANY', 'ALL'])('LP-109 variable conditions stand beside the condition, combined by %s', (how) => {
  const rule = {
    conditions: [{ matchType: 'REGEX', regexMatch: { regexText: 'a' } }],
    contextConditions: [
      { matchType: 'CONTAINS', contextName: 'x', value: '1' },
      { matchType: 'NOT_CONTAINS', contextName: '{$userMessage}', value: '2' },
    ],
    contextMatchConditionType: how,
    action: go('none'),
  };
  expect(question([rule])?.rules).toMatchObject([
    {
      when: { match: 'regex' },
      variables: [
        { variable: 'x', match: 'contains', value: '1' },
        { variable: '{$userMessage}', match: 'not_contains', value: '2' },
      ],
      variables_match: how.toLowerCase(),
    },
  ]);
});

test.each([
  [go('next'), { go: 'end' }],
  [go('none'), { go: 'end' }],
  [go('m'), { go: 'current' }],
  [go('n'), { go: 'interaction', id: 'n' }],
  [go('close_dialog'), { go: 'close_dialog' }],
  [go('close_conversation'), { go: 'close_conversation' }],
  [go('d', 'DIALOG'), { go: 'dialog', id: 'd' }],
])('LP-110 the next action %j', (action, then) => {
  const { document } = importLivePerson({
    conversationMessage: [
      {
        id: 'm',
        name: 'm',
        group: 'd',
        interactionType: 'TEXT_QUESTION',
        content: tile('', { text: 'q' }),
        responseMatches: [{ conditions: [{ matchType: 'REGEX', regexMatch: { regexText: 'a' } }], action }],
      },
      { id: 'n', name: 'n', group: 'e', interactionType: 'TEXT', content: tile('', { text: 'n' }) },
    ],
    groups: [
      { id: 'd', name: 'd' },
      { id: 'e', name: 'e' },
    ],
  });
  const [made] = document.dialogs.find(({ id }) => id === 'd')?.interactions ?? [];
  // Where nothing follows, the next interaction is the end of the dialog.
  expect([then, { go: 'next' }]).toContainEqual(made?.rules?.[0]?.then);
});

test.each(['REQUEST', 'DIALOG', 'SESSION'])('LP-111 a rule stores a variable for the %s', (scope) => {
  const contextDataVariables = [{ name: 'v', value: '{$userMessage}', scope }];
  expect(question([{ conditions: [], contextDataVariables, action: go('next') }])?.rules).toMatchObject([
    { set: [{ name: 'v', value: '{$userMessage}', scope: scope.toLowerCase() }] },
  ]);
});

test('LP-130 a slot is taken from where an export may have it', () => {
  const rule = { conditions: [], action: go('next') };
  expect(question([{ ...rule, slot: { name: 'to', entity: '@city' } }])?.rules).toMatchObject([
    { slot: { name: 'to', entity: 'city' } },
  ]);
  const contextDataVariables = [{ name: 'slot.to', value: '@city', scope: 'SESSION' }];
  expect(question([{ ...rule, contextDataVariables }])?.rules).toMatchObject([
    { slot: { name: 'to', entity: 'city' } },
  ]);
});

test('LP-117 delay and fallback response come along; a delay over ten seconds is shortened and told', () => {
  const { document, report } = imported({
    interactionType: 'TEXT_QUESTION',
    content: tile('', { text: 'q' }),
    interactionDelay: '20000',
    fallbackResponse: 'Pardon?',
  });
  expect(document.dialogs[0]?.interactions[0]).toMatchObject({ delay_ms: 10_000, fallback_response: 'Pardon?' });
  expect(report.approximated.map(({ path }) => path)).toContain('/conversationMessage/0/interactionDelay');
});

test('LP-41 LP-148 a credential is named by its id and never contained; its kind is told', () => {
  const responder = [
    {
      name: 'A',
      integrationType: 'API',
      webhook: 'https://a.example',
      apiCredentialsId: 'c0ffee',
      securityProtocol: 'OAUTH2',
    },
  ];
  const { document, report } = imported({ interactionType: 'TEXT', content: tile('', { text: 't' }) }, { responder });
  expect(document.integrations[0]?.credential).toBe('import:c0ffee');
  expect(report.approximated.find(({ path }) => path === '/responder/0/apiCredentialsId')?.message).toContain('OAUTH2');
});

test('LP-158 the seed is built from its exact settings, with no code but its pre-process snippet', () => {
  const seed: unknown = JSON.parse(readFileSync(new URL('./fixtures/seed-dialog.json', import.meta.url), 'utf8'));
  const { document } = importLivePerson(seed, { credentials: [{ name: 'Brand', mode: 'recipe' }] });
  const checked = checkDocument(document);
  expect(checked).toMatchObject({ ok: true, problems: [] });
  const code = document.dialogs.flatMap(({ interactions }) =>
    interactions.flatMap((one) => one.pre_process ?? one.post_process ?? []),
  );
  expect(code).toHaveLength(1);
});

const corpus = new URL('../../../../shared/corpus/bots/', import.meta.url);
const bots = existsSync(corpus) ? readdirSync(corpus) : [];
test.runIf(bots.length > 0).each(bots)('LP-148 of a real export nothing is lost in silence: %s', (file) => {
  const json: unknown = JSON.parse(readFileSync(new URL(file, corpus), 'utf8'));
  const { document, report } = importLivePerson(json);
  expect(checkDocument(document)).toMatchObject({ ok: true });
  // Every member of such an export is known: what is not carried over is told by a word of its own.
  expect(report.ignored.filter(({ message }) => message.includes('not known here'))).toEqual([]);
  expect(report.ignored.filter(({ path }) => path === '')).toEqual([]);
});

test('10,000 interactions in circles and 900 dialogs are imported and checked in linear time', () => {
  const made = (count: number) => ({
    conversationMessage: Array.from({ length: count }, (_, i) => ({
      id: `m${i}`,
      name: `n${i}`,
      interactionType: 'TEXT',
      group: `g${i % 900}`,
      content: tile('TEXT', { text: 'x' }),
      prevMessageId: `m${i - 1}`,
      nextMessageId: `m${(i * 7) % count}`,
      preProcessMessage: `botContext.setTriggerNextMessage('n${(i * 3) % count}');`,
    })),
    groups: Array.from({ length: 900 }, (_, i) => ({ id: `g${i}`, name: `d${i}` })),
  });
  const time = (count: number) => {
    const json = made(count);
    const started = processorTime();
    checkDocument(importLivePerson(json).document);
    return processorTime() - started;
  };
  time(1_000);
  // Ten times as much takes about ten times as long; squared, it would be a hundred times.
  expect(time(10_000)).toBeLessThan(40 * Math.max(time(1_000), 20));
});
