import type { BotDocument } from '../bot/document.ts';
import type { FoundEntity } from '../engine/step.ts';
import { createRecogniser, type Recogniser } from '../nlu/recogniser.ts';
import { note, type Turn } from './turn.ts';

/** Of frozen versions: compiled once, gone with them. */
const recognisers = new WeakMap<BotDocument, Promise<Recogniser>>();

/** What a bot's own intents and lists recognise. */
export function recogniserOf(document: BotDocument): Promise<Recogniser> {
  const known = recognisers.get(document);
  if (known) return known;
  const made = createRecogniser(document, document.language);
  made.catch(() => recognisers.delete(document));
  recognisers.set(document, made);
  return made;
}

const longestText = 2_000;

/** Entities of authors' regular expressions: the first match of each, found in the sandbox, where one that backtracks for ever ends. */
export async function regexEntities(turn: Turn, text: string): Promise<FoundEntity[]> {
  const entities = (turn.bot.document.entities ?? []).filter((entity) => entity.type === 'regex');
  if (entities.length === 0) return [];
  const { rooms, conversation } = turn;
  const outcome = await rooms.sandbox.run({
    api: 'regex',
    tenant: conversation.account_id,
    lane: conversation.id,
    input: { text: text.slice(0, longestText), regexes: entities.map(({ regex }) => regex), flags: 'i', find: true },
  });
  for (const problem of outcome.ok ? (outcome.notes ?? []) : [outcome.message])
    note(turn, { kind: 'log', level: 'warn', text: `an entity could not be looked for: ${problem}` });
  const matches = outcome.ok && Array.isArray(outcome.output) ? outcome.output : [];
  return entities.flatMap(({ name }, at) => {
    const phrase = matches[at];
    return typeof phrase === 'string' && phrase !== '' ? [{ entity: name, value: phrase, phrase }] : [];
  });
}
