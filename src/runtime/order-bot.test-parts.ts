/** A bot that does a little of everything, for the runtime's tests. */
import type { BotDocument, Dialog, Integration, Interaction } from '../bot/document.ts';

export const dialog = (id: string, ...interactions: Interaction[]): Dialog => ({
  id,
  name: id,
  type: 'standard',
  interactions,
});

export const starter = (id: string, ...patterns: string[]): Interaction => ({
  id,
  name: id,
  type: 'starter',
  patterns,
});

export const says = (id: string, text: string): Interaction => ({
  id,
  name: id,
  type: 'text',
  text,
  next: { go: 'end' },
});

type Calling = Extract<Interaction, { type: 'integration' }>;

export const calls = (id: string, integration: string, more: Partial<Calling> = {}): Interaction => ({
  id,
  name: id,
  type: 'integration',
  integration,
  ...more,
});

/** A call whose answer has an `item`. */
export function integration(name: string, more: Partial<Integration> & Pick<Integration, 'url'>): Integration {
  return {
    id: name.toLowerCase(),
    name,
    type: 'api',
    method: 'GET',
    response_variable: name,
    timeout_ms: 2_000,
    fields: [{ key: 'item', value: `{$.api_${name}.item}` }],
    ...more,
  };
}

/** The seed's snippet, word for word. */
export const snippet = `var cidp_accessToken = botContext.getWebViewVariable('cidp_accessToken');
if(cidp_accessToken) {
  botContext.setBotVariable('cidp_accessToken',cidp_accessToken,true,false);
}`;

const managed = { credential: 'orders', scope: 'orders.read' };

/** Everything that can be said to it is named by its first words. */
export function orderBot(brandUrl: string): BotDocument {
  return {
    format: 'errand.bot/1',
    name: 'Order desk',
    dialogs: [
      dialog('hello', starter('hello-s', 'hi'), says('hello-t', 'Hello.')),
      dialog('echo', starter('echo-s', 'echo *'), says('echo-t', 'You said {$userMessage}')),
      dialog(
        'colour',
        starter('colour-s', 'paint'),
        { id: 'colour-q', name: 'colour-q', type: 'text_question', text: 'Which colour?' },
        says('colour-t', 'Painted {$userMessage}.'),
      ),
      dialog(
        'order',
        starter('order-s', '*my order*'),
        calls('order-c', 'Orders'),
        says('order-t', 'It is a {Orders.item}.'),
      ),
      dialog(
        'cancel',
        starter('cancel-s', 'drop *'),
        calls('cancel-c', 'Cancel'),
        says('cancel-t', 'Dropped {Cancel.item}.'),
      ),
      dialog('rename', starter('rename-s', 'rename *'), calls('rename-c', 'Rename'), says('rename-t', 'Renamed.')),
      dialog('book', starter('book-s', 'book'), calls('book-c', 'Book'), says('book-t', 'Booked {Book.item}.')),
      dialog(
        'repeat',
        starter('repeat-s', 'repeat'),
        calls('repeat-c', 'Repeat'),
        says('repeat-t', 'Repeated {Repeat.item}.'),
      ),
      dialog('look', starter('look-s', 'look'), calls('look-c', 'Look'), says('look-t', 'Saw {Look.item}.')),
      dialog(
        'twice',
        starter('twice-s', 'twice'),
        calls('twice-1', 'Look', { next: { go: 'interaction', id: 'twice-m' } }),
        { ...says('twice-m', 'One moment.'), next: { go: 'interaction', id: 'twice-2' } },
        calls('twice-2', 'Book', { next: { go: 'interaction', id: 'twice-t' } }),
        says('twice-t', 'Both: {Look.item} {Book.item}.'),
      ),
      dialog('bye', starter('bye-s', 'bye'), {
        ...says('bye-t', 'Goodbye.'),
        next: { go: 'close_conversation' },
      }),
    ],
    integrations: [
      integration('Orders', { url: `${brandUrl}/orders`, description: 'look up your order', ...managed }),
      integration('Cancel', { url: `${brandUrl}/cancel`, method: 'POST', description: 'drop your order', ...managed }),
      integration('Rename', { url: `${brandUrl}/rename`, method: 'POST', description: 'rename it', ...managed }),
      integration('Book', { url: `${brandUrl}/book`, method: 'POST' }),
      integration('Repeat', { url: `${brandUrl}/repeat`, method: 'POST', repeatable: true }),
      integration('Look', { url: `${brandUrl}/look` }),
    ],
  };
}
