import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Integration } from '../bot/document.ts';
import type { VariableView } from '../engine/step.ts';
import { type BuiltRequest, buildRequest, isRepeatable, type ToBuild } from './build-request.ts';
import { processorTime } from '../world/processor-time.test-parts.ts';

const view: VariableView = {
  id: 'A 1/2',
  name: 'Ann "the" \\ Boss',
  count: '3',
  '$env.brand': 'https://api.brand.example/v2',
  $userMessage: 'where & when?',
  'Orders.item': 'lamp',
  token: 'errand:token:abcdefghijklmnopqrstuv',
  link: 'errand:sign-in:att_1',
};

function integration(more: Partial<Integration>): Integration {
  return {
    id: 'i',
    name: 'Orders',
    type: 'api',
    method: 'GET',
    url: 'https://api.brand.example/',
    response_variable: 'o',
    ...more,
  };
}

function build(more: Partial<Integration>, rest: Partial<ToBuild> = {}): BuiltRequest {
  const built = buildRequest({ integration: integration(more), view, ...rest });
  if ('refused' in built) throw new Error(`${built.refused}: ${built.reason}`);
  return built.request;
}

function refusal(more: Partial<Integration>, rest: Partial<ToBuild> = {}): string {
  const built = buildRequest({ integration: integration(more), view, ...rest });
  return 'refused' in built ? built.refused : `sent to ${built.request.url}`;
}

const post = { method: 'POST' } as const;

describe('the URL', () => {
  test('X4: values are encoded for the path and for the query', () => {
    const url = 'https://api.brand.example/orders/{$botContext.id}?q={$userMessage}&i={Orders.item}';
    expect(build({ url }).url).toBe('https://api.brand.example/orders/A%201%2F2?q=where%20%26%20when%3F&i=lamp');
  });

  test('parameters are appended, names and values encoded', () => {
    const parameters = [{ key: 'a b', value: '{$botContext.count}-x&y' }];
    expect(build({ parameters }).url).toBe('https://api.brand.example/?a%20b=3-x%26y');
    expect(build({ url: 'https://api.brand.example/?z=1', parameters }).url).toBe(
      'https://api.brand.example/?z=1&a%20b=3-x%26y',
    );
  });

  test("the environment's host and path stand as the operator wrote them", () => {
    expect(build({ url: '{$env.brand}/orders/{$botContext.count}' }).url).toBe('https://api.brand.example/v2/orders/3');
  });

  test('LP-92 an unset variable stays as the author wrote it', () => {
    expect(build({ url: 'https://api.brand.example/{$botContext.unset}' }).url).toContain('{$botContext.unset}');
  });

  test.each([
    ['https://{$botContext.host}/', 'evil.example'],
    ['https://api.brand.example{$botContext.host}/', '@evil.example'],
    ['https://api.brand.example{$botContext.host}/', '.evil.example'],
    ['https://api.brand.example:{$botContext.host}/', '444'],
    ['{$botContext.host}', 'https://api.brand.example@evil.example/'],
    ['{$botContext.host}/x', 'https://evil.example'],
    ['https://{$botContext.host}/', '[::1]'],
    ['https://{$botContext.host}/', '2130706433'],
    ['https://{$env.brand}.{$botContext.host}/', 'evil.example'],
  ])('X1, SS-12: %s with %s does not leave without a declared origin', (url, host) => {
    const rest = { view: { ...view, host, '$env.brand': 'a' } };
    expect(refusal({ url }, rest)).toBe('blocked');
    expect(refusal({ url }, { ...rest, origins: ['https://api.brand.example'] })).toBe('blocked');
  });

  test('X1: a host from a variable passes when its origin is declared', () => {
    const url = 'https://{$botContext.host}/a';
    const rest = { view: { ...view, host: 'api.brand.example' }, origins: ['https://api.brand.example'] };
    expect(build({ url }, rest).url).toBe('https://api.brand.example/a');
  });

  test.each(['..', '.', '%2e%2e', '.%2E'])('a value %j cannot walk up the path', (id) => {
    const built = buildRequest({
      integration: integration({ url: 'https://api.brand.example/o/{$botContext.id}/x' }),
      view: { id },
    });
    if ('request' in built) expect(new URL(built.request.url).pathname).toMatch(/^\/o\/[^/]+\/x$/);
    else expect(built.refused).toBe('misconfigured');
  });

  test('X1: whatever a consumer writes, host, path depth and parameter names are the author’s', () => {
    const url = 'https://api.brand.example/o/{$botContext.a}/x{$botContext.a}?p={$botContext.a}';
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.string({ unit: 'binary' }), fc.webUrl()), (a) => {
        const built = buildRequest({ integration: integration({ url }), view: { a } });
        if ('refused' in built) return;
        const parsed = new URL(built.request.url);
        expect(parsed.host).toBe('api.brand.example');
        expect(parsed.pathname.split('/').length).toBe(4);
        expect([...parsed.searchParams]).toEqual([['p', a.toWellFormed()]]);
        expect(parsed.hash).toBe('');
      }),
    );
  });
});

