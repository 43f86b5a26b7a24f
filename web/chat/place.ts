import { createContext } from 'preact';
import { useContext } from 'preact/hooks';
import type { Say } from '../sentences.ts';
import type { ChatClient } from './client.ts';

/** What every part of one chat knows. */
export interface ChatPlace {
  client: ChatClient;
  say: Say;
  bot: string;
  locale: string;
}

export const ChatContext = createContext<ChatPlace | undefined>(undefined);

export function useChat(): ChatPlace {
  const place = useContext(ChatContext);
  if (!place) throw new Error('A part of the chat stands outside <Chat>');
  return place;
}
