/** The chat page's own words, by locale. What the bot and the platform say comes from the server. */
import { chatEnglish, type ChatSentences } from '../src/api/catalogue/chat-english.ts';
import { chatSentences } from '../src/api/catalogue/chat-sentences.ts';
import { fill } from '../src/api/catalogue/language.ts';
import { outcomeGroups } from '../src/bot/outcome.ts';

export type SentenceKey = keyof ChatSentences;

/** The sentence of that key in one locale, with its `{name}` places filled. */
export type Say = (key: SentenceKey, places?: Record<string, string>) => string;

/** The locale's language where there is a catalogue for it, else English. */
export function sentencesFor(locale: string): Say {
  const chat = chatSentences(locale);
  return (key, places = {}) => fill(chat[key], places);
}

/** Why a sign-in ended: by the outcome where there is a sentence for it, else by its group. */
export function endedSentence(outcome: string | undefined): SentenceKey {
  const names = [
    outcome,
    Object.entries(outcomeGroups).find(([, members]) => members.some((member) => member === outcome))?.[0],
  ];
  for (const name of names) {
    const key = `ended.${name}`;
    if (isSentence(key)) return key;
  }
  return 'ended.other';
}

function isSentence(key: string): key is SentenceKey {
  return Object.hasOwn(chatEnglish, key);
}
