import type { BotDocument, Interaction } from '../bot/document.ts';
import { calls, dialog, integration, says, snippet, starter } from './order-bot.test-parts.ts';

const login: Interaction = {
  id: 'login',
  name: 'login',
  type: 'button_question',
  text: 'Please verify that it is you.',
  buttons: [{ label: 'Login', type: 'link', callback: '{$botContext.external_auth_url}', target: 'new_window' }],
};

const authorization = [{ key: 'Authorization', value: 'Bearer {$botContext.cidp_accessToken}' }];

/** The seed's dialog. `change` is what an author got wrong. */
export function recipeBot(
  brandUrl: string,
  change: { snippet?: string; headers?: { key: string; value: string }[]; more?: BotDocument['dialogs'] } = {},
): BotDocument {
  const orders = calls('order-c', 'Orders', {
    pre_process: change.snippet ?? snippet,
    rules: [
      { name: 'failure', when: { match: 'api_result', status: 'failure' }, then: { go: 'interaction', id: 'login' } },
      { name: 'success', when: { match: 'api_result', status: 'success' }, then: { go: 'interaction', id: 'order-t' } },
    ],
  });
  return {
    format: 'errand.bot/1',
    name: 'Recipe desk',
    dialogs: [
      dialog('order', starter('order-s', '*my order*'), orders, login, says('order-t', 'It is a {Orders.item}.')),
      dialog('hello', starter('hello-s', 'hi'), says('hello-t', 'Hello.')),
      dialog('paint', starter('paint-s', 'paint'), {
        id: 'paint-q',
        name: 'paint-q',
        type: 'text_question',
        text: 'Which colour?',
      }),
      ...(change.more ?? []),
    ],
    integrations: [
      integration('Orders', {
        url: `${brandUrl}/orders`,
        credential: 'orders',
        headers: change.headers ?? authorization,
      }),
    ],
  };
}
