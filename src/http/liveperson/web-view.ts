import Type from 'typebox';
import { NoQuery } from '../../api/common.ts';
import type { Runtime } from '../../runtime/runtime.ts';
import type { App } from '../app.ts';
import { webViewPath } from '../consumer/cross-origin.ts';
import type { RouteLimits } from '../rate-limits.ts';

const Id = Type.String({ minLength: 1, maxLength: 128 });
const Body = Type.Object(
  {
    botId: Id,
    conversationId: Id,
    userId: Id,
    message: Type.Optional(Type.String({ maxLength: 10_000 })),
    contextVariables: Type.Optional(
      Type.Array(Type.Unknown(), {
        maxItems: 200,
        description: '`{ "name", "value" }`, both texts; an entry of another shape is skipped',
      }),
    ),
  },
  { title: 'WebViewMessage' },
);

/**
 * LivePerson's Web View Integration API, for bots that have it switched on (`web_view_api`). Pages of any site may call it
 * from a browser, without cookies: its key is made of two ids that such a page knows.
 */
export function webViewRoute(
  app: App,
  { runtime, limits }: { runtime: Pick<Runtime, 'webView'>; limits: RouteLimits },
): void {
  app.post(
    webViewPath,
    {
      config: { surface: 'consumer', rateLimit: limits.consumer },
      schema: {
        tags: ['liveperson'],
        summary: "Send variables or a message from a page of the brand's (LivePerson's Web View Integration API)",
        description:
          'Off until a bot sets `web_view_api`. `Authorization` is the SHA-256, in hexadecimal, of `<conversationId> || <botId>`, without a scheme word. What comes this way is never a sign-in code, a confirmation or a sign-out.',
        security: [],
        querystring: NoQuery,
        body: Body,
        response: { 200: Type.Object({ success: Type.Boolean() }) },
      },
    },
    async (request) => {
      const {
        botId: bot_id,
        conversationId: conversation_id,
        userId: user_id,
        message,
        contextVariables,
      } = request.body;
      const key = request.headers.authorization ?? '';
      const variables = variablesIn(contextVariables ?? []);
      await runtime.webView({ key, bot_id, conversation_id, user_id, variables, ...(message && { message }) });
      return { success: true };
    },
  );
}

function variablesIn(list: readonly unknown[]): Record<string, string> {
  return Object.fromEntries(
    list.flatMap((one): [string, string][] => {
      if (typeof one !== 'object' || one === null || !('name' in one) || !('value' in one)) return [];
      const { name, value } = one;
      if (typeof name !== 'string' || name === '' || name.length > 200 || name === '__proto__') return [];
      const text = typeof value === 'number' || typeof value === 'boolean' ? String(value) : value;
      return typeof text === 'string' ? [[name, text]] : [];
    }),
  );
}
