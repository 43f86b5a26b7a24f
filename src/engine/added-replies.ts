/** Quick replies that a script adds to a message, on a channel where they are typed. */
import { normalise } from './pattern.ts';
import type { OutgoingMessage } from './step.ts';

export interface AddedReply {
  title: string;
  payload: string;
  /** What can be typed for it besides its title; absent where it has no number. */
  mark?: string;
}

/**
 * Their numbers go on where those of the message's own choices end. One alone has none, since a number may be the answer,
 * and beside labels that are numbers none has.
 */
export function markedAdded(
  message: Pick<OutgoingMessage, 'buttons' | 'quick_replies' | 'content'>,
  added: readonly { title: string; payload: string }[],
): AddedReply[] {
  const { buttons = [], quick_replies = [], content } = message;
  const labels = [...buttons.map(({ label }) => label), ...[...quick_replies, ...added].map(({ title }) => title)];
  if (content !== undefined || labels.some((label) => /^\s*(?:[a-z]+\. )?\d+\s*[.)]?\s*$/i.test(label)))
    return [...added];
  const own = buttons.filter(({ type }) => type === 'postback').length + quick_replies.length;
  if (own + added.length < 2) return [...added];
  return added.map((reply, at) => ({ ...reply, mark: String(own + at + 1) }));
}

export function shownAdded({ title, payload, mark }: AddedReply): { title: string; payload: string } {
  return { title: mark === undefined ? title : `${mark}. ${title}`, payload };
}

/** What the typed text posts, if it names one of them. */
export function typedAdded(added: readonly AddedReply[], typed: string): string | undefined {
  const text = normalise(typed);
  const found =
    added.find(({ title }) => normalise(title) === text) ??
    added.find(({ mark }) => mark === text.replace(/[.)]$/, ''));
  return found?.payload;
}
