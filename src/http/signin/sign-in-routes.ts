/** The sign-in pages and the callbacks: server-rendered, complete without scripts, nothing loaded from elsewhere. */
import type { FastifyInstance, FastifyPluginAsync, FastifyReply, FastifyRequest } from 'fastify';
import { asCallbackQuery } from '../../delegation/callback-query.ts';
import type { SignInPages } from '../../delegation/sign-in-pages.ts';
import { randomText } from '../../world/id.ts';
import { Problem } from '../../world/problem.ts';
import { type Clock, type Random, systemClock, systemRandom } from '../../world/world.ts';
import { browserCookieName } from '../consumer/browser-cookie.ts';
import { createPressLimits, type defaultPressLimits } from './press-limits.ts';
import { type Page, renderNotice, renderView } from './render.ts';

export interface SignInRoutesParts {
  pages: SignInPages;
  publicUrl: string;
  random?: Random;
  clock?: Clock;
  /** Other limits than the usual ones. */
  limits?: typeof defaultPressLimits;
}

interface LinkRoute {
  Params: { link: string };
}
interface CallbackRoute {
  Params: { account_id: string; leaf: string };
}

/** bytes; the form has one short field. */
const bodyLimit = 4_096;
/** bytes: 100 kB of any script, percent-encoded. */
const answerLimit = 640 * 1024;

export function signInRoutes(parts: SignInRoutesParts): FastifyPluginAsync {
  return async (app) => {
    readForms(app);
    const config = { surface: 'consumer' as const };
    const limits = createPressLimits(parts.clock ?? systemClock, parts.limits);
    app.addHook('preHandler', async (request, reply) => {
      const { link } = linkOf(request.params);
      const press = request.method === 'POST' || link === null;
      const wait = limits.refusal({ link, address: request.ip, press });
      if (wait === undefined) return;
      reply.header('retry-after', String(wait));
      return show(parts, reply, (nonce) => renderNotice('busy', { nonce, locale: localeOf(request) }));
    });
    app.get<LinkRoute>('/sign-in/:link', { config }, async (request, reply) => {
      const view = await parts.pages.visit(request.params.link, browserOf(parts, request));
      const known = view.kind === 'continue' && comesAnew(request) ? { ...view, cookies_missing: false } : view;
      return show(parts, reply, (nonce) => renderView(known, nonce));
    });
    app.post<LinkRoute>('/sign-in/:link', { config, bodyLimit }, (request, reply) => proceed(parts, request, reply));
    // Whoever only asks for the head of a page, as scanners do, must not spend a code.
    app.get<CallbackRoute>('/callback/:account_id/:leaf', { config, exposeHeadRoute: false }, (request, reply) =>
      callback(parts, request, reply),
    );
    app.post<CallbackRoute>('/callback/:account_id/:leaf', { config, bodyLimit: answerLimit }, sendOn);
  };
}

async function proceed(parts: SignInRoutesParts, request: FastifyRequest<LinkRoute>, reply: FastifyReply) {
  const { link } = request.params;
  if (!isOwnPost(parts, request))
    return show(parts, reply, (nonce) => renderNotice('refused', { nonce, locale: localeOf(request) }));
  const done = await parts.pages.proceed(link, browserOf(parts, request), visitOf(request.body));
  switch (done.kind) {
    case 'redirect':
      return reply.header('referrer-policy', 'no-referrer').redirect(done.url, 303);
    case 'look':
      if (done.set_browser !== null) reply.header('set-cookie', cookie(parts, done.set_browser));
      return reply.redirect(`/sign-in/${encodeURIComponent(link)}`, 303);
    default:
      return show(parts, reply, (nonce) => renderView(done, nonce));
  }
}

async function callback(parts: SignInRoutesParts, request: FastifyRequest<CallbackRoute>, reply: FastifyReply) {
  const { account_id, leaf } = request.params;
  const at = request.url.indexOf('?');
  if (at === -1) return show(parts, reply, (nonce) => renderNotice('callback', { nonce, locale: localeOf(request) }));
  const query = request.url.slice(at + 1);
  const { link } = await parts.pages.callback({ account_id, leaf, query, browser: browserOf(parts, request) });
  // The next page's address has neither code nor state, so neither history nor a Referer keeps them (L7).
  return reply.header('referrer-policy', 'no-referrer').redirect(link ?? callbackPath(request.params), 303);
}

