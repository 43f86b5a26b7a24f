import type { FastifyReply, FastifyRequest } from 'fastify';
import { catalogueFor, languageOf } from '../api/catalogue/catalogue.ts';
import { randomText } from '../world/id.ts';
import type { Random } from '../world/world.ts';
import { preferredLocale } from './chat-page.ts';
import { Html, html } from './signin/page.ts';
import { style } from './signin/page-style.ts';

/** A person looks at this path, not a program: a browser asks for a page, and the APIs have none. */
export function wantsPage({ method, url, headers }: FastifyRequest): boolean {
  if (method !== 'GET' || url.startsWith('/v1/')) return false;
  return (headers.accept ?? '').split(',').some((type) => type.trim().toLowerCase().startsWith('text/html'));
}

/** What stands where nothing is: a page of the sign-in pages' look, without scripts, that repeats nothing of the address. */
export function answerMissingPage(request: FastifyRequest, reply: FastifyReply, random: Random): FastifyReply {
  const locale = preferredLocale(request.headers['accept-language']);
  const { missing } = catalogueFor(locale);
  const path = request.url.split('?')[0] ?? '/';
  const kind = path === '/' ? 'home' : path.startsWith('/chat/') ? 'bot' : 'page';
  const nonce = randomText(random, 16);
  const title = missing[`${kind}_title`];
  const page = html`<!doctype html>
<html lang="${languageOf(locale)}"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1, viewport-fit=cover"><meta name="robots" content="noindex"><meta name="color-scheme" content="light dark"><title>${title}</title>${new Html(`<style nonce="${nonce}">${style}</style>`)}</head>
<body><main><h1>${title}</h1><p>${missing[kind]}</p></main></body></html>
`;
  const policy = `default-src 'none'; style-src 'nonce-${nonce}'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'`;
  return reply
    .code(404)
    .header('content-security-policy', policy)
    .type('text/html; charset=utf-8')
    .serializer((body: string) => body)
    .send(page.text);
}
