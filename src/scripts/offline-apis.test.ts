import { expect, test } from 'vitest';
import type { OfflineApi } from '../api/conversation-script.ts';
import { Secret } from '../world/secret.ts';
import { createOfflineApis, missingCalls } from './offline-apis.ts';

const nobody = () => undefined;
const get = (url: string, headers: Record<string, string> = {}) => ({ method: 'GET', url, headers });

async function answersTo(apis: OfflineApi[], ...urls: string[]): Promise<unknown[]> {
  const { egress } = createOfflineApis(apis, nobody);
  const answers: unknown[] = [];
  for (const url of urls) {
    const answer = await egress.request(get(url));
    answers.push('failed' in answer ? answer.failed : answer.status);
  }
  return answers;
}

test('the first entry that fits answers, those with the same match in turn, and nothing else is 404', async () => {
  const apis = [
    { match: { urlContains: '/a/b' }, status: 201 },
    { match: { urlContains: '/a' }, status: 500 },
    { match: { urlContains: '/a' } },
  ];
  const [b, a] = ['https://x.example/a/b', 'https://x.example/a'];
  expect(await answersTo(apis, b, a, a, a, b, 'https://x.example/c')).toEqual([201, 500, 200, 200, 201, 404]);
});

test('a URL fits as it is sent and as people read it; a body with or without its blanks', async () => {
  const { egress, calls } = createOfflineApis([{ match: { urlContains: 'q=blue shoes' }, text: 'two' }], nobody);
  expect(await egress.request(get('https://x.example/?q=blue%20shoes'))).toMatchObject({ status: 200, body: 'two' });
  expect(await egress.request(get('https://x.example/?q=%E0%A4%A'))).toMatchObject({ status: 404 });
  await egress.request({ ...get('https://x.example/'), method: 'POST', body: '{ "a": 1 }' });
  expect(missingCalls([{ urlContains: '/', bodyContains: ['"a":1', '"a": 1'] }], calls)).toEqual([]);
  const quoted = [
    { method: 'POST', url: 'https://a.example/', headers: {}, unmatched: false, body: '{"a":"say \\"hi\\""}' },
  ];
  expect(missingCalls([{ urlContains: '/', bodyContains: ['say "hi"', 'say \\"hi\\"'] }], quoted)).toEqual([]);
});

test('a secret is in its place, and only where it may go', async () => {
  const { egress, calls } = createOfflineApis([{ match: { urlContains: '/' }, json: null }], nobody);
  const secret = { value: new Secret('s3'), origins: ['https://x.example'] };
  await egress.request({
    ...get('https://x.example/1'),
    secret: { ...secret, header: 'Authorization', prefix: 'Bearer ' },
  });
  await egress.request({ ...get('https://x.example/2'), secret: { ...secret, parameter: 'key' } });
  const other = await egress.request({ ...get('https://y.example/3'), secret: { ...secret, parameter: 'key' } });
  expect(other).toMatchObject({ failed: 'blocked' });
  expect(calls.map(({ url, headers }) => [url, headers['authorization']])).toEqual([
    ['https://x.example/1', 'Bearer s3'],
    ['https://x.example/2?key=s3', undefined],
  ]);
});

test('each expected call has a made call of its own, whatever their order', async () => {
  const { egress, calls } = createOfflineApis([], nobody);
  await egress.request(get('https://x.example/orders/7'));
  await egress.request(get('https://x.example/orders'));
  const [any, seven] = [{ urlContains: '/orders' }, { urlContains: '/orders/7' }];
  expect(missingCalls([any, seven], calls)).toEqual([]);
  expect(missingCalls([seven, any], calls)).toEqual([]);
  expect(missingCalls([any, any, any], calls)).toHaveLength(1);
  expect(missingCalls([seven, seven], calls)).toHaveLength(1);
});

test('there is no other way out', async () => {
  await expect(createOfflineApis([], nobody).egress.fetch('https://x.example')).rejects.toThrow('no network');
});
