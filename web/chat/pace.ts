/** Shows messages at the pace their author wants: one with a delay waits, and those after it wait behind it. */
import type { Clock } from '../../src/world/world.ts';
import type { Transcript } from './transcript.ts';

export interface Pace {
  /** Takes up what was heard; what need not wait is shown at once. */
  follow(transcript: Transcript): void;
  /** Waits for nothing more. */
  stop(): void;
}

/** `show` is told the seq up to which events are shown; `shown` tells it back. */
export function createPace(parts: { clock: Clock; shown(): number; show(seq: number): void }): Pace {
  let cancel: (() => void) | undefined;
  let heard: Transcript = [];
  const advance = () => {
    if (cancel) return;
    const unseen = heard.filter(({ seq }) => seq > parts.shown());
    const slow = unseen.find((event) => event.type === 'message' && event.delay_ms > 0);
    const ready = unseen.findLast(({ seq }) => !slow || seq < slow.seq);
    if (slow?.type === 'message') {
      cancel = parts.clock.alarm(slow.delay_ms, () => {
        cancel = undefined;
        parts.show(slow.seq);
        advance();
      });
    }
    if (ready) parts.show(ready.seq);
  };
  return {
    follow(transcript) {
      heard = transcript;
      advance();
    },
    stop() {
      cancel?.();
      cancel = undefined;
      heard = [];
    },
  };
}
