import type { FastifyPluginAsync } from 'fastify';
import Type from 'typebox';
import { withWireTimes } from '../src/http/account/wire-time.ts';
import type { App } from '../src/http/app.ts';
import { preferredLocale } from '../src/http/chat-page.ts';
import { pagePolicy, renderShell } from '../src/http/page-shell.ts';
import { createWebFiles } from '../src/http/web-files.ts';
import type { Database } from '../src/store/database.ts';
import { readTrace } from '../src/store/trace.ts';
import { join } from 'node:path';
import { Problem } from '../src/world/problem.ts';
import type { Brand } from './brand/start-brand.ts';
import type { DemoSetup } from './set-up.ts';

export interface DemoPagesParts {
  /** What the demo has started and set up by now. */
  running: { readonly brand?: Brand; readonly setup?: DemoSetup };
  db: Database;
  webRoot: string;
}

const Control = Type.Object(
  {
    action: Type.Union(
      (['expire_token', 'provider_down', 'provider_up', 'brand_down', 'brand_up', 'revoke', 'reset'] as const).map(
        (name) => Type.Literal(name),
      ),
    ),
    conversation_id: Type.Optional(Type.String({ maxLength: 128 })),
  },
  { additionalProperties: false },
);

/** The start page of the demo and what its buttons do. Only the demo has these routes. */
export function demoPages(parts: DemoPagesParts): FastifyPluginAsync {
  const web = createWebFiles(join(parts.webRoot, 'manifest.json'));
  return async (app: App) => {
    const config = { surface: 'consumer' as const };
    app.get('/', { config }, async (request, reply) => {
      const locale = preferredLocale(request.headers['accept-language']);
      return reply
        .headers({ 'content-security-policy': pagePolicy, 'referrer-policy': 'same-origin' })
        .type('text/html; charset=utf-8')
        .send(renderShell({ title: 'Errand', locale, assets: web.entry('start'), data: { locale } }));
    });
    app.get('/demo/state', { config }, async () => stateOf(parts));
    app.post<{ Body: { action: Action } }>('/demo/control', { config, schema: { body: Control } }, async (request) => {
      act(demoOf(parts).brand, request.body.action);
      return stateOf(parts);
    });
    app.get<{ Querystring: { conversation?: string; after?: string } }>('/demo/trace', { config }, async (request) => {
      const after = Number(request.query.after ?? '0');
      const items = await readTrace(parts.db, {
        conversation_id: request.query.conversation ?? '',
        after: Number.isSafeInteger(after) && after > 0 ? after : 0,
        limit: 200,
      });
      return { items: items.map(withWireTimes), next: null };
    });
  };
}

type Action = 'expire_token' | 'provider_down' | 'provider_up' | 'brand_down' | 'brand_up' | 'revoke' | 'reset';

function act({ control }: Brand, action: Action): void {
  const acts: Record<Action, () => unknown> = {
    expire_token: () => control.expireTokens(),
    provider_down: () => control.setProvider('down'),
    provider_up: () => control.setProvider('up'),
    brand_down: () => control.setApi('down'),
    brand_up: () => control.setApi('up'),
    revoke: () => control.revoke(),
    reset: () => control.reset(),
  };
  acts[action]();
}

function demoOf({ running: { brand, setup } }: DemoPagesParts) {
  if (!brand || !setup) throw new Problem('unavailable', 'The demo is still setting itself up: reload in a moment.');
  return { brand, setup };
}

function stateOf(parts: DemoPagesParts) {
  const { brand, setup } = demoOf(parts);
  const { provider, api } = brand.control.state();
  return { bots: setup.bots, users: brand.users, provider, brand: api === 'up' ? 'up' : 'down', brand_url: brand.url };
}
