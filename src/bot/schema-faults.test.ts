import { expect, test } from 'vitest';
import { checkDocument } from './check.ts';
import { faultsOfValues } from './schema-faults.ts';

test('a value that is none of those allowed is one error, which lists them all', () => {
  const integration = {
    id: 'x',
    name: 'x',
    type: 'api',
    method: 'get',
    url: 'https://a',
    response_variable: 'x',
    risk: 1,
  };
  const set = [{ name: 'a', value: 'b', scope: 'life' }];
  const question = {
    id: 'q',
    name: 'q',
    type: 'text',
    text: 7,
    delay_ms: 'soon',
    rules: [{ set, then: { go: 'next' } }],
  };
  const { problems } = checkDocument({
    format: 'errand.bot/2',
    name: '',
    dialogs: [{ id: 'd', name: 'd', type: 'odd', interactions: [question] }],
    integrations: [integration],
  });
  expect(Object.fromEntries(problems.map(({ path, message }) => [path, message]))).toEqual({
    '/format': 'must be "errand.bot/1"',
    '/name': 'must have at least 1 character',
    '/integrations/0/method': 'must be one of "GET", "HEAD", "POST", "PUT", "PATCH", "DELETE"',
    '/integrations/0/risk': 'must be one of "read", "write", "danger"',
    '/dialogs/0/type': 'must be one of "standard", "fallback", "disambiguation", "auto_escalation"',
    '/dialogs/0/interactions/0/text': 'must be a text',
    '/dialogs/0/interactions/0/delay_ms': 'must be a whole number',
    '/dialogs/0/interactions/0/rules/0/set/0/scope': 'must be one of "request", "dialog", "session", "forever"',
  });
  expect(problems).toHaveLength(8);
});

test('a pattern is told in words where there are some', () => {
  const fault = { keyword: 'pattern', instancePath: '/wait', message: 'must match', params: { pattern: '^x$' } };
  expect(faultsOfValues([fault], { '^x$': 'an x' })).toEqual([{ path: '/wait', detail: 'must be an x' }]);
  expect(faultsOfValues([fault])).toEqual([{ path: '/wait', detail: 'must match' }]);
});
