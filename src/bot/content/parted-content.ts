import type { Json } from '../../world/json.ts';

/**
 * What an author wrote for one message: a body, and quick replies, which are no part of a body. They stand by themselves
 * (`{"type": "quickReplies", …}`) or as the member `quickReplies` beside the body. Nothing is checked here.
 */
export function partedContent(given: Json): { body?: Json; replies?: Json } {
  if (given === null || typeof given !== 'object' || Array.isArray(given)) return { body: given };
  if (given['type'] === 'quickReplies') return { replies: given };
  const { quickReplies, ...body } = given;
  if (quickReplies === undefined) return { body: given };
  return { replies: quickReplies, ...(Object.keys(body).length > 0 && { body }) };
}
