import { createServer, type Socket } from 'node:net';
import type { Bus } from '../../src/bus/bus.ts';

/**
 * Tells a load generator in another process when a reply is committed, for next to nothing: one line with the
 * conversation's number over a bare socket. The runtime says `events` once when it has stored the message and once for
 * each commit of the turn, of which a turn without calls has one.
 */
export async function openCommitHook(bus: Bus): Promise<{ port: number; watch(ids: readonly string[]): void }> {
  const hearers = new Set<Socket>();
  let unsubscribe: (() => void)[] = [];
  let replied: number[] = [];

  /** The replies of one commit go out together. */
  function note(number: number): void {
    replied.push(number);
    if (replied.length > 1) return;
    setImmediate(() => {
      for (const socket of hearers) socket.write(`${replied.join('\n')}\n`);
      replied = [];
    });
  }

  const server = createServer((socket) => {
    socket.setNoDelay(true);
    socket.once('close', () => hearers.delete(socket)).on('error', () => {});
    hearers.add(socket);
  });
  const port = await new Promise<number>((resolve) => {
    server.listen(0, '127.0.0.1', () => resolve(Number(Object(server.address()).port)));
  });
  return {
    port,
    watch(ids) {
      for (const stop of unsubscribe) stop();
      unsubscribe = ids.map((id, number) => onReply(bus, id, () => note(number)));
    },
  };
}

/** Calls back after each commit of a reply. Begins with a conversation at rest. */
export function onReply(bus: Bus, conversationId: string, hear: () => void): () => void {
  let stored = false;
  return bus.subscribe(`conversation.${conversationId}`, (what) => {
    if (what !== 'events') return;
    if (stored) hear();
    stored = !stored;
  });
}
