import { maskLinkHandles } from '../delegation/handles.ts';
import { mask } from '../world/secret.ts';

/** The secret part of a sign-in link, whatever stands before it and however its address is encoded. */
const linkSecret = /(sign-in(?:\\*\/|%(?:25)*2f))[0-9a-z]{25}[a-z0-9_-]*/gi;

/**
 * What a consumer or a page of the brand's sends, without the secrets of sign-in links: a link was for her eyes, and a
 * bot that makes her send it back must not get it. Takes a text or JSON, and gives back the same shape.
 */
export function maskIncoming<T>(said: T): T {
  const text = JSON.stringify(said);
  const kept = maskLinkHandles(text.replace(linkSecret, `$1${mask}`));
  // What is masked has no sign that means something in JSON.
  return kept === text ? said : (JSON.parse(kept) as T);
}
