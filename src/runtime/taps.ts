import type { SeenMessage, Tap } from './seen.ts';

/** What a consumer can tap, while messages come. */
export interface Taps {
  show(messages: readonly SeenMessage[]): void;
  /** Of this label, the newest that was ever shown. */
  labelled(label: string): Tap | undefined;
  /** In view is what came with the last buttons: of it the one that posts this. */
  posting(text: string): Tap | undefined;
  labels(): string[];
}

export function createTaps(): Taps {
  let all: Tap[] = [];
  let latest: Tap[] = [];
  return {
    show(messages) {
      const shown = messages.toReversed().flatMap(({ taps }) => taps);
      all = [...shown, ...all];
      if (shown.length > 0) latest = shown;
    },
    labelled: (label) => all.find((one) => one.label === label.trim()),
    posting: (text) => latest.find((one) => posts(one, text)),
    labels: () => [...new Set(all.map(({ label }) => label))],
  };
}

export function posts({ says }: Tap, text: string): boolean {
  return says !== undefined && 'postback' in says && says.postback === text;
}
