import { expect, test } from 'vitest';
import { checkDocument } from '../check.ts';
import { processorTime } from '../../world/processor-time.test-parts.ts';

const integration = {
  id: 'i',
  name: 'Orders',
  type: 'api',
  method: 'GET',
  url: 'https://api.example/orders',
  response_variable: 'Orders',
};

/** A bot with one dialog that "hi" begins. */
const bot = (interactions: object[], more: object = {}) => ({
  format: 'errand.bot/1',
  name: 'Bot',
  outcome_messages: { failure: 'That did not work.' },
  dialogs: [
    {
      id: 'd',
      name: 'd',
      type: 'standard',
      interactions: [{ id: 's', name: 's', type: 'starter', patterns: ['hi'] }, ...interactions],
    },
  ],
  integrations: [integration],
  ...more,
});
const text = (id: string, more: object = {}) => ({ id, name: id, type: 'text', text: id, ...more });
const script = (code: string) => bot([text('a', { pre_process: code })]);
const problems = (document: object) =>
  checkDocument(document).problems.map(({ severity, path, message }) => ({ at: `${severity} ${path}`, message }));
const at = (n: number) => `/dialogs/0/interactions/${n}`;

/** Put together here, so that no scanner takes this file for a leak. */
const fakes = [
  ['-----BEGIN', 'PRIVATE KEY-----'].join(' '),
  `AKIA${'ABCDEFGH12345678'}`,
  `ghp_${'a1'.repeat(18)}`,
  `sk_live_${'a1'.repeat(12)}`,
];

test.each(fakes)('LP-41 a pasted secret is an error in scripts, URLs and bodies (%#)', (secret) => {
  for (const document of [
    script(`var key = '${secret}';`),
    bot([], { integrations: [{ ...integration, url: `https://a.example/?k=${secret}` }] }),
    bot([], { integrations: [{ ...integration, method: 'POST', description: 'x', body: `{"k":"${secret}"}` }] }),
  ]) {
    const checked = checkDocument(document);
    expect(checked.ok).toBe(false);
    expect(JSON.stringify(checked.problems)).not.toContain(secret.slice(0, 20));
  }
});

test('LP-41 what only looks like a secret is a warning, and an expression is neither', () => {
  const value = 'a1b2c3d4e5f6a7b8c9d0e1f2';
  const header = (text: string) =>
    bot([], { integrations: [{ ...integration, headers: [{ key: 'X-Api-Key', value: text }] }] });
  expect(problems(header(value)).map((problem) => problem.at)).toEqual(['warning /integrations/0/headers/0/value']);
  expect(problems(header('{$env.key}')).map((problem) => problem.at)).toEqual([
    'warning /integrations/0/headers/0/value',
  ]);
  expect(problems({ ...header('{$env.key}'), environment: 'live' })).toEqual([]);
  expect(
    problems(bot([], { integrations: [{ ...integration, url: `https://a.example/x?api_key=${value}` }] })),
  ).toHaveLength(1);
});

const random = 'BQDj3kX9mPq2vR7tY8wZ';
test.each([
  `https://a.example/x?access_token=${random}.a-b`,
  `https://a.example/x?units=metric&appid=${'0a1b2c3d'.repeat(4)}`,
  `https://a.example/x?key=${random}&q=tea`,
  `https://a.example/x?k=AIza${'a1_'.repeat(12)}`,
  `send('ya29.${'a0Af'.repeat(6)}')`,
  `{"token":"${random}"}`,
  `{"user": {"apiKey" : "${random}"}}`,
  `grant_type=x&client_secret=${random}`,
  `botContext.setBotVariable('cidp_accessToken', '${random}', true, false)`,
  `var password = "${random}";`,
  `var body = "{\\"token\\":\\"${random}\\"}";`,
])('LP-41 behind a name that says so, it is told wherever it stands: %s', (value) => {
  expect(problems(bot([text('a', { text: value })]))).toEqual([
    { at: `warning ${at(1)}/text`, message: expect.stringMatching(/real token/) },
  ]);
});

