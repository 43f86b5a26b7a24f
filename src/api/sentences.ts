import { catalogueFor } from './catalogue/catalogue.ts';
import type { Catalogue } from './catalogue/english.ts';
import { fill } from './catalogue/language.ts';

export type SentenceKey = keyof Catalogue['bot'];

/** What the platform says in a conversation: in the locale's language, else English. Bots' own texts are the authors'. */
export function sentence(locale: string, key: SentenceKey, places: Record<string, string> = {}): string {
  return fill(catalogueFor(locale).bot[key], places);
}
