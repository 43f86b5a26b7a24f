import type { EngineState } from './state.ts';

/** The integration interaction from which the question now waited at was reached; null once the consumer has moved on. */
export function waitingAfter(state: EngineState): string | null {
  return state.waiting?.reached_from ?? null;
}
