import rateLimit from '@fastify/rate-limit';
import type { TypeBoxTypeProvider } from '@fastify/type-provider-typebox';
import fastify, { type FastifyInstance, type FastifyPluginAsync, type FastifyRequest } from 'fastify';
import type { Registry } from 'prom-client';
import type { Delegation } from '../delegation/delegation.ts';
import type { Providers } from '../delegation/provider.ts';
import type { Runtime } from '../runtime/runtime.ts';
import type { Sandbox } from '../sandbox/sandbox.ts';
import { embedOriginsOf } from '../store/bot-version.ts';
import type { Database } from '../store/database.ts';
import type { Vault } from '../vault/vault.ts';
import { newId } from '../world/id.ts';
import { Problem } from '../world/problem.ts';
import type { World } from '../world/world.ts';
import { accountRoutes } from './account/account-routes.ts';
import { collectMethods } from './allowed-methods.ts';
import type { App } from './app.ts';
import { botSchemaRoute } from './bot-schema.ts';
import { answerBrokenRequest } from './broken-request.ts';
import { chatPage } from './chat-page.ts';
import { consumerRoutes } from './consumer/consumer-routes.ts';
import { createSessionGuard } from './consumer/session-guard.ts';
import { healthRoutes } from './health.ts';
import { createHostRouting } from './host-routing.ts';
import type { HttpConfig } from './http-config.ts';
import { webViewRoute } from './liveperson/web-view.ts';
import { bodyText, parseBody } from './json-body.ts';
import { answerMissingPage, wantsPage } from './missing-page.ts';
import { openapi } from './openapi.ts';
import { answerProblem, problemOf } from './problem-answer.ts';
import { checkHead, maxHeaderSize } from './request-head.ts';
import { routeLimits } from './rate-limits.ts';
import { countOwed } from './revocation-metrics.ts';
import { logRequests } from './request-log.ts';
import { setSecurityHeaders } from './security-headers.ts';
import { serveWebFiles } from './web-files.ts';

export interface ServerParts {
  runtime: Runtime;
  delegation: Delegation;
  db: Database;
  vault: Vault;
  world: World;
  config: HttpConfig;
  sandbox: Sandbox;
  metrics: Registry;
  /** Folder of the built pages, `dist/web`. */
  webRoot: string;
  /** The sign-in pages. */
  signIn: FastifyPluginAsync;
  /** Reads a provider's metadata, by discovery where it is not configured by hand. */
  providers: Pick<Providers, 'resolve'>;
  /** Further pages, such as the demo's start page. */
  pages?: FastifyPluginAsync;
}

/** bytes */
const bodyLimit = 64 * 1024;

/** Every route of the contract on one server that does not listen yet: parse, authorize, call, answer. */
export function createServer(parts: ServerParts): FastifyInstance {
  const app = bareServer(parts);
  const methods = collectMethods(app);
  guardEveryRequest(app, parts);
  answerProblems(app, parts, methods);
  logRequests(app, { log: parts.world.log, metrics: parts.metrics });
  app.register(rateLimit, { global: false, errorResponseBuilder: tooMany });
  app.register(async (scope: App) => {
    await openapi(scope, parts.config);
    await routes(scope, parts);
  });
  return app;
}

