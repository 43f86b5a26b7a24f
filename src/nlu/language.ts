import { moodOf, type Mood } from './mood.ts';
import { longestText, mostWords, segmentsOf } from './words.ts';

/** What a text is made of, and how it sounds. */
export interface Language {
  words: {
    tokens: string[];
    sentences: string[];
    /** The stretches between the signs of a sentence. */
    phrases: string[];
    /** Empty: nothing here tells the kinds of words apart. */
    nouns: string[];
    verbs: string[];
  };
  sentiment: Mood;
}

const mostStretches = 100;

/** Takes a consumer's text apart by the rules of Unicode, in any language; `language` is a BCP 47 tag. */
export function readLanguage(text: string, language: string): Language {
  const tokens = segmentsOf(text, language).flatMap(({ isWord, written }) => (isWord ? [written] : []));
  const sentences = stretches(text, /(?<=[.!?…。！？])\s+|[\r\n]+/);
  const phrases = sentences.flatMap((sentence) => stretches(sentence, /[.,;:!?…。！？、，()"“”]+/));
  return {
    words: {
      tokens: tokens.slice(0, mostWords),
      sentences,
      phrases: phrases.slice(0, mostStretches),
      nouns: [],
      verbs: [],
    },
    sentiment: moodOf(tokens),
  };
}

function stretches(text: string, between: RegExp): string[] {
  const parts = text.slice(0, longestText).split(between);
  return parts.flatMap((part) => part.trim() || []).slice(0, mostStretches);
}
