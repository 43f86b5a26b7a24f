/** The chat without its looks: one conversation of this browser with one bot, kept whole through reloads and outages. */
import type { Answer } from './answer.ts';
import type { Connection } from './consumer-api.ts';
import { type Conversation, type ConversationParts, createConversation, type Snapshot } from './conversation.ts';
import { drop, type OutgoingBody, put, retry } from './outbox.ts';
import { createSender, type Sender } from './sender.ts';
import { lastSeq } from './transcript.ts';
import type { Upload } from './upload.ts';

export interface ChatClient {
  snapshot(): Snapshot;
  /** Calls `hear` after each change; returns what ends it. */
  subscribe(hear: () => void): () => void;
  say(text: string): void;
  /** `metadata`: of the structured content that was tapped. */
  tap(payload: string, label: string, metadata?: unknown[]): void;
  /** Resolves when the server has all that was said, at the latest after so many ms. */
  delivered(within: number): Promise<void>;
  /** In answer to a question that asks for one. */
  sendFile(file: File, how: Upload): Promise<Answer<undefined>>;
  /** For a message the server refused. */
  retry(messageId: string): void;
  discard(messageId: string): void;
  /** The consumer followed the sign-in link. */
  opened(attemptId: string): void;
  /** False, here and below: the server could not be told, or refused. */
  cancelSignIn(attemptId: string): Promise<boolean>;
  renewSignIn(attemptId: string): Promise<boolean>;
  /** Undefined when the server did not answer. */
  connections(): Promise<Connection[] | undefined>;
  endConnection(connectionId: string): Promise<boolean>;
  /** Ends the conversation on the server, then forgets it here. */
  startAnew(): Promise<boolean>;
  /** The network or the page's visibility has changed. */
  wake(): void;
  stop(): void;
}

export interface ClientParts extends ConversationParts {
  botId: string;
  locale: string;
  /** A new message id. */
  messageId(): string;
}

/** As much as the server takes: a long list that was ticked off would be refused as a whole. */
const longestLabel = 1_000;
const mostMetadata = 256;

export function createChatClient(parts: ClientParts): ChatClient {
  const conversation = createConversation(parts);
  const sender = senderFor(parts, conversation);
  const { snapshot, subscribe, change, opened } = conversation;
  const post = (body: OutgoingBody) => {
    if (snapshot().end !== 'open') return;
    const { transcript, outbox } = snapshot();
    const message = {
      id: parts.messageId(),
      body,
      made: parts.clock.now(),
      after: lastSeq(transcript),
      state: 'waiting',
    } as const;
    parts.memory.keep(message);
    change({ outbox: put(outbox, message) });
    void sender.flush();
  };
  void sender.flush();
  return {
    snapshot,
    subscribe,
    opened,
    say: (text) => post({ text }),
    tap: (payload, label, metadata = []) =>
      post({
        postback: payload,
        label: label.slice(0, longestLabel),
        ...(metadata.length > 0 && { metadata: metadata.slice(0, mostMetadata) }),
      }),
    retry(id) {
      change({ outbox: retry(snapshot().outbox, id) });
      void sender.flush();
    },
    discard(id) {
      parts.memory.drop(id);
      change({ outbox: drop(snapshot().outbox, id) });
    },
    delivered: (within) => delivered(parts, conversation, within),
    ...requests(parts, conversation),
    wake() {
      conversation.wake();
      sender.wake();
    },
    stop: conversation.stop,
  };
}

function delivered({ clock }: ClientParts, { snapshot, subscribe }: Conversation, within: number): Promise<void> {
  const isDone = () => !snapshot().outbox.some(({ state }) => state === 'waiting');
  if (isDone()) return Promise.resolve();
  return new Promise((resolve) => {
    const done = () => {
      cancel();
      end();
      resolve();
    };
    const cancel = clock.alarm(within, done);
    const end = subscribe(() => isDone() && done());
  });
}

function senderFor(parts: ClientParts, conversation: Conversation): Sender {
  return createSender({
    ...parts,
    outbox: () => conversation.snapshot().outbox,
    change: (outbox) => conversation.change({ outbox }),
    session: conversation.session,
    opened: conversation.begin,
    accepted: conversation.expect,
    ended: conversation.finish,
  });
}

type Requests = Pick<
  ChatClient,
  'sendFile' | 'cancelSignIn' | 'renewSignIn' | 'connections' | 'endConnection' | 'startAnew'
>;

function requests({ api }: ClientParts, conversation: Conversation): Requests {
  const { session } = conversation;
  const done = async (ask: (open: NonNullable<ReturnType<typeof session>>) => Promise<{ ok: boolean }>) => {
    const open = session();
    return open ? (await ask(open)).ok : false;
  };
  return {
    async sendFile(file, how) {
      const open = session();
      return open ? await api.sendFile(open, file, how) : { ok: false, status: 0, code: 'no_session', retryAfter: 0 };
    },
    cancelSignIn: (id) => done((open) => api.cancelSignIn(open, id)),
    renewSignIn: (id) => done((open) => api.renewSignIn(open, id)),
    endConnection: (id) => done((open) => api.endConnection(open, id)),
    async connections() {
      const open = session();
      if (!open) return [];
      const answer = await api.connections(open);
      return answer.ok ? answer.value : undefined;
    },
    async startAnew() {
      const open = session();
      const answer = open && (await api.close(open));
      // A conversation that the server has closed or forgotten by itself is ended well enough.
      if (answer && !answer.ok && ![401, 404, 409].includes(answer.status)) return false;
      conversation.reset();
      return true;
    },
  };
}
