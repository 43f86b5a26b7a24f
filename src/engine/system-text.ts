import { isObject, type Json } from '../world/json.ts';
import type { Lookup } from './template.ts';
import { type Turn, warn } from './turn.ts';
import { universalContent } from './universal.ts';
import { lookupIn, setVariable } from './variables.ts';

/**
 * Texts of a bot that mean something to the platform and are never shown (`reference`: System patterns). What counts is
 * the author's own text, before its expressions are filled in: no consumer and no API can close a conversation.
 */
export function closingIn(text: string): 'close_dialog' | 'close_conversation' | undefined {
  const [first = ''] = text.trimStart().split('\n');
  if (first.trim() === 'LP_CLOSEDIALOG') return 'close_dialog';
  return first.trim() === 'LP_CLOSECONVERSATION' ? 'close_conversation' : undefined;
}

const profile = /^\s*SET_USER_PROFILE\s*\|\s*(\{[\s\S]*\})\s*$/;

/** `SET_USER_PROFILE | {…}`: its members join the session variable `user_profile`. True when the text was one. */
export function keepProfile(turn: Turn, text: string, lookup: Lookup = lookupIn(turn)): boolean {
  const written = profile.exec(text)?.[1];
  if (written === undefined) return false;
  const known = turn.state.variables.session['user_profile'];
  const given = filledIn(written, lookup);
  if (isObject(given))
    setVariable(turn, { name: 'user_profile', value: { ...(isObject(known) && known), ...given }, scope: 'session' });
  else warn(turn, 'SET_USER_PROFILE: what follows the "|" is no JSON object, and nothing was kept');
  return true;
}

const heardKeyword = /LP_CLOSE|SET_USER_PROFILE/;
const keyword = /^\s*(LP_CLOSEDIALOG|LP_CLOSECONVERSATION|SET_USER_PROFILE)/;

/**
 * What a script says is the bot's own too, as it is, with nothing to fill in. Yet a script may repeat what the consumer
 * or an API has said, now or long ago: a text is obeyed only when its keyword stands in the author's `code`, and is
 * not in what was just heard. Any other is shown.
 */
export function obeyScript(
  turn: Turn,
  text: string,
  code: string,
): 'close_dialog' | 'close_conversation' | 'kept' | undefined {
  const word = keyword.exec(text)?.[1];
  if (word === undefined || !code.includes(word) || heardKeyword.test(turn.state.heard.text)) return undefined;
  return closingIn(text) ?? (keepProfile(turn, text, () => undefined) ? 'kept' : undefined);
}

/** A value stays inside of the text it was written in. */
function filledIn(written: string, lookup: Lookup): Json {
  try {
    return universalContent(written, lookup);
  } catch {
    return null;
  }
}
