import { isObject } from '../world/json.ts';

/**
 * The API answers a bot, or one of its versions, as an object with the bot document in it. Such an answer saved as a file is
 * as good as the document: it is taken out. Anything else is given back as it is.
 */
export function documentIn(json: unknown): unknown {
  if (!isObject(json) || 'format' in json || 'conversationMessage' in json) return json;
  return isObject(json.document) ? json.document : json;
}
