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

test('LP-41 a web token is found wherever it stands, in one reading', () => {
  const [header, payload] = ['eyJhbGciOiJIUzI1', 'eyJzdWIiOiIxMjM0'];
  const severities = (secret: string) => problems(bot([text('a', { text: secret })])).map((problem) => problem.at);
  for (const secret of [`${header}.${payload}.c2ln`, `"jwt-${header}.${payload}."`, `x.y.${header}.${payload}.z`])
    expect(severities(secret)).toEqual([`error ${at(1)}/text`]);
  for (const harmless of [`${header}.${payload}`, `${header}..${payload}.`, `x${header}.${payload}.z`, 'eyJ.eyJ.x'])
    expect(severities(harmless)).toEqual([]);
  const started = processorTime();
  const inScript = (code: string) => script(`// ${code}`);
  for (const one of ['eyJ-', 'bearer ', 'secret=', 'xoxb-xoxb-', '-----BEGIN '])
    expect(checkDocument(inScript(one.repeat(9_000))).ok).toBe(!one.startsWith('xox'));
  expect(processorTime() - started).toBeLessThan(1_000);
});
