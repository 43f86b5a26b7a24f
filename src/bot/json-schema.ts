import type { Json } from '../world/json.ts';
import { BotDocument } from './document.ts';

/** The JSON Schema of the bot document, as served at `/schemas/bot.json`. Plain JSON: the type builder's own marks are gone. */
export function botJsonSchema(): { [key: string]: Json } {
  const schema: { [key: string]: Json } = asJson(JSON.stringify(BotDocument));
  return { ...schema, $schema: 'https://json-schema.org/draft/2020-12/schema' };
}

/** The text was written by JSON.stringify from an object a moment ago. */
function asJson(text: string): { [key: string]: Json } {
  return JSON.parse(text) as { [key: string]: Json };
}
