import { expect, test } from 'vitest';
import { checkDocument } from '../check.ts';

const withIntegration = (integration: object) =>
  checkDocument({
    format: 'errand.bot/1',
    name: 'Bot',
    dialogs: [],
    integrations: [
      { id: 'i', name: 'I', method: 'POST', url: 'https://a.example', response_variable: 'i', ...integration },
    ],
  }).problems;

test.each([
  ['{$botContext.base}/orders', 1],
  ['https://{$botContext.sub}.shop.example/orders', 1],
  ['https://{Shop.host}/orders', 1],
  ['{$env.base}/orders', 0],
  ['https://{$env.sub}.shop.example/{$botContext.id}?q={$userMessage}', 0],
  ['https://shop.example/{$botContext.id}', 0],
])('a host that comes from a variable is told: %s', (url, times) => {
  const integration = { id: 'i', name: 'Orders', type: 'api', method: 'GET', url, response_variable: 'o' };
  const found = checkDocument({
    format: 'errand.bot/1',
    name: 'Bot',
    environment: 'live',
    dialogs: [],
    integrations: [integration],
  }).problems.filter(({ message }) => /host comes from a variable/.test(message));
  expect(found.map(({ path }) => path)).toEqual(Array(times).fill('/integrations/0/url'));
});

test.each(['email', 'knowledge_base'])('an integration of type %s is refused with what to do instead, once', (type) => {
  const found = withIntegration({ type }).filter(({ path }) => path === '/integrations/0/type');
  expect(found).toEqual([
    { severity: 'error', path: '/integrations/0/type', message: expect.stringMatching(/not supported yet: use/) },
  ]);
});

test.each([
  [{ type: 'function' }, 'credential', 'webhook_signing'],
  [{ type: 'function', credential: 'c', body: 'a={$botContext.a}' }, 'body', 'JSON'],
  [{ type: 'file', body: 'x' }, 'body', 'form'],
  [{ type: 'function', credential: 'c', method: 'GET' }, 'method', 'POST'],
])('%j: %s', (integration, place, word) => {
  expect(withIntegration(integration)).toContainEqual({
    severity: 'warning',
    path: `/integrations/0/${place}`,
    message: expect.stringContaining(word),
  });
});

test.each([
  'https://mia:canary@a.example/x',
  'https://token@a.example',
  'https://:canary@a.example',
  'https:\\\\mia:canary@a.example',
  'https:////mia:canary@a.example',
  'https://\t/mia:canary@a.example',
  '{$env.scheme}://mia:canary@a.example',
  'https://{$env.user}:{$env.password}@a.example',
])('a user in the URL is an error that does not repeat it: %s', (url) => {
  const found = withIntegration({ type: 'api', url }).filter(({ message }) =>
    message.includes('credential of type basic'),
  );
  expect(found).toMatchObject([{ severity: 'error', path: '/integrations/0/url' }]);
  expect(found[0]?.message).not.toContain('canary');
});

test.each([
  'https://a.example/users/mia@b.example',
  'https://a.example?mail=mia@b.example',
  '{$env.host}/mia@b.example',
])('an @ elsewhere is no user: %s', (url) => {
  expect(withIntegration({ type: 'api', url }).filter(({ severity }) => severity === 'error')).toEqual([]);
});

test('a function and a file that are well have no such warnings', () => {
  const described = { description: 'do it', type: 'function', credential: 'c', body: '{"a": "{$userMessage}"}' };
  expect(withIntegration(described)).toEqual([]);
  expect(withIntegration({ ...described, body: '{$userMessage}' })).toEqual([]);
  expect(withIntegration({ description: 'do it', type: 'file' })).toEqual([]);
});