function bareServer({ world, config }: ServerParts): App {
  const app = fastify({
    bodyLimit,
    logger: false, // our own line per answer, without URLs and headers
    trustProxy: config.trustProxy.length > 0 ? [...config.trustProxy] : false,
    requestIdHeader: false,
    genReqId: () => newId(world.random, 'req'),
    requestTimeout: 30_000,
    http: { maxHeaderSize },
    clientErrorHandler: answerBrokenRequest,
    forceCloseConnections: 'idle',
    return503OnClosing: false,
    ajv: { customOptions: { removeAdditional: false, coerceTypes: false, useDefaults: false, allErrors: true } },
    // A path that cannot be read leads to no route, so no hook has run.
    frameworkErrors(error, request, reply) {
      setSecurityHeaders(reply, config.publicUrl);
      reply.header('x-request-id', request.id);
      if (wantsPage(request)) answerMissingPage(request, reply, world.random);
      else answerProblem(reply, problemOf(error));
    },
  }).withTypeProvider<TypeBoxTypeProvider>();
  app.removeAllContentTypeParsers();
  app.addContentTypeParser('application/json', { parseAs: 'buffer' }, async (request: FastifyRequest, body: Buffer) =>
    parseBody(bodyText(body, request.headers)),
  );
  // Answers are ours: their schemas document them, and are tested; dropping or coercing fields while sending hides faults.
  app.setSerializerCompiler(() => (answer) => JSON.stringify(answer));
  return app;
}

function guardEveryRequest(app: App, { config }: ServerParts): void {
  const checkHost = createHostRouting(config);
  app.addHook('onRequest', async (request, reply) => {
    setSecurityHeaders(reply, config.publicUrl);
    reply.header('x-request-id', request.id);
    checkHead(request, reply);
    await checkHost(request);
    if (request.url.startsWith('/v1/')) checkIds(request.params);
  });
}

/** Ids of ours have no other characters; anything else is nobody's, and never reaches a statement. */
function checkIds(params: unknown): void {
  if (typeof params !== 'object' || params === null) return;
  for (const [name, id] of Object.entries(params)) {
    if (name !== '*' && !/^[A-Za-z0-9_.-]{1,128}$/.test(String(id)))
      throw new Problem('not_found', 'There is nothing here.');
  }
}

function answerProblems(app: App, { world }: ServerParts, methods: (path: string) => string[]): void {
  app.setErrorHandler((error, request, reply) => {
    const problem = problemOf(error);
    if (problem.status >= 500) {
      const route = request.routeOptions.url;
      world.log.error({ request_id: request.id, route, error: textOf(error) }, 'request failed');
    }
    if (problem.status === 404 && wantsPage(request)) return answerMissingPage(request, reply, world.random);
    return answerProblem(reply, problem);
  });
  app.setNotFoundHandler((request, reply) => {
    const allowed = methods(request.url.split('?')[0] ?? '');
    if (allowed.length === 0 && wantsPage(request)) return answerMissingPage(request, reply, world.random);
    if (allowed.length === 0) return answerProblem(reply, new Problem('not_found', 'There is nothing here.'));
    reply.header('allow', allowed.join(', '));
    return answerProblem(reply, new Problem('method_not_allowed', `This takes ${allowed.join(', ')}.`));
  });
}

const textOf = (error: unknown) =>
  error instanceof Error ? (error.stack ?? error.message) : 'something that is no error';

const tooMany = (_request: unknown, context: { after: string }) =>
  new Problem('rate_limited', `Too many requests; try again in ${context.after}.`);

async function routes(app: App, parts: ServerParts): Promise<void> {
  const { db, vault, world, config, metrics, runtime, sandbox } = parts;
  const limits = routeLimits(config.rateLimits);
  countOwed(metrics, db);
  healthRoutes(app, { db, sandbox, metrics, clock: world.clock });
  botSchemaRoute(app);
  const guard = createSessionGuard(runtime);
  const embedOrigins = (bot_id: string) => embedOriginsOf(db, bot_id);
  await app.register(async (scope: App) => {
    await consumerRoutes(scope, { runtime, db, vault, world, config, metrics, limits, guard, embedOrigins });
    webViewRoute(scope, { runtime, limits });
  });
  await app.register(async (scope: App) => accountRoutes(scope, { ...parts, limits }));
  const web = await serveWebFiles(app, { root: parts.webRoot, log: world.log });
  chatPage(app, { db, web });
  await app.register(parts.signIn);
  if (parts.pages) await app.register(parts.pages);
}