describe('the body', () => {
  test('X4: inside a JSON string quotes and backslashes are escaped', () => {
    const built = build({
      ...post,
      body: '{"name": "{$botContext.name}", "n": {$botContext.count}, "u": "{$botContext.unset}"}',
    });
    expect(JSON.parse(built.body ?? '')).toEqual({ name: view['name'], n: 3, u: '{$botContext.unset}' });
    expect(built.headers['content-type']).toBe('application/json');
  });

  test('X4: between JSON signs only a whole JSON value passes', () => {
    const body = '{"n": {$botContext.n}}';
    expect(refusal({ ...post, body }, { view: { n: '1, "admin": true' } })).toBe('misconfigured');
    expect(build({ ...post, body }, { view: { n: { a: [1] } } }).body).toBe('{"n": {"a":[1]}}');
  });

  test('a body that is one variable goes out as it is', () => {
    const built = build({ ...post, body: '{$botContext.whole}' }, { view: { whole: { a: 1 } } });
    expect(built).toMatchObject({ body: '{"a":1}', headers: { 'content-type': 'application/json' } });
  });

  test.each([
    ['application/x-www-form-urlencoded', 'a={$botContext.v}&b=1', 'a=x%26b%3D2%3C&b=1'],
    ['application/xml', '<a>{$botContext.v}</a>', '<a>x&#38;b=2&#60;</a>'],
    ['text/plain', 'a {$botContext.v}', 'a x&b=2<'],
  ])('X4: in %s values are encoded for it', (type, body, expected) => {
    const headers = [{ key: 'Content-Type', value: type }];
    expect(build({ ...post, headers, body }, { view: { v: 'x&b=2<' } }).body).toBe(expected);
  });

  test('X4: no text of a consumer adds a member to a JSON body', () => {
    const body = '{"a": "{$botContext.v}", "b": {"c": "x{$botContext.v}{$botContext.v}"}, "d": [1]}';
    fc.assert(
      fc.property(
        fc.oneof(fc.string(), fc.json(), fc.string({ unit: fc.constantFrom('"', '\\', '{', '}', ',', ':') })),
        (v) => {
          const built = buildRequest({ integration: integration({ ...post, body }), view: { v } });
          if ('refused' in built) return;
          const said = insideOfJson(v);
          expect(JSON.parse(built.request.body ?? '')).toEqual({ a: said, b: { c: `x${said}${said}` }, d: [1] });
        },
      ),
    );
  });

  test('a GET has none', () => {
    expect(build({ body: '{}' }).body).toBeUndefined();
  });

  test('a long body of many expressions is placed in linear time', () => {
    const body = `{"a":[${'"{$botContext.id}",'.repeat(5_000)}1]}`;
    const started = processorTime();
    expect(JSON.parse(build({ ...post, body }).body ?? '').a.length).toBe(5_001);
    expect(processorTime() - started).toBeLessThan(1_000);
  });
});

describe('line breaks and control characters', () => {
  const places: Partial<Integration>[] = [
    { url: 'https://api.brand.example/{$botContext.v}' },
    { parameters: [{ key: 'a', value: '{$botContext.v}' }] },
    { headers: [{ key: 'x-a', value: '{$botContext.v}' }] },
    { ...post, body: '{"a": "{$botContext.v}"}' },
    { ...post, body: 'a {$botContext.v}' },
  ];
  const values = ['a\nb', 'a\r\nx-b: c', 'a\u0000', 'a\u001b[0m', 'a\u0085b', 'a\u2028b', 'a\u007f'];

  test.each(places.flatMap((place) => values.map((v) => [place, v] as const)))(
    'LP-94 X4: %j with %j is refused',
    (place, v) => {
      expect(refusal(place, { view: { v } })).toBe('misconfigured');
    },
  );

  test("the author's own line breaks in a body are no problem", () => {
    expect(build({ ...post, body: '{\n  "a": 1\n}' }).body).toContain('\n');
  });
});

