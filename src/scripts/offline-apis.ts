import type { ExpectedCall, OfflineApi } from '../api/conversation-script.ts';
import { isSame } from './compare.ts';
import type { Answer, Egress, EgressFailure, OutgoingRequest } from '../egress/egress.ts';

/** A call as it would have left the house. */
export interface MadeCall {
  method: string;
  url: string;
  /** Names in lower case. */
  headers: Record<string, string>;
  body: string;
  /** No entry of `apis` fits: it was answered with 404. */
  unmatched: boolean;
}

export interface OfflineApis {
  egress: Egress;
  calls: MadeCall[];
}

type Answering = (request: OutgoingRequest) => Answer | undefined;

/** The script's `apis` in place of the network. `provider` answers for the brand's identity provider. */
export function createOfflineApis(apis: readonly OfflineApi[], provider: Answering): OfflineApis {
  const calls: MadeCall[] = [];
  const answered = new Map<OfflineApi, number>();

  /** Entries with the same match are the answers to one call after the other; the last of them stays. */
  function answering(call: Omit<MadeCall, 'unmatched'>): OfflineApi | undefined {
    const first = apis.find(({ match }) => fits(match, call));
    if (!first) return undefined;
    const before = answered.get(first) ?? 0;
    answered.set(first, before + 1);
    const inTurn = apis.filter(({ match }) => isSame(match, first.match));
    return inTurn[Math.min(before, inTurn.length - 1)];
  }

  async function request(outgoing: OutgoingRequest): Promise<Answer | EgressFailure> {
    const provided = provider(outgoing);
    if (provided) return provided;
    const call = madeCall(outgoing);
    if (call === undefined) return { failed: 'blocked', reason: 'The secret may not go to this origin.', sent: false };
    const api = answering(call);
    calls.push({ ...call, unmatched: api === undefined });
    return api ? answerOf(api) : notFound;
  }

  const none = () => Promise.reject(new Error('There is no network in a conversation script.'));
  return { egress: { request, reaches: async () => true, fetch: none, close: async () => {} }, calls };
}

const notFound: Answer = { status: 404, headers: {}, body: '' };

function answerOf({ status = 200, headers = {}, json, text }: OfflineApi): Answer {
  const type = json === undefined ? {} : { 'content-type': 'application/json' };
  return {
    status,
    headers: { ...type, ...lowerCased(headers) },
    body: json === undefined ? (text ?? '') : JSON.stringify(json),
  };
}

/** With its secret in place, unless that may not go there. */
function madeCall(outgoing: OutgoingRequest): Omit<MadeCall, 'unmatched'> | undefined {
  const { method, url, secret } = outgoing;
  const headers = lowerCased(outgoing.headers);
  const body = typeof outgoing.body === 'string' ? outgoing.body : Buffer.from(outgoing.body ?? []).toString('utf8');
  if (!secret) return { method, url, headers, body };
  const origin = URL.parse(url)?.origin;
  if (!secret.origins.some((allowed) => URL.parse(allowed)?.origin === origin)) return undefined;
  const value = secret.value.reveal();
  if ('header' in secret)
    return { method, url, headers: { ...headers, [secret.header.toLowerCase()]: `${secret.prefix}${value}` }, body };
  const withSecret = new URL(url);
  withSecret.searchParams.append(secret.parameter, value);
  return { method, url: withSecret.href, headers, body };
}

function lowerCased(headers: Record<string, string>): Record<string, string> {
  return Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]));
}

function fits(wanted: ExpectedCall, call: Omit<MadeCall, 'unmatched'>): boolean {
  const { method, urlContains, headerContains = {}, bodyContains = [] } = wanted;
  if (method !== undefined && method.toUpperCase() !== call.method.toUpperCase()) return false;
  if (!urlsOf(call.url).some((url) => url.includes(urlContains))) return false;
  const bodies = bodiesOf(call.body);
  if (![bodyContains].flat().every((part) => bodies.some((body) => body.includes(part)))) return false;
  return Object.entries(lowerCased(headerContains)).every(
    ([name, part]) => call.headers[name]?.includes(part) ?? false,
  );
}

/** As it is sent, and as people read it. */
function urlsOf(url: string): string[] {
  try {
    return [url, decodeURIComponent(url.replaceAll('+', ' '))];
  } catch {
    return [url];
  }
}

/** As it is sent, without the blanks its author put into the JSON, and with its texts as people write them. */
function bodiesOf(body: string): string[] {
  const plain = body.replace(/\\(["\\/])/g, '$1');
  try {
    return [body, plain, JSON.stringify(JSON.parse(body))];
  } catch {
    return [body, plain];
  }
}

/** Expected calls that were not made. Each made call stands for one expected call, whatever their order. */
export function missingCalls(expected: readonly ExpectedCall[], calls: readonly MadeCall[]): ExpectedCall[] {
  const takenBy = new Map<MadeCall, ExpectedCall>();

  /** Takes a call that fits; where all are taken, another expectation may make room (as in any matching). */
  function place(wanted: ExpectedCall, tried: Set<MadeCall>): boolean {
    for (const call of calls) {
      if (tried.has(call) || !fits(wanted, call)) continue;
      tried.add(call);
      const before = takenBy.get(call);
      if (before && !place(before, tried)) continue;
      takenBy.set(call, wanted);
      return true;
    }
    return false;
  }

  return expected.filter((wanted) => !place({ ...wanted }, new Set()));
}
