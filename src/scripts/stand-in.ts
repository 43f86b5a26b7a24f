import type { ScriptSetup } from '../api/conversation-script.ts';
import type { BotDocument } from '../bot/document.ts';
import type { StandIn } from '../runtime/stand-in.ts';
import type { UnderstoodIntent } from '../engine/step.ts';
import { rankOf } from '../nlu/recognition.ts';
import type { Json } from '../world/json.ts';

/** What a script's `setup` says of the consumer, and of what is understood in her words. */
export function createStandIn(setup: ScriptSetup, document: BotDocument): StandIn {
  const understood = Map.groupBy(setup.nlu ?? [], ({ utterance }) => normal(utterance));
  // It was read from JSON a moment ago.
  const customer = setup.lp_customer_info as Json | undefined;
  return {
    facts: customer === undefined ? {} : { consumer: { customer } },
    takes_transfers: setup.transfer !== 'fail',
    understanding: (text) => {
      const intents = understood.get(normal(text))?.map((entry) => intentOf(entry, document));
      return intents && { intents: intents.sort((one, other) => other.score - one.score), entities: [] };
    },
  };
}

function intentOf(
  { intent_id, intent, score = 1 }: NonNullable<ScriptSetup['nlu']>[number],
  { intents = [] }: BotDocument,
): UnderstoodIntent {
  const known = intents.find(({ id, name }) => id === intent_id || name === intent);
  const id = intent_id ?? known?.id ?? intent ?? '';
  return { id, name: intent ?? known?.name ?? id, score, rank: rankOf(score) };
}

function normal(text: string): string {
  return text.trim().toLowerCase().replace(/\s+/g, ' ');
}
