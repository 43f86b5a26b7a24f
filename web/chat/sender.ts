/** Sends what the outbox holds, one by one and in order, until the server has each message. */
import type { Clock, Random } from '../../src/world/world.ts';
import type { Refusal } from './answer.ts';
import type { ConsumerApi } from './consumer-api.ts';
import type { Memory, Session } from './memory.ts';
import { accept, nextToSend, type Outbox, type Outgoing, refuse } from './outbox.ts';
import { backoff, createPause } from './pause.ts';

export interface SenderParts {
  botId: string;
  locale: string;
  api: ConsumerApi;
  memory: Memory;
  clock: Clock;
  random: Random;
  outbox(): Outbox;
  change(outbox: Outbox): void;
  session(): Session | undefined;
  /** A conversation was made for the first message. */
  opened(session: Session): void;
  accepted(seq: number): void;
  ended(why: 'closed' | 'expired' | 'unavailable'): void;
}

export interface Sender {
  flush(): Promise<void>;
  /** Try again now, whatever the backoff. */
  wake(): void;
}

/** `again`: after a pause, with whatever the outbox then holds. */
type Went = 'on' | 'again';

export function createSender(parts: SenderParts): Sender {
  const pause = createPause(parts.clock);
  let busy = false;
  const flush = async () => {
    if (busy) return;
    busy = true;
    let failures = 0;
    for (let message = nextToSend(parts.outbox()); message; message = nextToSend(parts.outbox())) {
      const { went, retryAfter } = await sendOne(parts, message);
      failures = went === 'again' ? failures + 1 : 0;
      if (failures) await pause.wait(Math.max(backoff(failures, parts.random), retryAfter));
    }
    busy = false;
  };
  return { flush, wake: pause.wake };
}

/** The conversation is made with its first message, so a page that is only looked at leaves no trace. */
async function sendOne(parts: SenderParts, message: Outgoing): Promise<{ went: Went; retryAfter: number }> {
  let session = parts.session();
  if (!session) {
    const opened = await parts.api.open(parts.botId, parts.locale);
    if (!opened.ok) return { went: couldNotOpen(parts, opened), retryAfter: opened.retryAfter };
    session = opened.value;
    parts.opened(session);
  }
  const answer = await parts.api.send(session, message);
  if (!answer.ok) return { went: couldNotSend(parts, message, answer), retryAfter: answer.retryAfter };
  parts.memory.drop(message.id);
  parts.change(accept(parts.outbox(), message.id, answer.value.seq));
  parts.accepted(answer.value.seq);
  return { went: 'on', retryAfter: 0 };
}

function couldNotOpen(parts: SenderParts, refusal: Refusal): Went {
  if (passing(refusal)) return 'again';
  parts.ended('unavailable');
  return 'again';
}

function couldNotSend(parts: SenderParts, message: Outgoing, refusal: Refusal): Went {
  if (passing(refusal)) return 'again';
  const { status, code } = refusal;
  if (code === 'conversation_closed') parts.ended('closed');
  else if (status === 401 || status === 404) parts.ended('expired');
  else parts.change(refuse(parts.outbox(), message.id));
  return status === 401 || status === 404 ? 'again' : 'on';
}

/** Faults that pass by themselves. */
function passing({ status }: Refusal): boolean {
  return status === 0 || status === 408 || status === 429 || status >= 500;
}
