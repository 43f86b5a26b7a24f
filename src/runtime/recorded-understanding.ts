/** What a recogniser outside the bot has understood in a recorded conversation: a script has none to ask. */
import type { ScriptSetup } from '../api/conversation-script.ts';
import type { BotDocument } from '../bot/document.ts';
import type { TraceItem } from '../store/trace.ts';

type Understood = NonNullable<ScriptSetup['nlu']>;

/** A script can say which intents are understood, and not which entities: those the bot does not find by itself are noted. */
export function recordedUnderstanding(
  trace: readonly TraceItem[],
  documents: readonly BotDocument[],
): { nlu: Understood; notes: string[] } {
  if (!documents.some(({ recogniser }) => recogniser)) return { nlu: [], notes: [] };
  const missing = trace.flatMap((item) => entitiesIn(item).filter((found) => !isOfBots(found, documents)));
  const names = [...new Set(missing.map(({ entity }) => String(entity)))];
  const note = `The recogniser found entities (${names.join(', ')}) that no script can give; here they are not found.`;
  return { nlu: intentsIn(trace), notes: names.length > 0 ? [note] : [] };
}

function intentsIn(trace: readonly TraceItem[]): Understood {
  let utterance = '';
  return trace.flatMap((item) => {
    if (item.kind === 'message' && item.from === 'consumer') utterance = String(item.text);
    if (item.kind !== 'understood' || !Array.isArray(item.intents)) return [];
    return item.intents.map(({ id, name, score }) => ({ utterance, intent_id: id, intent: name, score }));
  });
}

function entitiesIn({ kind, entities }: TraceItem): { entity?: unknown; value?: unknown }[] {
  return kind === 'understood' && Array.isArray(entities) ? entities : [];
}

/** One that a bot's own list or expression has found, or would have. */
function isOfBots(found: { entity?: unknown; value?: unknown }, documents: readonly BotDocument[]): boolean {
  return documents.some(({ entities = [] }) =>
    entities.some(
      (own) =>
        own.name === found.entity && (own.type === 'regex' || own.values.some(({ value }) => value === found.value)),
    ),
  );
}
