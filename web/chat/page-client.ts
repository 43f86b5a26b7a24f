import { systemClock, systemRandom } from '../../src/world/world.ts';
import { type ChatClient, createChatClient } from './client.ts';
import { createConsumerApi } from './consumer-api.ts';
import { createMemory, usableShelf } from './memory.ts';

/** The chat client of this page, with the browser's own network, clock and storage. */
export function createPageClient(botId: string, locale: string): ChatClient {
  const client = createChatClient({
    botId,
    locale,
    api: createConsumerApi((path, init) => fetch(path, init)),
    // localStorage, so that "Back to the chat" in another tab is this conversation; its session ends on the server.
    memory: createMemory(usableShelf([() => localStorage, () => sessionStorage]), botId),
    clock: systemClock,
    random: systemRandom,
    messageId: () => crypto.randomUUID(),
  });
  const gone = new AbortController();
  const { signal } = gone;
  addEventListener('online', client.wake, { signal });
  addEventListener('pageshow', (event) => event.persisted && client.wake(), { signal });
  // A phone freezes a page in the background and drops its connections without telling it.
  document.addEventListener('visibilitychange', () => document.visibilityState === 'visible' && client.wake(), {
    signal,
  });
  return {
    ...client,
    stop() {
      gone.abort();
      client.stop();
    },
  };
}
