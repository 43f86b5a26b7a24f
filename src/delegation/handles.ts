/**
 * Stand-ins that bot code, templates and storage may hold in place of a token or a sign-in link. A handle is worthless
 * by itself: only `call.ts` redeems a token handle, and a link handle becomes a URL only on delivery to its own session.
 */
import type { ScriptEffect } from '../engine/step.ts';
import type { Vault } from '../vault/vault.ts';
import { mask } from '../world/secret.ts';

/** The seed's literal text: what a recipe's header holds while there is no connection (LivePerson leaves it unresolved). */
export const tokenPlaceholder = '{$botContext.cidp_accessToken}';

const tokenHandlePattern = /errand:token:[A-Za-z0-9_-]{22}/g;
const signInHandlePattern = /errand:sign-in:(att_[0-9a-z]{25})/;
const anyHandlePattern = /errand:(?:token:[A-Za-z0-9_-]*|sign-in:[A-Za-z0-9_-]*)/g;

/** Means "this conversation"; the running integration's credential decides what it redeems to. Always 35 characters (TK-11). */
export function tokenHandle(vault: Pick<Vault, 'mac'>, conversationId: string): string {
  return `errand:token:${vault.mac('handle', conversationId).slice(0, 22)}`;
}

export function signInHandle(attemptId: string): string {
  return `errand:sign-in:${attemptId}`;
}

/** Every handle, and what looks like a cut-off one, becomes `•••`: for traces, logs, reports and other people's eyes. */
export function maskHandles(text: string): string {
  return text.includes('errand:') ? text.replace(anyHandlePattern, mask) : text;
}

/** Token handles only: for messages on their way to the consumer, whose sign-in links are filled in afterwards. */
export function maskTokenHandles(text: string): string {
  return text.includes('errand:token:') ? text.replace(/errand:token:[A-Za-z0-9_-]*/g, mask) : text;
}

/** Sign-in handles only, and what looks like a cut-off one: for what a consumer sends. */
export function maskLinkHandles(text: string): string {
  return text.includes('errand:sign-in:') ? text.replace(/errand:sign-in:[A-Za-z0-9_-]*/g, mask) : text;
}

/** Makes the URL of an attempt. Only for delivery to the session of the conversation whose message it is. */
export type LinkFor = (attemptId: string) => string;

/** A text that people read: a sign-in handle becomes its URL where it begins a word, and `•••` inside of an address. */
export function fillText(text: string, linkFor: LinkFor): string {
  return text.includes('errand:') ? text.replace(/\S+/g, (word) => fillWord(word, linkFor)) : text;
}

/** What a tap opens: all of it is the handle, or no handle is in it. */
export function fillTarget(url: string, linkFor: LinkFor): string {
  const found = signInHandlePattern.exec(url);
  return found?.[1] !== undefined && found[0] === url ? linkFor(found[1]) : maskHandles(url);
}

/** Signs that an address has, and no word or bracket before a link. */
const ofAddress = /[/\\?#=@]/;

function fillWord(word: string, linkFor: LinkFor): string {
  const found = signInHandlePattern.exec(word);
  if (found?.[1] === undefined) return maskHandles(word);
  const before = word.slice(0, found.index);
  if (ofAddress.test(before)) return maskHandles(word);
  return maskHandles(before) + linkFor(found[1]) + maskHandles(word.slice(found.index + found[0].length));
}

const guardedNames: Record<string, (value: unknown, handle: string) => boolean> = {
  cidp_accessToken: (value, handle) => value === handle,
  external_auth_url: (value) => typeof value === 'string' && /^errand:sign-in:att_[0-9a-z]{25}$/.test(value),
};

/**
 * `setBotVariable` under the platform's two names takes only what the platform gave. Anything else would let a script
 * send consumers to a look-alike page under the platform's own button. `dropped` names what was ignored.
 */
export function guardScriptEffects(
  effects: readonly ScriptEffect[],
  handle: string,
): { effects: ScriptEffect[]; dropped: string[] } {
  const kept: ScriptEffect[] = [];
  const dropped: string[] = [];
  for (const effect of effects) {
    const genuine = effect.type === 'set_variable' ? guardOf(effect.name) : undefined;
    if (effect.type === 'set_variable' && genuine && !genuine(effect.value, handle)) dropped.push(effect.name);
    else kept.push(effect);
  }
  return { effects: kept, dropped };
}

function guardOf(name: string) {
  return Object.hasOwn(guardedNames, name) ? guardedNames[name] : undefined;
}

export interface PlacedHandle {
  headers: Record<string, string>;
  url: string;
  body: string | undefined;
  /** What stood before the handle in the credential's header, such as `Bearer `; null: the handle was not there. */
  prefix: string | null;
}

/**
 * Takes the conversation's handle out of a rendered request. It counts only at the end of the credential's header;
 * anywhere else, and for a handle of another conversation (TK-10), there is only `•••`.
 */
export function placeHandle(
  request: { headers: Record<string, string>; url: string; body?: string },
  place: { header: string; handle: string },
): PlacedHandle {
  const headers: Record<string, string> = {};
  let prefix: string | null = null;
  for (const [name, value] of Object.entries(request.headers)) {
    const isPlace = name.toLowerCase() === place.header.toLowerCase();
    if (isPlace && value.endsWith(place.handle)) prefix = value.slice(0, value.length - place.handle.length);
    // A header is ASCII, and the sign people see is not.
    else headers[name] = value.replace(tokenHandlePattern, '***');
  }
  const body = request.body === undefined ? undefined : request.body.replace(tokenHandlePattern, mask);
  return { headers, url: request.url.replace(tokenHandlePattern, encodeURIComponent(mask)), body, prefix };
}
