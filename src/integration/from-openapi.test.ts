import { describe, expect, test } from 'vitest';
import { fromOpenapi } from './from-openapi.ts';
import type { Proposal } from './proposal.ts';
import { processorTime } from '../world/processor-time.test-parts.ts';

const shop = {
  openapi: '3.1.0',
  servers: [{ url: 'https://{region}.shop.example/v2/', variables: { region: { default: 'eu' } } }],
  security: [{ bearer: [] }],
  paths: {
    '/orders/{order-id}/items': {
      parameters: [
        { name: 'order-id', in: 'path', required: true, description: 'The number', schema: { type: 'string' } },
      ],
      post: {
        operationId: 'addItem',
        summary: 'add an item to your order',
        parameters: [
          { name: 'dryRun', in: 'query', required: false, schema: { type: 'boolean' } },
          { name: 'currency', in: 'query', required: true, schema: { type: 'string', enum: ['EUR'] } },
          { $ref: '#/components/parameters/Trace' },
        ],
        requestBody: {
          content: { 'application/json': { schema: { $ref: '#/components/schemas/NewItem' } } },
        },
      },
      get: { operationId: 'listItems', security: [{ key: [] }] },
      delete: {
        security: [{ query: [] }],
        parameters: [{ name: 'order-id', in: 'path', schema: { type: 'integer' } }],
      },
    },
    '/open': { get: { security: [] } },
    '/form': {
      post: {
        requestBody: {
          content: {
            'application/x-www-form-urlencoded': {
              schema: { properties: { a: { type: 'string' }, kind: { const: 'x y' } } },
            },
          },
        },
        security: [{ login: ['orders.write'] }],
      },
    },
    '/example': { put: { requestBody: { content: { 'application/json': { example: { a: [1] } } } } } },
    '/circle': {
      post: { requestBody: { content: { 'application/json': { schema: { $ref: '#/components/schemas/Circle' } } } } },
    },
    '/away': { get: { servers: [{ url: '/relative' }], parameters: [{ $ref: 'https://evil.example/p.json' }] } },
  },
  components: {
    parameters: { Trace: { name: 'X-Trace', in: 'header', required: true, schema: { type: 'string' } } },
    securitySchemes: {
      bearer: { type: 'http', scheme: 'bearer' },
      key: { type: 'apiKey', in: 'header', name: 'X-Api-Key' },
      query: { type: 'apiKey', in: 'query', name: 'api_key' },
      login: { type: 'oauth2', flows: {} },
    },
    schemas: {
      Item: {
        type: 'object',
        required: ['sku'],
        properties: { sku: { type: 'string', description: 'What' }, note: {} },
      },
      NewItem: {
        allOf: [
          { $ref: '#/components/schemas/Item' },
          {
            required: ['count', 'gift', 'address', 'tags'],
            properties: {
              id: { type: 'string', readOnly: true },
              count: { type: ['integer', 'null'] },
              gift: { type: 'boolean', default: false },
              tags: { type: 'array', items: { type: 'string' } },
              address: { type: 'object', properties: { city: { type: 'string' } } },
            },
          },
        ],
      },
      Circle: {
        type: 'object',
        properties: Object.fromEntries(
          Array.from({ length: 50 }, (_, i) => [`p${i}`, { $ref: '#/components/schemas/Circle' }]),
        ),
      },
      Self: { $ref: '#/components/schemas/Self' },
    },
  },
};

function read(wanted: Parameters<typeof fromOpenapi>[1], document: object = shop): Proposal {
  const proposal = fromOpenapi(document, wanted);
  if ('problem' in proposal) throw new Error(proposal.problem);
  return proposal;
}

const form = 'application/x-www-form-urlencoded';
const bodyWith = (schema: object, type = 'application/json') => ({ content: { [type]: { schema } } });

