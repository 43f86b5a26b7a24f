/** Intents and entities of what a consumer says, recognised in this process from what the bot's author has written down. */
import type { Entity, Intent } from '../bot/document.ts';
import { createIntentMatcher } from './intent-matcher.ts';
import { createEntityFinder } from './list-entities.ts';
import type { Recognition } from './recognition.ts';

export interface Recogniser {
  /** Deterministic; looks at the first 2,000 characters. Entities of regular expressions are not found here: they run in the sandbox only. */
  recognise(text: string): Recognition;
}

/** Compiles a bot's training phrases and lists; the library is loaded when the first bot with intents is. `language`: BCP 47. */
export async function createRecogniser(
  { intents = [], entities = [] }: { intents?: readonly Intent[]; entities?: readonly Entity[] },
  language = 'en-US',
): Promise<Recogniser> {
  const trained = intents.filter(({ phrases }) => phrases.length > 0);
  const matchIntents = trained.length > 0 ? await createIntentMatcher(trained, language) : () => [];
  const findEntities = createEntityFinder(entities, language);
  return { recognise: (text) => ({ intents: matchIntents(text), entities: findEntities(text) }) };
}