test.each([
  'https://a.example/x?access_token={$env.token}&page=1234567890123456',
  `https://a.example/x?order=${random}`,
  '{"token":"{$botContext.cidp_accessToken}", "pageToken": "2"}',
  'if(token==response2.data.accessToken1.value)go(token,orders2.first.name3)',
  "var token=response2.data.accessToken1.get('x')",
  'Give me your token: it is the long one on page 2 of the leaflet.',
  '?api_key=your_api_key_number_1_here',
  'https://a.example/x?key=summer-campaign-2024',
  "botContext.setBotVariable('session_id', 'conversation-step-1', true, false); var token = 'order-confirmation-1';",
])('LP-41 no secret: %s', (value) => {
  expect(problems(bot([text('a', { text: value })])).filter(({ message }) => /token\./.test(message))).toEqual([]);
});

test('LP-41 names of headers, parameters and variables are read alike, however they are written', () => {
  const header = (key: string, value: string) =>
    problems(bot([], { integrations: [{ ...integration, headers: [{ key, value }] }] })).map((problem) => problem.at);
  const told = ['warning /integrations/0/headers/0/value'];
  for (const key of ['X-Shopify-Access-Token', 'accessToken', 'ACCESS_TOKEN', 'x-api-key', 'Cookie', 'appid', 'key'])
    expect(header(key, random), key).toEqual(told);
  expect(header('Cookie', `theme=dark; session=${random}`)).toEqual(told);
  expect(header('x-api-key', 'hunter2')).toEqual(told);
  for (const [key, value] of [
    ['Cookie', 'theme=dark'],
    ['appid', 'shop'],
    ['X-Trace', random],
    ['x-csrf-token', 'fetch'],
    ['api-key', 'yourKeyHere'],
    ['X-Auth', 'off'],
    ['auth', 'none'],
    ['x-app-id', 'com.example.app1.android'],
    ['Cookie', 'consent=accepted-2024-all'],
    ['X-Password', 'reset'],
    ['X-Session-Id', 'abcdef-session-value-long'],
  ] as const)
    expect(header(key, value), key).toEqual([]);
  const set = [
    { name: 'cidp_accessToken', value: random, scope: 'session' },
    ...['isAuth', 'forgotPassword', 'wantsSecret'].map((name) => ({ name, value: 'yes', scope: 'session' })),
    { name: 'reset_password', value: 'requested-by-mail', scope: 'session' },
  ];
  const rules = [{ when: { match: 'no_match' }, set, then: { go: 'end' } }];
  expect(
    problems(bot([{ id: 'q', name: 'q', type: 'text_question', text: 'Well?', rules }])).map((problem) => problem.at),
  ).toEqual([`warning ${at(1)}/rules/0/set/0/value`]);
});

test('LP-41 a web token is found wherever it stands, in one reading', () => {
  const [header, payload] = ['eyJhbGciOiJIUzI1', 'eyJzdWIiOiIxMjM0'];
  const severities = (secret: string) => problems(bot([text('a', { text: secret })])).map((problem) => problem.at);
  for (const secret of [`${header}.${payload}.c2ln`, `"jwt-${header}.${payload}."`, `x.y.${header}.${payload}.z`])
    expect(severities(secret)).toEqual([`error ${at(1)}/text`]);
  for (const harmless of [`${header}.${payload}`, `${header}..${payload}.`, `x${header}.${payload}.z`, 'eyJ.eyJ.x'])
    expect(severities(harmless)).toEqual([]);
  const started = processorTime();
  const inScript = (code: string) => script(`// ${code}`);
  for (const one of ['eyJ-', 'bearer ', 'secret=', 'token"  ', 'a-', '?a.', 'xoxb-xoxb-', '-----BEGIN '])
    expect(checkDocument(inScript(one.repeat(9_000))).ok).toBe(!one.startsWith('xox'));
  expect(processorTime() - started).toBeLessThan(1_000);
});
