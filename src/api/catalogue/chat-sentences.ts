/** The chat page's own words, by locale. They stand apart: the page carries them with it, and nothing else of what is said. */
import { chatEnglish, type ChatSentences } from './chat-english.ts';
import { chatGerman } from './chat-german.ts';
import { inLanguage } from './language.ts';

const languages = { en: chatEnglish, de: chatGerman };

export function chatSentences(locale: string): ChatSentences {
  return inLanguage(locale, languages);
}
