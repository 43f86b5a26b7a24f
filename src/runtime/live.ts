import type { Bus } from '../bus/bus.ts';

export type Heard = 'events' | 'typing' | 'closed';

/** Live news of conversations, to whoever listens in this process or another. */
export interface Live {
  tell(conversationId: string, what: Heard): void;
  listen(conversationId: string, hear: (what: Heard) => void): () => void;
}

const news: readonly string[] = ['events', 'typing', 'closed'] satisfies Heard[];

export function createLive(bus: Bus): Live {
  return {
    tell: (conversationId, what) => bus.publish(`conversation.${conversationId}`, what),
    listen: (conversationId, hear) =>
      bus.subscribe(`conversation.${conversationId}`, (body) => {
        if (isHeard(body)) hear(body);
      }),
  };
}

function isHeard(body: string): body is Heard {
  return news.includes(body);
}
