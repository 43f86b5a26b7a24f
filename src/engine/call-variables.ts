import type { Integration } from '../bot/document.ts';

const mostInputs = 100;

/** The variables that a function without a body is given: the properties of its input schema. */
export function inputNames({ type, body, input_schema }: Integration): string[] {
  if (type !== 'function' || body?.trim() || typeof input_schema !== 'object' || input_schema === null) return [];
  const properties: unknown = Object.hasOwn(input_schema, 'properties') ? Reflect.get(input_schema, 'properties') : {};
  if (typeof properties !== 'object' || properties === null) return [];
  return Object.keys(properties).slice(0, mostInputs);
}

/** The inputs of a function as texts that name them, beside the author's own. */
export const inputTemplates = (integration: Integration): string[] =>
  inputNames(integration).map((name) => `{$botContext.${name}}`);
