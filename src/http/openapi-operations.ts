import { isObject } from '../world/json.ts';
import type { ProblemCode, problemStatus } from '../world/problem.ts';

type Node = Record<string, unknown>;
type Status = (typeof problemStatus)[ProblemCode];

/** What generated clients call each operation: once published, a name stays. With the statuses that no rule below gives it. */
const operations: Readonly<Record<string, readonly [id: string, ...also: Status[]]>> = {
  'GET /healthz': ['isAlive'],
  'GET /readyz': ['isReady'],
  'GET /metrics': ['readMetrics'],
  'GET /openapi.json': ['readOpenapi'],
  'GET /schemas/bot.json': ['readBotSchema'],
  'POST /v1/bots/{bot_id}/conversations': ['openConversation'],
  'POST /v1/conversations/{id}/messages': ['sendMessage', 409],
  'POST /v1/conversations/{id}/files': ['sendFile', 409],
  'GET /v1/conversations/{id}/events': ['readEvents'],
  'POST /v1/conversations/{id}/close': ['closeConversation'],
  'PUT /v1/conversations/{id}/sign-in': ['renewSignedIn'],
  'POST /v1/conversations/{id}/sign-ins/{attempt_id}/cancel': ['cancelSignIn'],
  'POST /v1/conversations/{id}/sign-ins/{attempt_id}/renew': ['renewSignIn', 409],
  'GET /v1/conversations/{id}/connections': ['listMyConnections'],
  'DELETE /v1/conversations/{id}/connections/{connection_id}': ['endMyConnection'],
  'POST /thirdparty-services-0.1/webview': ['sendFromWebView', 401, 429],
  'POST /v1/accounts': ['createAccount'],
  'GET /v1/accounts/{account_id}': ['readAccount'],
  ...resource('identity-providers', 'IdentityProvider', { put: [409, 422], create: [409], remove: [409] }),
  ...resource('credentials', 'Credential', { put: [409, 422], create: [409, 422], remove: [409] }),
  ...resource('environments', 'Environment', { put: [409], create: [409], remove: [409] }),
  ...resource('bots', 'Bot', { put: [422], create: [422], remove: [409] }),
  'POST /v1/accounts/{account_id}/bots/import': ['importBot', 422],
  'GET /v1/accounts/{account_id}/bots/{id}/versions': ['listBotVersions'],
  'GET /v1/accounts/{account_id}/bots/{id}/versions/{number}': ['readBotVersion'],
  'POST /v1/accounts/{account_id}/bots/{id}/publish': ['publishBot', 412, 422],
  'POST /v1/accounts/{account_id}/bots/{id}/rollback': ['rollBackBot', 412],
  'POST /v1/accounts/{account_id}/integrations/import': ['importIntegration', 409],
  'POST /v1/accounts/{account_id}/integrations/test': ['tryIntegration'],
  'POST /v1/accounts/{account_id}/bots/{id}/integrations/test': ['tryIntegrationOfBot'],
  'GET /v1/accounts/{account_id}/conversations': ['listConversations'],
  'GET /v1/accounts/{account_id}/conversations/{id}': ['readConversation'],
  'GET /v1/accounts/{account_id}/conversations/{id}/trace': ['readTrace'],
  'GET /v1/accounts/{account_id}/conversations/{id}/script': ['readScript'],
  'POST /v1/accounts/{account_id}/conversations/{id}/messages': ['sendAgentMessage', 409],
  'POST /v1/accounts/{account_id}/conversations/{id}/transfer': ['endTransfer', 409],
  'GET /v1/accounts/{account_id}/connections': ['listConnections'],
  'DELETE /v1/accounts/{account_id}/connections/{id}': ['revokeConnection'],
  'GET /v1/accounts/{account_id}/audit': ['listAudit'],
  'GET /v1/accounts/{account_id}/audit/verify': ['verifyAudit'],
};

function resource(path: string, term: string, may: Record<'put' | 'create' | 'remove', Status[]>) {
  const url = `/v1/accounts/{account_id}/${path}`;
  return {
    [`GET ${url}`]: [`list${term}s`],
    [`POST ${url}`]: [`create${term}`, ...may.create],
    [`GET ${url}/{id}`]: [`read${term}`],
    [`PUT ${url}/{id}`]: [`replace${term}`, 412, ...may.put],
    [`DELETE ${url}/{id}`]: [`delete${term}`, 412, ...may.remove],
  } as const;
}

/** The statuses that are named, and what each is called in `components.responses`. Anything else is the default answer. */
const names: Partial<Record<Status, [name: string, description: string]>> = {
  400: ['InvalidBody', 'The body, a parameter or a header is not valid: `errors` names the places'],
  401: ['Unauthorized', 'No token, or none that is valid here'],
  403: ['Forbidden', 'The token is valid and not for this, or a page of another site asks'],
  404: ['NotFound', 'There is no such thing, or it is another account’s'],
  409: ['Conflict', 'It does not fit the present state: a name is taken, something is in use, or it has ended'],
  412: ['PreconditionFailed', '`If-Match` is not the present `ETag`'],
  413: ['BodyTooLarge', 'The body is larger than this takes'],
  415: ['UnsupportedMediaType', 'The body is of another content type'],
  422: ['Unprocessable', 'The bot document has errors, or which identity provider is meant is not clear'],
  429: ['RateLimited', 'Too many requests; `Retry-After` says how many seconds to wait'],
};

/** `components.responses`: the problem documents, by status. */
export function problemResponses(): Node {
  const content = { 'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } } };
  return Object.fromEntries([
    ...Object.values(names).map(([name, description]) => [name, { description, content }]),
    ['Problem', { description: 'The request was refused or failed', content }],
  ]);
}

/** The paths with a name for each operation, and the problems that each can answer with. */
export function withOperations(paths: Node): Node {
  return eachOperation(paths, (operation, method, path) => {
    const [operationId, ...also] = operations[`${method.toUpperCase()} ${path}`] ?? [];
    const statuses = [...problemsOf(operation, path), ...also].filter((status) => names[status] !== undefined);
    const problems = statuses.map((status) => [status, { $ref: `#/components/responses/${names[status]?.[0]}` }]);
    const responses = {
      ...Object.fromEntries(problems),
      ...(isObject(operation['responses']) ? operation['responses'] : {}),
    };
    return { ...(operationId === undefined ? {} : { operationId }), ...operation, responses };
  });
}

/** What follows from how every route is built: guard, limits, schemas. */
function problemsOf(operation: Node, path: string): Status[] {
  const isOfApi = path.startsWith('/v1/');
  const takesBody = operation['requestBody'] !== undefined;
  return [
    ...(isOfApi || takesBody ? ([400] as const) : []),
    ...(isOfApi && operation['security'] === undefined ? ([401] as const) : []),
    ...(path.startsWith('/v1/accounts') ? ([403] as const) : []),
    ...(isOfApi && path.includes('{') ? ([404] as const) : []),
    ...(takesBody ? ([413, 415] as const) : []),
    ...(isOfApi ? ([429] as const) : []),
  ];
}

function eachOperation(paths: Node, change: (operation: Node, method: string, path: string) => Node): Node {
  const changed = (path: string, methods: Node) =>
    Object.entries(methods).map(([method, operation]) => [
      method,
      isObject(operation) ? change(operation, method, path) : operation,
    ]);
  return Object.fromEntries(
    Object.entries(paths).map(([path, methods]) => [
      path,
      isObject(methods) ? Object.fromEntries(changed(path, methods)) : methods,
    ]),
  );
}
