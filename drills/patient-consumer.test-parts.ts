import { expect, vi } from 'vitest';
import { createJar, type Jar, outcomeOf } from '../acceptance/support/jar.ts';
import { passProvider, type Visitor } from '../acceptance/support/sign-in.ts';
import type { SeenEvent } from '../acceptance/support/consumer.ts';

/** A message that the server has acknowledged. */
export interface Acknowledged {
  id: string;
  text: string;
  seq: number;
  /** ms from the first try to the acknowledgement. */
  after: number;
}

/** A consumer who loses neither her patience nor her place: everything again, with the same id, until it is answered. */
export interface PatientConsumer {
  id: string;
  jar: Jar;
  seen: SeenEvent[];
  acknowledged: Acknowledged[];
  /** From now on she talks to these servers, in turn. */
  through(urls: readonly string[]): void;
  say(text: string): Promise<void>;
  tap(postback: string): Promise<void>;
  /** The first event not taken yet that fits. */
  next(fits: (event: SeenEvent) => boolean): Promise<SeenEvent>;
  /** In her own browser, from the link to a page that says how it ended; again from the link when something breaks. */
  signIn(link: string, visitor: Visitor, consent?: 'Allow' | 'Refuse'): Promise<string>;
  /** Resolves when the provider has heard of every permission that ended. */
  revoked(): Promise<void>;
  close(): Promise<void>;
}

const patience = { timeout: 60_000, interval: 25 };

export async function openPatiently(
  urls: readonly string[],
  botId: string,
  heard: () => void = () => {},
): Promise<PatientConsumer> {
  const jar = createJar();
  const [url = ''] = urls;
  const opened = await patiently(() =>
    jar.hop(`${url}/v1/bots/${botId}/conversations`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'sec-fetch-site': 'same-origin' },
      body: '{"locale":"en-US"}',
    }),
  );
  if (opened.status !== 201) throw new Error(`conversation: ${opened.status} ${await opened.text()}`);
  const { conversation_id, session_token } = await opened.json();
  return consumer({ urls, jar, heard, id: conversation_id, token: session_token });
}

function consumer(at: {
  urls: readonly string[];
  jar: Jar;
  id: string;
  token: string;
  heard: () => void;
}): PatientConsumer {
  const { jar, id } = at;
  let { urls } = at;
  const headers = { authorization: `Bearer ${at.token}`, 'content-type': 'application/json' };
  const seen: SeenEvent[] = [];
  const acknowledged: Acknowledged[] = [];
  let taken = 0;
  let said = 0;
  let turn = 0;
  /** Another server of the cluster at each try. */
  const base = () => `${urls[((turn += 1)) % urls.length]}/v1/conversations/${id}`;

  async function post(body: { text: string } | { postback: string; label: string }): Promise<void> {
    const message = JSON.stringify({ id: `m${(said += 1)}`, ...body });
    const begin = performance.now();
    const answer = await patiently(() => fetch(`${base()}/messages`, { method: 'POST', headers, body: message }));
    if (answer.status !== 202) throw new Error(`message: ${answer.status} ${await answer.text()}`);
    const { seq } = await answer.json();
    const text = 'text' in body ? body.text : body.label;
    acknowledged.push({ id: `m${said}`, text, seq, after: performance.now() - begin });
    at.heard();
  }

  /** The next one that fits; those before it are passed over for good. */
  function take(fits: (event: SeenEvent) => boolean): SeenEvent | undefined {
    for (; taken < seen.length; ) {
      const event = seen[taken];
      taken += 1;
      if (event && fits(event)) return event;
    }
    return undefined;
  }

  async function read(): Promise<void> {
    const answer = await patiently(() => fetch(`${base()}/events?after=${seen.at(-1)?.seq ?? 0}&wait=1`, { headers }));
    if (!answer.ok) throw new Error(`events: ${answer.status} ${await answer.text()}`);
    seen.push(...(await answer.json()).events);
  }

  return {
    id,
    jar,
    seen,
    acknowledged,
    through(others) {
      urls = others;
    },
    say: (text) => post({ text }),
    tap: (postback) => post({ postback, label: 'tapped' }),
    async next(fits) {
      return await vi.waitFor(async () => {
        const event = take(fits);
        if (event) return event;
        await read();
        throw new Error(`no such event; seen: ${JSON.stringify(seen).slice(-3_000)}`);
      }, patience);
    },
    async signIn(link, visitor, consent = 'Allow') {
      return await vi.waitFor(async () => {
        const outcome = await visit(jar, link, { visitor, consent });
        if (outcome === undefined) throw new Error(`the sign-in at ${link} does not end`);
        return outcome;
      }, patience);
    },
    async revoked() {
      await vi.waitFor(
        async () => {
          const answer = await fetch(`${base()}/connections`, { headers });
          expect(await answer.json()).toEqual({ connections: [] });
        },
        { ...patience, interval: 250 },
      );
    },
    async close() {
      const answer = await patiently(() =>
        fetch(`${base()}/close`, { method: 'POST', headers: { authorization: headers.authorization } }),
      );
      // The answer of a first try may be lost; then the session has ended with the conversation.
      if (answer.status !== 204 && answer.status !== 401) throw new Error(`close: ${answer.status}`);
    },
  };
}

async function visit(
  jar: Jar,
  link: string,
  as: { visitor: Visitor; consent: 'Allow' | 'Refuse' },
): Promise<string | undefined> {
  const page = await jar.get(link);
  if (outcomeOf(page) !== undefined) return outcomeOf(page);
  if (!page.body.includes('data-continue')) return undefined;
  return outcomeOf(await passProvider(jar, page, { ...as.visitor, consent: as.consent }));
}

/** Again while nobody answers, or the server says that it cannot now. */
async function patiently(request: () => Promise<Response>): Promise<Response> {
  return await vi.waitFor(async () => {
    const answer = await request();
    if (answer.status === 503 || answer.status === 429) throw new Error(`still ${answer.status}`);
    return answer;
  }, patience);
}
