import { createContext } from 'preact';
import { useContext } from 'preact/hooks';
import type { Click } from './action.ts';
import type { Element } from './element.ts';

/** What the parts of one message's structured content share. */
export interface ContentPlace {
  /** Nothing can be said at this moment: a message is on its way, or the conversation is over. */
  busy: boolean;
  /** Nothing was said since: quick replies still stand. */
  current: boolean;
  /** The sign-in link that has a card of its own below: its button is left out. */
  signIn: string | undefined;
  /** Does what the click is for, action by action; `label` is what the transcript shows for it. */
  perform(click: Click, label: string): void;
  /** Cards chosen so far, by the name of their choice. */
  chosen(name: string): Element[];
  choose(name: string, card: Element, multiple: boolean): void;
}

export const ContentContext = createContext<ContentPlace | undefined>(undefined);

export function useContent(): ContentPlace {
  const place = useContext(ContentContext);
  if (!place) throw new Error('A part of structured content stands outside <Content>');
  return place;
}
