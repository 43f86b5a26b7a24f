import { randomUUID } from 'node:crypto';

/** An event as the Consumer API shows it. */
export interface SeenEvent {
  seq: number;
  type: string;
  from?: string;
  text?: string;
  status?: string;
  outcome?: string;
  attempt_id?: string;
  url?: string;
  buttons?: { label: string; type: string; url?: string; payload?: string; attempt_id?: string }[];
  quick_replies?: { title: string; payload: string }[];
  [other: string]: unknown;
}

/** A consumer of the public HTTP contract, without a window. */
export interface Consumer {
  id: string;
  token: string;
  seen: SeenEvent[];
  say(text: string, id?: string): Promise<{ status: number; seq: number }>;
  post(body: object): Promise<Response>;
  /** The first event after those already taken that fits; waits for it. */
  next(fits: (event: SeenEvent) => boolean, seconds?: number): Promise<SeenEvent>;
  /** The next bot message that holds this text. */
  hears(text: string | RegExp, seconds?: number): Promise<SeenEvent>;
  signInUrl(): Promise<string>;
  call(method: string, path: string): Promise<Response>;
}

export async function converse(url: string, botId: string, body: object = {}): Promise<Consumer> {
  const opened = await fetch(`${url}/v1/bots/${botId}/conversations`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
  if (opened.status !== 201) throw new Error(`conversation: ${opened.status} ${await opened.text()}`);
  const { conversation_id, session_token } = await opened.json();
  return createConsumer({ url, id: conversation_id, token: session_token });
}

export function createConsumer(at: { url: string; id: string; token: string }): Consumer {
  const base = `${at.url}/v1/conversations/${at.id}`;
  const headers = { authorization: `Bearer ${at.token}`, 'content-type': 'application/json' };
  const seen: SeenEvent[] = [];
  let taken = 0;
  const post = (body: object) => fetch(`${base}/messages`, { method: 'POST', headers, body: JSON.stringify(body) });

  async function read(wait: number): Promise<void> {
    const answer = await fetch(`${base}/events?after=${seen.at(-1)?.seq ?? 0}&wait=${wait}`, { headers });
    if (!answer.ok) throw new Error(`events: ${answer.status} ${await answer.text()}`);
    const { events } = await answer.json();
    seen.push(...events);
  }

  async function next(fits: (event: SeenEvent) => boolean, seconds = 15): Promise<SeenEvent> {
    const end = Date.now() + seconds * 1_000;
    for (;;) {
      for (; taken < seen.length; taken += 1) {
        const event = seen[taken];
        if (event && fits(event)) {
          taken += 1;
          return event;
        }
      }
      if (Date.now() > end)
        throw new Error(`no such event in ${seconds} s; seen: ${JSON.stringify(seen).slice(-2_000)}`);
      await read(2);
    }
  }

  return {
    ...at,
    seen,
    post,
    next,
    async say(text, id = randomUUID()) {
      const answer = await post({ id, text });
      const { seq } = await answer.json();
      return { status: answer.status, seq };
    },
    hears: (text, seconds) =>
      next((event) => event.type === 'message' && event.from === 'bot' && holds(event, text), seconds),
    async signInUrl() {
      const event = await next((one) => JSON.stringify(one).includes('/sign-in/'));
      const url =
        event.url ??
        event.buttons?.find((button) => button.url?.includes('/sign-in/'))?.url ??
        event.text?.match(/https?:\S+/)?.[0];
      if (url === undefined) throw new Error(`no link in ${JSON.stringify(event)}`);
      return url;
    },
    call: (method, path) => fetch(`${base}${path}`, { method, headers: { authorization: headers.authorization } }),
  };
}

function holds(event: SeenEvent, text: string | RegExp): boolean {
  const whole = JSON.stringify(event);
  return typeof text === 'string' ? whole.includes(text) : text.test(whole);
}
