/** What the server says to a consumer, by locale. A language is a file and a line here, and the same for the chat page. */
import { type Catalogue, english } from './english.ts';
import { german } from './german.ts';
import { inLanguage } from './language.ts';

const catalogues = { en: english, de: german };

/** The locale's language where there is a catalogue for it, else English. */
export function catalogueFor(locale: string): Catalogue {
  return inLanguage(locale, catalogues);
}

/** The language that `catalogueFor` speaks then, as a page's `lang` has it. */
export function languageOf(locale: string): string {
  return inLanguage(locale, { en: 'en', de: 'de' });
}

/** All of them: what a consumer says to the platform is understood in every language, whatever the page's. */
export const everyCatalogue: readonly Catalogue[] = Object.values(catalogues);
