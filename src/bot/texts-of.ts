import type { BotDocument } from './document.ts';
import { pointer } from './problem.ts';

/** A text of the author's, where expressions are filled in. */
export interface TextPlace {
  text: string;
  path: string;
}

/** Members whose texts are code, names, patterns or paths of their own. */
const otherwise = new Set([
  'id',
  'name',
  'type',
  'pre_process',
  'post_process',
  'process_user_response',
  'global_functions',
  'transform',
  'fields',
  'patterns',
  'exclude',
  'regex',
  'format',
  'description',
  'input_schema',
  'imported_from',
  'intents',
  'entities',
]);

/** Every text of a document that may hold expressions. What is opaque is not looked into. */
export function textsOf(document: BotDocument): TextPlace[] {
  const found: TextPlace[] = [];
  const open: { value: unknown; path: string }[] = [{ value: document, path: '' }];
  for (let one = open.pop(); one; one = open.pop()) {
    const { value, path } = one;
    if (typeof value === 'string' && value.includes('{')) found.push({ text: value, path });
    if (typeof value !== 'object' || value === null || ('imported_type' in value && 'content' in value)) continue;
    for (const [name, inner] of Object.entries(value)) {
      if (Array.isArray(value) || !otherwise.has(name)) open.push({ value: inner, path: pointer(path, name) });
    }
  }
  return found;
}
