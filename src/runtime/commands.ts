import { everyCatalogue } from '../api/catalogue/catalogue.ts';

/** What a consumer can say to the platform itself, whatever the bot: only as a whole message, so a sentence never counts. */
export type Command = 'yes' | 'no' | 'sign_out' | 'may_do' | 'cancel';

const commandByWords = new Map<string, Command>();
for (const { commands } of everyCatalogue) {
  for (const command of ['yes', 'no', 'sign_out', 'may_do', 'cancel'] as const) {
    for (const phrase of commands[command]) commandByWords.set(phrase, command);
  }
}

export function commandOf(text: string): Command | undefined {
  return text.length > 60 ? undefined : commandByWords.get(plainWords(text));
}

/** Without what people type differently: capitals, apostrophes, marks at the end, spaces. */
export function plainWords(text: string): string {
  return text
    .normalize('NFKC')
    .toLowerCase()
    .replace(/['’]/g, '')
    .replace(/[.!?,]+/g, ' ')
    .replace(/\s+/g, ' ')
    .trim();
}
