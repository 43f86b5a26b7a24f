import { catalogueFor } from './catalogue/catalogue.ts';
import { type Catalogue, english } from './catalogue/english.ts';
import { fill } from './catalogue/language.ts';

export type SignInSentence = keyof Catalogue['sign_in'];

/** What the sign-in pages say: in the locale's language, else English. */
export function signInSentence(locale: string, key: SignInSentence, places: Record<string, string> = {}): string {
  return fill(catalogueFor(locale).sign_in[key], places);
}

/** The key of an outcome: its own sentence, or its group's. */
export function outcomeSentence(outcome: string, group: string): SignInSentence {
  if (isKey(outcome)) return outcome;
  return isKey(group) ? group : 'setup_error';
}

function isKey(name: string): name is SignInSentence {
  return Object.hasOwn(english.sign_in, name);
}
