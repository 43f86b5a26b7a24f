/** What is another each time a conversation takes place: its ids, and what scripts make of chance, the clock and the account's context. */
import { mask } from '../world/secret.ts';

/** In a text that is compared in parts, ids stand for themselves no more than masked handles do. */
export function withoutIds(text: string, ids: readonly string[]): string {
  return ids.reduce((rest, id) => rest.replaceAll(id, mask), text);
}

/** Notes on what is still in a recording, or in the bots it is of, and will not come again. */
export function notesOfChanging(recording: object, ids: readonly string[], documents: readonly object[]): string[] {
  const recorded = JSON.stringify(recording);
  const found = ids.filter((id) => recorded.includes(id));
  const written = JSON.stringify(documents);
  return [
    ...(found.length > 0
      ? [
          `Each run has ids of its own: where ${found.map((id) => `"${id}"`).join(' and ')} stands, expect what does not change.`,
        ]
      : []),
    ...(/Math\.random|Date\.now|new Date\(\s*\)/.test(written)
      ? ['Scripts of the bot use random numbers or the time: expect of what they make only what does not change.']
      : []),
    // Context of the consumer and of the conversation is new with each conversation, in a script as on a server.
    ...(written.includes('getGlobalContextData')
      ? ['Scripts of the bot read the global context: what other conversations had put there is not here.']
      : []),
  ];
}
