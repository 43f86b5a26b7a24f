import type { BotDocument, Dialog, Integration, Interaction } from '../bot/document.ts';
import { advance, type EngineState, initialState } from './advance.ts';
import { type Bot, compile } from './compile.ts';
import type {
  CallResult,
  Emitted,
  EngineTrace,
  Facts,
  Input,
  Need,
  OutgoingMessage,
  ScriptResult,
  Understanding,
} from './step.ts';

/** Answers what the engine needs, as the runtime would. */
export interface Answers {
  call?: (need: Extract<Need, { type: 'call' }>) => CallResult | { parked: string };
  /** Regular expressions cannot be matched, as when they run into their limit. */
  regexes_fail?: boolean;
  script?: (need: Extract<Need, { type: 'script' }>) => ScriptResult;
  understand?: (need: Extract<Need, { type: 'understand' }>) => Understanding;
  transfer?: (need: Extract<Need, { type: 'transfer' }>) => boolean;
}

export interface Replayed {
  state: EngineState;
  messages: OutgoingMessage[];
  texts: string[];
  traces: EngineTrace[];
  emitted: Emitted[];
  needs: Need[];
  closed: boolean;
}

export const facts: Facts = {
  conversation_id: 'conv_1',
  consumer_id: 'cons_1',
  account_id: 'acct_1',
  bot_id: 'bot_1',
  channel: 'web',
  locale: 'en-US',
  environment: { host: 'https://api.example' },
};

export const found: CallResult = { outcome: 'success', status: 200, body: '{"item":"Copper Kettle"}' };
export const silent: ScriptResult = { effects: [] };

/** A conversation in memory: drives the engine from input to input, rewriting the state as JSON at every step. */
export function converse(document: BotDocument, answers: Answers = {}, about: Partial<Facts> = {}) {
  const bot: Bot = compile(document);
  let state = initialState();
  const feed = (input: Input, from: EngineState = state): Replayed => {
    state = from;
    const nothing = { messages: [], texts: [], traces: [], emitted: [], needs: [] };
    const replayed: Replayed = { state, ...nothing, closed: false };
    let next: Input | undefined = input;
    while (next) {
      const step = advance({ bot, facts: { ...facts, ...about } }, asStored(state), next);
      state = step.state;
      replayed.emitted.push(...step.emitted);
      for (const emitted of step.emitted) {
        if (emitted.type === 'message') replayed.messages.push(emitted.message);
        if (emitted.type === 'trace') replayed.traces.push(emitted.entry);
        if (emitted.type === 'close') replayed.closed = true;
      }
      if (step.need) replayed.needs.push(step.need);
      next = step.need && answer(step.need, answers);
    }
    return { ...replayed, state, texts: replayed.messages.map(({ text = '' }) => text) };
  };
  return {
    feed,
    say: (text: string, at = 1_000): Replayed => feed({ type: 'message', text, at }),
    tap: (postback: string): Replayed => feed({ type: 'message', text: postback, postback, at: 1_000 }),
  };
}

function answer(need: Need, answers: Answers): Input {
  if (need.type === 'script') return { type: 'script_ended', result: answers.script?.(need) ?? silent };
  if (need.type === 'regex' && answers.regexes_fail) return { type: 'regex_matched', matched: [], failed: true };
  if (need.type === 'regex')
    return { type: 'regex_matched', matched: need.regexes.map((regex) => new RegExp(regex, 'i').test(need.text)) };
  if (need.type === 'understand')
    return { type: 'understood', understanding: answers.understand?.(need) ?? { intents: [], entities: [] } };
  if (need.type === 'transfer') return { type: 'transferred', accepted: answers.transfer?.(need) ?? true };
  if (need.type === 'route') return { type: 'not_routed', reason: 'there is no other bot here' };
  const result = answers.call?.(need) ?? found;
  return 'parked' in result ? { type: 'call_parked', call_id: result.parked } : { type: 'call_ended', result };
}

/** What a store gives back for a state it was given. */
export function asStored(state: EngineState): EngineState {
  return JSON.parse(JSON.stringify(state));
}

export function botOf(dialogs: Dialog[], more: Partial<BotDocument> = {}): BotDocument {
  return { format: 'errand.bot/1', name: 'Test bot', dialogs, integrations: [orders], ...more };
}

/** A dialog whose interactions are named by their ids. */
export function dialogOf(id: string, ...interactions: Interaction[]): Dialog {
  return { id, name: id, type: 'standard', interactions };
}

export function starter(id: string, ...patterns: string[]): Interaction {
  return { id, name: id, type: 'starter', patterns };
}

export function text(
  id: string,
  content: string,
  more: Partial<Extract<Interaction, { type: 'text' }>> = {},
): Interaction {
  return { id, name: id, type: 'text', text: content, ...more };
}

export function question(
  id: string,
  content: string,
  more: Partial<Extract<Interaction, { type: 'text_question' }>> = {},
): Interaction {
  return { id, name: id, type: 'text_question', text: content, ...more };
}

export function integration(
  id: string,
  more: Partial<Extract<Interaction, { type: 'integration' }>> = {},
): Interaction {
  return { id, name: id, type: 'integration', integration: 'Orders', ...more };
}

export const orders: Integration = {
  id: 'orders',
  name: 'Orders',
  type: 'api',
  method: 'GET',
  url: '{$env.host}/orders/{$botContext.number}',
  headers: [{ key: 'Authorization', value: 'Bearer {$botContext.cidp_accessToken}' }],
  response_variable: 'Orders',
  fields: [
    { key: 'item', value: '{$.api_Orders.item}' },
    { key: 'all', value: '{$.api_Orders.items[i].name}' },
  ],
};
