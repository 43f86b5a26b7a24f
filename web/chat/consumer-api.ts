/** The Consumer API over `fetch`, as answers: a refusal is a value, and so is no answer at all. */
import { isRecord, listOf, numberOf, readJson, textOf } from '../shape.ts';
import type { Answer, Refusal } from './answer.ts';
import type { Session } from './memory.ts';
import type { Outgoing } from './outbox.ts';
import { type Upload, uploadFile } from './upload.ts';
import { type Heard, parseEvent } from './wire.ts';

export interface Connection {
  id: string;
  credential: string;
  scopes: string[];
  status: string;
  since: string;
  last_used: string | undefined;
}

export interface ConsumerApi {
  open(botId: string, locale: string): Promise<Answer<Session>>;
  send(session: Session, message: Outgoing): Promise<Answer<{ seq: number }>>;
  /** Waits up to `wait` seconds when there is nothing after `after` yet. */
  events(session: Session, ask: { after: number; wait: number; signal: AbortSignal }): Promise<Answer<Heard[]>>;
  /** The live stream's body; `no_stream` where something between turned the stream into an ordinary answer. */
  stream(session: Session, ask: { after: number; signal: AbortSignal }): Promise<Answer<ReadableStream<Uint8Array>>>;
  /** Code `cancelled` when `signal` ended it. */
  sendFile(session: Session, file: File, how: Upload): Promise<Answer<undefined>>;
  close(session: Session): Promise<Answer<undefined>>;
  cancelSignIn(session: Session, attemptId: string): Promise<Answer<undefined>>;
  renewSignIn(session: Session, attemptId: string): Promise<Answer<undefined>>;
  connections(session: Session): Promise<Answer<Connection[]>>;
  endConnection(session: Session, connectionId: string): Promise<Answer<undefined>>;
}

export type Fetch = (path: string, init: RequestInit) => Promise<Response>;

/** `request` is the page's own `fetch`, on its own origin: that is what lets the server bind this browser. */
export function createConsumerApi(request: Fetch): ConsumerApi {
  const call = async <T>(
    path: string,
    init: RequestInit,
    read: (response: Response) => Promise<T | undefined>,
  ): Promise<Answer<T>> => {
    try {
      const response = await request(path, { cache: 'no-store', credentials: 'same-origin', ...init });
      if (!response.ok) return await refusal(response);
      const value = await read(response);
      return value === undefined ? { ok: false, status: 0, code: 'unreadable', retryAfter: 0 } : { ok: true, value };
    } catch {
      return { ok: false, status: 0, code: 'no_answer', retryAfter: 0 };
    }
  };
  const done = (session: Session, method: string, rest: string) => callDone(call, session, { method, rest });
  return {
    open: (botId, locale) =>
      call(`/v1/bots/${encodeURIComponent(botId)}/conversations`, json({ channel: 'web', locale }), async (response) =>
        parseOpened(await response.json()),
      ),
    send: (session, { id, body }) =>
      call(path(session, 'messages'), message(session, { id, ...body }), async (response) =>
        parseAccepted(await response.json()),
      ),
    events: (session, { after, wait, signal }) =>
      call(path(session, `events?after=${after}&wait=${wait}`), { signal, ...bearer(session) }, async (response) =>
        parseEvents(await response.json()),
      ),
    stream: (session, { after, signal }) => {
      const headers = { accept: 'text/event-stream', 'last-event-id': String(after) };
      return call(path(session, `events?after=${after}`), { signal, ...bearer(session, headers) }, async (response) =>
        streamOf(response),
      ).then(asStream);
    },
    sendFile: (session, file, how) =>
      uploadFile(path(session, `files?name=${encodeURIComponent(file.name)}`), session.session_token, { ...how, file }),
    close: (session) => done(session, 'POST', 'close'),
    cancelSignIn: (session, id) => done(session, 'POST', `sign-ins/${encodeURIComponent(id)}/cancel`),
    renewSignIn: (session, id) => done(session, 'POST', `sign-ins/${encodeURIComponent(id)}/renew`),
    connections: (session) =>
      call(path(session, 'connections'), bearer(session), async (response) => parseConnections(await response.json())),
    endConnection: (session, id) => done(session, 'DELETE', `connections/${encodeURIComponent(id)}`),
  };
}