/**
 * A provider that answers with a form (`response_mode=form_post`): the browser sends it from the provider's site, so without
 * our cookie. Nothing is looked at here: the same is asked again as a GET of our own, which has the cookie (P14).
 */
async function sendOn({ body, params }: FastifyRequest<CallbackRoute>, reply: FastifyReply) {
  if (!(body instanceof URLSearchParams))
    throw new Problem(
      'unsupported_media_type',
      'A provider answers here with a form, as application/x-www-form-urlencoded.',
    );
  const where = `${callbackPath(params)}?${asCallbackQuery(body)}`;
  return reply.header('referrer-policy', 'no-referrer').redirect(where, 303);
}

/** Made of its parts: what a request calls its own address may name another host. */
function callbackPath({ account_id, leaf }: CallbackRoute['Params']): string {
  return `/callback/${encodeURIComponent(account_id)}/${encodeURIComponent(leaf)}`;
}

function show(parts: SignInRoutesParts, reply: FastifyReply, render: (nonce: string) => Page): FastifyReply {
  const nonce = randomText(parts.random ?? systemRandom, 16);
  const page = render(nonce);
  return reply
    .code(page.status)
    .headers(pageHeaders(page, nonce))
    .type('text/html; charset=utf-8')
    .serializer((body: string) => body)
    .send(page.html);
}

/**
 * No `form-action` where the form leads to the provider: it would block the redirect. `same-origin` there, because with
 * `no-referrer` our own POST would carry `Origin: null`. No COOP: the page may run in a window that the chat opened.
 */
function pageHeaders(page: Page, nonce: string): Record<string, string> {
  const policy = [
    "default-src 'none'",
    `script-src 'nonce-${nonce}'`,
    `style-src 'nonce-${nonce}'`,
    "connect-src 'self'",
    "base-uri 'none'",
    "frame-ancestors 'none'",
    ...(page.has_form ? [] : ["form-action 'none'"]),
  ];
  return {
    'content-security-policy': policy.join('; '),
    'referrer-policy': page.has_form ? 'same-origin' : 'no-referrer',
    'cache-control': 'no-store',
    'x-content-type-options': 'nosniff',
    'x-robots-tag': 'noindex',
  };
}

/** A browser says where a request comes from; a client that is no browser sends the exact `Origin`, or is refused (F5). */
function isOwnPost(parts: SignInRoutesParts, request: FastifyRequest): boolean {
  const site = request.headers['sec-fetch-site'];
  if (site !== undefined) return site === 'same-origin';
  return request.headers.origin === new URL(parts.publicUrl).origin;
}

/** Whoever follows the link from elsewhere has not pressed Continue just now: that another one did says nothing of his cookies. */
function comesAnew({ headers }: FastifyRequest): boolean {
  const site = headers['sec-fetch-site'];
  return site !== undefined && site !== 'same-origin';
}

/** This browser's cookie; with two of that name nobody knows which is ours, so there is none. */
function browserOf(parts: SignInRoutesParts, request: FastifyRequest): string | null {
  const name = browserCookieName(parts.publicUrl);
  const values = (request.headers.cookie ?? '')
    .split(';')
    .map((pair) => pair.trim())
    .filter((pair) => pair.startsWith(`${name}=`))
    .map((pair) => pair.slice(name.length + 1));
  const [first] = values;
  return first !== undefined && new Set(values).size === 1 ? first : null;
}

function cookie(parts: SignInRoutesParts, value: string): string {
  const secure = parts.publicUrl.startsWith('https:') ? '; Secure' : '';
  return `${browserCookieName(parts.publicUrl)}=${value}; Path=/; HttpOnly; SameSite=Lax${secure}`;
}

function visitOf(body: unknown): string | null {
  const visit = body instanceof URLSearchParams ? body.get('visit') : null;
  return visit !== null && /^\d{1,9}$/.test(visit) ? visit : null;
}

/** Null on a callback, which names no link. */
function linkOf(params: unknown): { link: string | null } {
  const named = typeof params === 'object' && params !== null && 'link' in params;
  return { link: named ? String(params.link) : null };
}

function localeOf(request: FastifyRequest): string {
  return /^\s*de\b/i.test(request.headers['accept-language'] ?? '') ? 'de' : 'en';
}

/** A form of ours, or nothing that is looked at. */
function readForms(app: FastifyInstance): void {
  app.addContentTypeParser(
    'application/x-www-form-urlencoded',
    { parseAs: 'string' },
    async (_: unknown, body: string | Buffer) => new URLSearchParams(String(body)),
  );
}
