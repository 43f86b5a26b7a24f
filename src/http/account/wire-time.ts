import { isObject } from '../../world/json.ts';

/** Epoch ms as the wire shows it: RFC 3339, UTC. */
export const wireTime = (at: number): string => new Date(at).toISOString();

/** An entry of a trace, and the steps of the call that it may tell of. */
export function withWireTimes<T extends { at: number; steps?: unknown }>(happened: T): Omit<T, 'at'> & { at: string } {
  const { steps } = happened;
  const shown = { ...happened, at: wireTime(happened.at) };
  return Array.isArray(steps) ? { ...shown, steps: steps.map(ofStep) } : shown;
}

const ofStep = (step: unknown): unknown =>
  isObject(step) && typeof step['at'] === 'number' ? { ...step, at: wireTime(step['at']) } : step;