describe('an OpenAPI operation', () => {
  test('becomes an integration: server, path, parameters and body with places for variables', () => {
    const { integration, credential, report } = read({ operation_id: 'addItem' });
    expect(integration).toMatchObject({
      id: 'addItem',
      name: 'addItem',
      description: 'add an item to your order',
      risk: 'write',
      method: 'POST',
      url: 'https://eu.shop.example/v2/orders/{$botContext.order_id}/items',
      parameters: [{ key: 'currency', value: 'EUR' }],
      headers: [
        { key: 'X-Trace', value: '{$botContext.X_Trace}' },
        { key: 'Content-Type', value: 'application/json' },
      ],
      credential: 'addItem credential',
      input_schema: {
        type: 'object',
        required: ['X_Trace', 'order_id', 'sku', 'count', 'tags', 'address_city'],
        properties: { order_id: { type: 'string', description: 'The number' }, count: { type: 'integer' } },
      },
    });
    const places = (integration.body ?? '').replace(/(?<!")\{\$botContext\.\w+\}/g, '1');
    expect(JSON.parse(places)).toEqual({
      sku: '{$botContext.sku}',
      count: 1,
      gift: false,
      tags: 1,
      address: { city: '{$botContext.address_city}' },
    });
    expect(credential).toMatchObject({
      type: 'access_token',
      token_type: 'Bearer',
      origins: ['https://eu.shop.example'],
    });
    expect(report.map(({ message }) => message)).toContainEqual('"dryRun" is optional and was left out.');
  });

  test('is found by its method and path; each way to authenticate is proposed', () => {
    const at = '/orders/{order-id}/items';
    expect(read({ operation_id: 'listItems' })).toMatchObject({
      integration: { risk: 'read', method: 'GET' },
      credential: { header: 'X-Api-Key', token_type: '' },
    });
    expect(read({ method: 'DELETE', path: at })).toMatchObject({
      integration: { risk: 'danger', name: 'Items', input_schema: { properties: { order_id: { type: 'integer' } } } },
      credential: { parameter: 'api_key' },
    });
    expect(read({ method: 'get', path: '/open' }).credential).toBeUndefined();
    const form = read({ method: 'post', path: '/form' });
    expect(form.integration.body).toBe('a={$botContext.a}&kind=x%20y');
    expect(JSON.stringify(form.report)).toContain('consumer_authentication');
    expect(read({ method: 'put', path: '/example' }).integration.body).toBe('{\n  "a": [\n    1\n  ]\n}');
  });

  test('what it refers to outside is never fetched; a server that is no URL is asked for', () => {
    const { integration, report } = read({ method: 'get', path: '/away' });
    expect(integration.url).toBe('{$env.api_host}/relative/away');
    expect(JSON.stringify(report)).toContain('api_host');
  });

  test.each([
    ['/api/v3', '{$env.api_host}/api/v3/open', 'before /api/v3'],
    ['./api/v3/', '{$env.api_host}/api/v3/open', 'before /api/v3'],
    ['//a.example/v1', 'https://a.example/v1/open', 'had no scheme'],
    ['/', '{$env.api_host}/open', 'api_host'],
    ['https://a.example/{t}', 'https://a.example/{$env.t}/open', '"t" has no value'],
    ['https://{t}.a.example/v1', 'https://{$env.t}.a.example/v1/open', '"t" has no value'],
  ])('of a server at %s nothing is lost, and what it leaves open is told', (url, expected, message) => {
    const { integration, report } = read({ method: 'get', path: '/open' }, { ...shop, servers: [{ url }, { url }] });
    expect(integration.url).toBe(expected);
    expect(report).toContainEqual({ path: '/url', message: expect.stringContaining(message) });
    expect(report).toContainEqual({ path: '/url', message: expect.stringContaining('several servers') });
  });

  /** One operation of a document of its own. */
  const readOne = (operation: object, { method = 'post', path = '/a' } = {}, more: object = {}) =>
    read({ method, path }, { ...shop, security: [], paths: { [path]: { [method]: operation } }, ...more });
  const required = (place: string, name: string, more: object = { schema: { type: 'string' } }) => ({
    in: place,
    name,
    required: true,
    ...more,
  });

  test('values of several places have variables of their own', () => {
    const { integration, report } = readOne(
      {
        parameters: [
          required('path', 'id'),
          required('query', 'id'),
          ...['a-b', 'a.b', 'a_b'].map((name) => required('query', name)),
        ],
        requestBody: {
          content: {
            'application/json': {
              schema: {
                properties: { id: { type: 'string' }, x: { properties: { y: {} } }, x_y: { type: 'integer' } },
              },
            },
          },
        },
      },
      { path: '/a/{id}' },
    );
    const texts = [integration.url, ...(integration.parameters ?? []).map(({ value }) => value), integration.body];
    const variables = texts.flatMap((text) => text?.match(/(?<=\{\$botContext\.)\w+/g) ?? []);
    expect(variables).toEqual(['id', 'id_query', 'a_b', 'a_b_query', 'a_b_query_2', 'id_body', 'x_y', 'x_y_body']);
    expect(integration.input_schema).toMatchObject({ required: variables });
    expect(report).toContainEqual({ path: '/input_schema', message: expect.stringContaining('variable id_query') });
  });

  test.each<[string, object, string]>([
    [
      'an outside reference',
      { parameters: [{ $ref: 'https://a:b@evil.example/p.json' }] },
      'https://evil.example/p.json leads',
    ],
    ['a dangling reference', { requestBody: { $ref: '#/components/requestBodies/X' } }, 'requestBodies/X leads'],
    ['a style', { parameters: [required('query', 'f', { style: 'deepObject' })] }, 'style deepObject'],
    ['a style of the path', { parameters: [required('path', 'f', { style: 'matrix' })] }, 'style matrix'],
    ['a list', { parameters: [required('query', 'f', { schema: { type: 'array' } })] }, 'a list or an object'],
    ['a media type', { parameters: [required('query', 'f', { content: { 'application/json': {} } })] }, 'media type'],
    ['reserved signs', { parameters: [required('query', 'f', { allowReserved: true })] }, 'without encoding'],
    ['a cookie', { parameters: [required('cookie', 'f')] }, 'cookie'],
    ['a choice', { requestBody: bodyWith({ oneOf: [{ properties: { a: {} } }, {}] }) }, 'oneOf'],
    [
      'optional members',
      { requestBody: bodyWith({ required: ['a'], properties: { a: {}, b: {} } }) },
      '"b" of the body',
    ],
    ['a list in a form', { requestBody: bodyWith({ properties: { a: { type: 'array' } } }, form) }, '"a" of the form'],
    ['a body by hand', { requestBody: bodyWith({}, 'text/csv') }, 'text/csv'],
  ])('%s is told where it is not taken over as it is written', (_, operation, message) => {
    const { report } = readOne(operation);
    expect(report).toContainEqual({ path: expect.any(String), message: expect.stringContaining(message) });
  });

  test('a body that the method does not send is told, and an operationId of two operations', () => {
    const operation = { operationId: 'twice', requestBody: { required: true, ...bodyWith({}) } };
    const paths = { '/a': { get: operation }, '/b': { get: operation } };
    const { integration, report } = read({ operation_id: 'twice' }, { ...shop, paths });
    expect(integration).not.toHaveProperty('body');
    expect(report).toContainEqual({ path: '/body', message: expect.stringContaining('GET sends no body') });
    expect(report).toContainEqual({ path: '', message: expect.stringContaining('GET /a was taken') });
  });

  test('a credential is proposed with all that is known of it, and further ones are told', () => {
    const get = { security: [{ query: [], key: [] }, { bearer: [] }] };
    const { credential, report } = read({ method: 'get', path: '/a' }, { ...shop, paths: { '/a': { get } } });
    expect(credential).toMatchObject({ parameter: 'api_key', origins: ['https://eu.shop.example'] });
    const messages = report.filter(({ path }) => path === '/credential').map(({ message }) => message);
    expect(messages).toEqual([
      expect.stringContaining('"key" as well'),
      expect.stringContaining('"bearer" instead'),
      expect.stringContaining('origins ["https://eu.shop.example"], parameter "api_key"'),
    ]);
    expect(JSON.stringify(read({ operation_id: 'listItems' }).report)).toContain('header \\"X-Api-Key\\"');
    const open = { ...shop, servers: [{ url: 'https://{t}.a.example' }] };
    const unbound = read({ operation_id: 'listItems' }, open);
    expect(unbound.credential).toMatchObject({ origins: [] });
    expect(JSON.stringify(unbound.report)).toContain('with its secret and origins, header');
  });

  test.each([
    'https://mia:canary@a.example/v1',
    'https://mia:can%61ry@a.example/v1/',
    'https://\t/mia:canary@a.example/v1',
  ])('a user in the URL of a server is a basic credential, or left out where another is wanted: %j', (url) => {
    const document = { ...shop, servers: [{ url }] };
    const open = read({ method: 'get', path: '/open' }, document);
    expect(open.integration).toMatchObject({ credential: open.credential?.name });
    expect(URL.parse(open.integration.url)?.href).toBe('https://a.example/v1/open');
    expect(open.credential).toMatchObject({ type: 'basic', user_name: 'mia', origins: ['https://a.example'] });
    expect(open.credential?.secret?.reveal()).toBe('canary');
    const withToken = read({ operation_id: 'listItems' }, document);
    expect(withToken.credential).toMatchObject({ header: 'X-Api-Key' });
    expect(JSON.stringify(withToken.report)).toContain('were left out');
    expect(JSON.stringify([open, withToken])).not.toMatch(/can(?:a|%61)ry/);
  });

  test('a secret that the document holds, as an example or a default, is not in the integration', () => {
    // Put together here, so that no scanner takes this file for a leak.
    const key = `sk_live_${'a1'.repeat(12)}`;
    const schema = { type: 'string', description: `Such as ${key}`, enum: [key, 'b'] };
    const parameters = [
      { name: 'a', in: 'query', required: true, schema },
      { name: 'b', in: 'header', required: true, schema: { const: key } },
      { name: 'X-Api-Key', in: 'header', required: true, schema: { const: 'canary' } },
    ];
    const content = { 'application/json': { example: { c: key, password: 'canary' } } };
    const proposal = read(
      { method: 'post', path: '/a' },
      { ...shop, paths: { '/a': { post: { description: `As ${key}`, parameters, requestBody: { content } } } } },
    );
    expect(JSON.stringify(proposal)).not.toMatch(/sk_live|canary/);
    expect(proposal.integration.headers).toContainEqual({ key: 'b', value: '{$env.b}' });
    expect(proposal.integration.headers).toContainEqual({ key: 'X-Api-Key', value: '{$env.X_Api_Key}' });
    expect(proposal.integration.body).toContain('"{$env.c}"');
  });

  test('schemas in circles end', () => {
    const started = processorTime();
    expect(read({ method: 'post', path: '/circle' }).integration.body?.length).toBeLessThan(100_000);
    expect(processorTime() - started).toBeLessThan(1_000);
  });

  test('a document costs what it weighs: long references, paths and servers, many parameters', () => {
    const started = processorTime();
    const many = read(
      { method: 'get', path: '/a' },
      {
        openapi: '3.1.0',
        x: { $ref: `#/${'a/'.repeat(250_000)}` },
        servers: [{ url: 'https://b.example//' }],
        paths: { '/a': { get: { parameters: Array.from({ length: 60_000 }, () => ({ $ref: '#/x' })) } } },
      },
    );
    expect(many.integration.url).toBe('https://b.example/a');
    const path = `/${Array.from({ length: 100_000 }, (_, at) => `{a${at}}`).join('')}`;
    expect(fromOpenapi({ ...shop, paths: { [path]: { get: {} } } }, { method: 'get', path })).toHaveProperty('problem');
    const variables = { v: { default: 'v'.repeat(1_000_000) } };
    for (const url of [
      `//a.example/${'/'.repeat(500_000)}x`,
      `//${'\t'.repeat(500_000)}a`,
      `//a.example/${'{v}'.repeat(600)}`,
    ])
      expect(
        read({ method: 'get', path: '/open' }, { ...shop, servers: [{ url: `https:${url}`, variables }] }).integration
          .url,
      ).toBe('{$env.api_host}/open');
    expect(processorTime() - started).toBeLessThan(1_000);
  });

  test.each([
    ['openapi: 3.0.0', 'YAML'],
    [{ swagger: '2.0' }, 'Swagger 2.0'],
    [{}, 'no OpenAPI'],
    [{ openapi: '4.0.0' }, '4.0.0'],
    [{ openapi: '3.0.3' }, 'no such operation'],
    [{ openapi: '3.0.3', paths: { '/a': null, '/b': [], '/c': { get: 3 } } }, 'no such operation'],
    [{ openapi: '3.0.3', paths: { '/c': { $ref: '#/paths/~1c' } } }, 'no such operation'],
  ])('%j is refused: %s', (document, reason) => {
    expect(fromOpenapi(document, { operation_id: 'x' })).toMatchObject({ problem: expect.stringContaining(reason) });
  });
});
