/** Levels of nesting; deeper values could not be written as JSON without risking the stack. */
const deepest = 64;

export function isTooDeep(value: unknown, levels = deepest): boolean {
  if (value === null || typeof value !== 'object') return false;
  return levels === 0 || Object.values(value).some((one) => isTooDeep(one, levels - 1));
}
