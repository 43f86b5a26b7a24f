/** What is another each time a conversation takes place: its ids, and what scripts make of chance and of the clock. */
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
  ];
}
