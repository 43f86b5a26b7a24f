import type { FoundEntity, Input, Need, Understanding } from '../engine/step.ts';
import { askRecogniser } from './outside-recogniser.ts';
import { recogniserOf, regexEntities } from './recogniser.ts';
import { note, type Turn } from './turn.ts';

/**
 * Recognises intents and entities in what the consumer said: with the bot's own, or by asking the recogniser that its
 * document names. One that fails or is slow has understood nothing; the bot's own entities are found all the same. A
 * rehearsed conversation says itself what its utterances mean.
 */
export async function understand(turn: Turn, { text }: Extract<Need, { type: 'understand' }>): Promise<Input> {
  const { document } = turn.bot;
  const recogniser = await recogniserOf(document);
  const own = recogniser.recognise(text);
  const outside =
    turn.rooms.stand_in?.understanding(text) ??
    (document.recogniser && (await outsideUnderstanding(turn, document.recogniser.integration, text)));
  const understanding: Understanding = {
    intents: (outside ?? own).intents,
    entities: distinct([...(outside?.entities ?? []), ...own.entities, ...(await regexEntities(turn, text))]),
  };
  note(turn, { kind: 'understood', ...understanding });
  return { type: 'understood', understanding };
}

async function outsideUnderstanding(turn: Turn, integration: string, text: string): Promise<Understanding> {
  const asked = await askRecogniser(turn, integration, text);
  if (!('problem' in asked)) return asked;
  note(turn, { kind: 'log', level: 'error', text: `the recogniser ${integration} was of no help: ${asked.problem}` });
  return { intents: [], entities: [] };
}

const mostEntities = 100;

function distinct(entities: readonly FoundEntity[]): FoundEntity[] {
  const seen = new Map(entities.map((found) => [JSON.stringify(found), found]));
  return [...seen.values()].slice(0, mostEntities);
}
