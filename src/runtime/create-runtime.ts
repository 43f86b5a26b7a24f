import { acceptWebView } from './accept-web-view.ts';
import { createBackground } from './background.ts';
import { createBots } from './bots.ts';
import { deliver } from './delivery.ts';
import { createLive } from './live.ts';
import type { Rooms, RuntimeParts } from './parts.ts';
import type { Runtime } from './runtime.ts';
import { findSession, openConversation } from './sessions.ts';
import { takeMessage } from './take-message.ts';
import { createWorker } from './worker.ts';
import { findConversation } from '../store/conversation.ts';
import { readEvents } from '../store/event.ts';
import { cancelSignIn, close, endConnection } from './consumer-ends.ts';
import { acceptFile, expectFile } from './accept-file.ts';
import { sayForPeople, takeReport } from './people.ts';
import { renewSignIn } from './renew.ts';
import { tryIntegration } from './try-integration.ts';
import { Problem } from '../world/problem.ts';

const turnsAtMost = 2_000;

/** Puts the room together. `start` recovers what an earlier process left, `drain` ends in peace. */
export function createRuntime(parts: RuntimeParts): Runtime {
  const rooms: Rooms = { ...parts, bots: createBots(parts.db), live: createLive(parts.bus) };
  const worker = createWorker(rooms);
  const background = createBackground(rooms, worker);
  let draining = false;
  let arriving = 0;

  function refuseWhenFull(): void {
    if (draining) throw new Problem('unavailable', 'The server is going down: try again in a moment.');
    if (worker.running() + arriving >= (parts.turns_at_most ?? turnsAtMost))
      throw new Problem('unavailable', 'Too many conversations are busy: try again in a moment.');
  }

  return {
    async open(start) {
      refuseWhenFull();
      return await openConversation(rooms, start);
    },
    session: (conversationId, token) => findSession(rooms, conversationId, token),
    async accept(session, message) {
      refuseWhenFull();
      arriving += 1;
      try {
        return await takeMessage(rooms, worker, { session, message });
      } finally {
        arriving -= 1;
      }
    },
    async acceptFile(session, file) {
      refuseWhenFull();
      const accepted = await acceptFile(rooms, { session, file });
      worker.wake(session.conversation_id);
      return accepted;
    },
    async expectFile(session) {
      await expectFile(rooms, session);
    },
    async webView(arrival) {
      refuseWhenFull();
      await acceptWebView(rooms, arrival);
      worker.wake(arrival.conversation_id);
    },
    async events(session, after, limit = 200) {
      const rows = await readEvents(rooms.db, { conversation_id: session.conversation_id, after, limit });
      const events = await deliver(rooms, session.conversation_id, rows);
      if (rows.length > 0) return { events, last_seq: rows.at(-1)?.seq ?? after };
      const conversation = await findConversation(rooms.db, session.conversation_id);
      return { events, last_seq: conversation?.last_seq ?? 0 };
    },
    listen: (conversationId, hear) => rooms.live.listen(conversationId, hear),
    close: (session) => close(rooms, session),
    async cancelSignIn(session, attemptId) {
      await cancelSignIn(rooms, session, attemptId);
      worker.wake(session.conversation_id);
    },
    renewSignIn: (session, attemptId) => renewSignIn(rooms, session, attemptId),
    connections: (session) => rooms.delegation.connections(session.conversation_id),
    async endConnection(session, connectionId) {
      await endConnection(rooms, session, connectionId);
      worker.wake(session.conversation_id);
    },
    async report(report) {
      refuseWhenFull();
      await takeReport(rooms, report);
      worker.wake(report.conversation_id);
    },
    sayForPeople: (said) => sayForPeople(rooms, said),
    async tryIntegration(trial) {
      refuseWhenFull();
      return await tryIntegration(rooms, trial);
    },
    start: () => background.start(),
    async drain() {
      draining = true;
      await background.stop();
      await worker.idle();
    },
  };
}