test('LP-84 http and https URLs work, and no other scheme', () => {
  for (const url of ['http://api.brand.example/a', 'https://api.brand.example/a', 'HTTPS://api.brand.example/a'])
    expect(build({ url }).url).toBe(url);
});

test('LP-78 every setting of an integration is taken', () => {
  const whole: Required<Pick<Integration, 'headers' | 'parameters' | 'body' | 'transform' | 'fields' | 'credential'>> =
    {
      headers: [{ key: 'x-a', value: '{$botContext.count}' }],
      parameters: [{ key: 'q', value: '{$botContext.id}' }],
      body: '{"name": "{Orders.item}"}',
      transform: 'x',
      fields: [{ key: 'a', value: '{$.api_o.a}' }],
      credential: 'orders',
    };
  expect(build({ method: 'PUT', ...whole })).toEqual({
    method: 'PUT',
    url: 'https://api.brand.example/?q=A%201%2F2',
    headers: { accept: 'application/json, */*;q=0.5', 'x-a': '3', 'content-type': 'application/json' },
    body: '{"name": "lamp"}',
    timeout_ms: 20_000,
  });
});

describe('files', () => {
  const file = { name: 'a.pdf', type: 'application/pdf', bytes: new Uint8Array([1, 2]) };
  const parameters = [{ key: 'order', value: '{$botContext.id}' }];

  test('are posted as a form with the parameters as its fields, never in the query', () => {
    const request = build({ type: 'file', method: 'GET', parameters }, { file });
    expect(request).toMatchObject({ method: 'POST', url: 'https://api.brand.example/' });
    expect(request.upload).toEqual({ file, fields: [['order', 'A 1/2']] });
  });

  test('are missed where there is none, and their fields take no line break and no handle', () => {
    expect(refusal({ type: 'file' })).toBe('misconfigured');
    expect(refusal({ type: 'file', parameters }, { file, view: { id: 'a\nb' } })).toBe('misconfigured');
    const token = [{ key: 't', value: '{$botContext.token}' }];
    expect(JSON.stringify(build({ type: 'file', parameters: token }, { file }).upload)).not.toContain('errand:');
  });
});

describe('headers', () => {
  const authorization = [{ key: 'Authorization', value: 'Bearer {$botContext.token}' }];

  test("without a connection the seed's placeholder goes out as literal text", () => {
    const headers = [{ key: 'Authorization', value: 'Bearer {$botContext.cidp_accessToken}' }];
    expect(build({ headers }).headers).toMatchObject({ authorization: 'Bearer {$botContext.cidp_accessToken}' });
  });

  test("the handle stands in the credential's header and nowhere else", () => {
    const rest = { token_header: 'Authorization' };
    expect(build({ headers: authorization }, rest).headers['authorization']).toContain('errand:token:');
    expect(refusal({ headers: authorization })).toBe('misconfigured');
    expect(refusal({ headers: [{ key: 'x-other', value: '{$botContext.token}' }] }, rest)).toBe('misconfigured');
    expect(refusal({ headers: [{ key: 'x-link', value: '{$botContext.link}' }] }, rest)).toBe('misconfigured');
  });

  test('TK-05: handles are masked in URL, parameters and body', () => {
    const url = 'https://api.brand.example/{$botContext.token}?l={$botContext.link}';
    const parameters = [{ key: 't', value: '{$botContext.token}' }];
    const built = build({ ...post, url, parameters, body: '{"t": "{$botContext.token}", "l": "{$botContext.link}"}' });
    expect(JSON.stringify(built)).not.toContain('errand:');
    expect(built.body).toBe('{"t": "•••", "l": "•••"}');
  });

  test.each([
    [[{ key: 'a b', value: 'x' }]],
    [[{ key: 'a\r\nb', value: 'x' }]],
    [[{ key: 'x-a', value: '名前' }]],
    [
      [
        { key: 'X-A', value: '1' },
        { key: 'x-a', value: '2' },
      ],
    ],
  ])('SS-07: %j is refused', (headers) => {
    expect(refusal({ headers })).toBe('misconfigured');
  });
});

test('GET and HEAD are always repeatable, others when declared', () => {
  expect(isRepeatable(integration({ repeatable: false }))).toBe(true);
  expect(isRepeatable(integration(post))).toBe(false);
  expect(isRepeatable(integration({ ...post, repeatable: true }))).toBe(true);
});

/** A value whose author has escaped it by hand says what its escapes say; any other one is taken letter by letter. */
function insideOfJson(value: string): string {
  try {
    return value.includes('\\') ? JSON.parse(`"${value}"`) : value;
  } catch {
    return value;
  }
}