type Call = <T>(
  path: string,
  init: RequestInit,
  read: (response: Response) => Promise<T | undefined>,
) => Promise<Answer<T>>;

/** For requests whose answer says no more than that it is done. */
async function callDone(
  call: Call,
  session: Session,
  { method, rest }: { method: string; rest: string },
): Promise<Answer<undefined>> {
  const answer = await call(path(session, rest), { method, ...bearer(session) }, async () => true);
  return answer.ok ? { ok: true, value: undefined } : answer;
}

const jsonType = { 'content-type': 'application/json' };

function json(body: object): RequestInit {
  return { method: 'POST', headers: jsonType, body: JSON.stringify(body) };
}

/** Characters that are less than the 64 KB which a browser lets outlive its page, in whatever script they are written. */
const mostKept = 20_000;

/** It arrives even when its tap leads to another page. */
function message(session: Session, body: object): RequestInit {
  const request = json(body);
  const keepalive = String(request.body).length <= mostKept;
  return { ...request, ...bearer(session, jsonType), ...(keepalive && { keepalive }) };
}

function bearer(session: Session, headers: Record<string, string> = {}): RequestInit {
  return { headers: { authorization: `Bearer ${session.session_token}`, ...headers } };
}

function path(session: Session, rest: string): string {
  return `/v1/conversations/${encodeURIComponent(session.conversation_id)}/${rest}`;
}

function streamOf(response: Response): ReadableStream<Uint8Array> | undefined {
  return response.headers.get('content-type')?.startsWith('text/event-stream')
    ? (response.body ?? undefined)
    : undefined;
}

function asStream(answer: Answer<ReadableStream<Uint8Array>>): Answer<ReadableStream<Uint8Array>> {
  return !answer.ok && answer.code === 'unreadable' ? { ...answer, code: 'no_stream' } : answer;
}

async function refusal(response: Response): Promise<Refusal> {
  const problem = readJson(await response.text());
  const seconds = Number(response.headers.get('retry-after') ?? 0);
  return {
    ok: false,
    status: response.status,
    code: (isRecord(problem) ? textOf(problem['code']) : undefined) ?? '',
    retryAfter: Number.isFinite(seconds) ? Math.min(Math.max(seconds, 0), 60) * 1000 : 0,
  };
}

function parseOpened(value: unknown): Session | undefined {
  if (!isRecord(value)) return undefined;
  const conversationId = textOf(value['conversation_id']);
  const token = textOf(value['session_token']);
  return conversationId && token ? { conversation_id: conversationId, session_token: token } : undefined;
}

function parseAccepted(value: unknown): { seq: number } | undefined {
  const seq = isRecord(value) ? numberOf(value['seq']) : undefined;
  return seq === undefined ? undefined : { seq };
}

function parseEvents(value: unknown): Heard[] | undefined {
  return isRecord(value) && Array.isArray(value['events']) ? listOf(value['events'], parseEvent) : undefined;
}

function parseConnections(value: unknown): Connection[] | undefined {
  if (!isRecord(value) || !Array.isArray(value['connections'])) return undefined;
  return listOf(value['connections'], (member) => {
    const id = isRecord(member) ? textOf(member['id']) : undefined;
    if (!isRecord(member) || !id) return undefined;
    return {
      id,
      credential: textOf(member['credential']) ?? '',
      scopes: listOf(member['scopes'], textOf),
      status: textOf(member['status']) ?? '',
      since: textOf(member['since']) ?? '',
      last_used: textOf(member['last_used']),
    };
  });
}
