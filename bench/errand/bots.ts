import type { BotDocument } from '../../src/bot/document.ts';

type Interactions = BotDocument['dialogs'][number]['interactions'];

const starter: Interactions[number] = { id: 'start', name: 'start', type: 'starter', patterns: ['*'] };
const echo = { id: 'echo', name: 'echo', type: 'text', text: 'You said: {$userMessage}', next: { go: 'end' } } as const;

function bot(interactions: Interactions, integrations: BotDocument['integrations'] = []): BotDocument {
  const dialogs = [{ id: 'd', name: 'Dialog', type: 'standard' as const, interactions }];
  return { format: 'errand.bot/1', name: 'Bench', dialogs, integrations };
}

/** What the author of a usual hook does: read the context, compute a little, set a variable. */
const script = `var count = Number(botContext.getBotVariable('count') || 0) + 1;
botContext.setBotVariable('count', String(count), true, false);`;

/** The bots of the bench; `brand` is the origin of the stub that plays API and provider. */
export function benchBots(brand: string): Record<BotName, BotDocument> {
  const order = {
    id: 'i',
    name: 'Order',
    type: 'api',
    method: 'GET',
    response_variable: 'order',
    credential: 'Brand',
  } as const;
  const call = { id: 'call', name: 'call', type: 'integration', integration: 'Order' } as const;
  const answer = { ...echo, text: 'Your order: {$.api_order.status}' };
  return {
    text: bot([starter, echo]),
    script: bot([starter, { ...echo, pre_process: script }]),
    order: bot([starter, call, answer], [{ ...order, url: `${brand}/order` }]),
  };
}

export type BotName = 'text' | 'script' | 'order';
