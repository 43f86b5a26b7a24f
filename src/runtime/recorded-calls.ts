import { type ExpectedCall, type OfflineApi } from '../api/conversation-script.ts';
import type { Integration } from '../bot/document.ts';
import { tokenPlaceholder } from '../delegation/handles.ts';
import { isRepeatable } from '../integration/build-request.ts';
import type { TraceItem } from '../store/trace.ts';
import { mask } from '../world/secret.ts';

/** The calls of a conversation as a script has them. `notes`: what cannot be played as it was. */
export interface RecordedCalls {
  apis: OfflineApi[];
  expectApiCalls: ExpectedCall[];
  notes: string[];
}

/** What a call note of the trace holds (`send.ts`). */
interface NotedCall {
  integration: string;
  request: { method: string; url: string; headers: Record<string, string> } | null;
  answer: { status: number; body: string } | null;
  outcome: string;
  /** Why it was refused before it was sent. */
  detail?: string;
}

/** From the trace's call notes, which hold no secret. */
export function recordedCalls(trace: readonly TraceItem[], integrations: readonly Integration[]): RecordedCalls {
  const recorded: RecordedCalls = { apis: [], expectApiCalls: [], notes: [] };
  for (const item of trace) {
    if (item.kind !== 'call') continue;
    // Call notes are written by `send.ts` and `call.ts` only.
    const call = item as unknown as NotedCall;
    record(recorded, call, triesOf(integrations.find(({ name }) => name === call.integration)));
  }
  return { ...recorded, apis: withoutRepeats(recorded.apis) };
}

const usualRetries = 2;

/** How often a call is sent while the answer is a 5xx. */
function triesOf(integration: Integration | undefined): number {
  return integration && isRepeatable(integration) ? 1 + (integration.retries ?? usualRetries) : 1;
}

function record(recorded: RecordedCalls, call: NotedCall, tries: number): void {
  const { integration, request, answer, outcome } = call;
  if (request === null) {
    if (outcome === 'blocked') recorded.notes.push(noteOfBlocked(call));
    return;
  }
  const match = matchOf(request);
  recorded.expectApiCalls.push(match);
  if (answer === null) {
    recorded.notes.push(`${integration} had no answer (${outcome}); here it is answered with 503.`);
    recorded.apis.push(...Array.from({ length: tries }, () => ({ match, status: 503, text: '' })));
    return;
  }
  const body = bodyOf(answer.body);
  if ('text' in body && answer.body.length >= longest)
    recorded.notes.push(`${integration} had an answer longer than ${longest} characters; here it is cut.`);
  const api = { match, status: answer.status, ...body };
  recorded.apis.push(...Array.from({ length: answer.status >= 500 ? tries : 1 }, () => api));
}

/** A script knows the bot's documents only, not where the account lets its credentials go. */
function noteOfBlocked({ integration, detail = '' }: NotedCall): string {
  const because = detail === '' ? '' : ` (${detail.replace(/\.$/, '')})`;
  return `${integration} was blocked${because}; here a credential goes wherever the bot calls.`;
}

/** As much as the trace keeps of an answer. */
const longest = 16_000;

/** Up to the first masked place, without the parameter that has it: a script's secrets go into headers. A recipe's call without a token is told from the one with it. */
function matchOf({ method, url, headers }: NonNullable<NotedCall['request']>): OfflineApi['match'] {
  const [before = ''] = url.split(mask);
  const known = before === url ? url : before.replace(/[?&][^?&=]*=$/, '');
  const unfilled = Object.entries(headers).find(([, value]) => value.includes(tokenPlaceholder));
  return { method, urlContains: known, ...(unfilled && { headerContains: { [unfilled[0]]: tokenPlaceholder } }) };
}

function bodyOf(text: string): { json: unknown } | { text: string } {
  try {
    return { json: JSON.parse(text) };
  } catch {
    return { text };
  }
}

/** The same answer to the same call again and again is one entry: the last of those with one match stays. Specific ones go first. */
function withoutRepeats(apis: readonly OfflineApi[]): OfflineApi[] {
  const byMatch = Map.groupBy(apis, ({ match }) => JSON.stringify(match));
  const kept = [...byMatch.values()].flatMap((inTurn) => {
    const last = JSON.stringify(inTurn.at(-1));
    const from = inTurn.findLastIndex((api) => JSON.stringify(api) !== last);
    return inTurn.slice(0, from + 2);
  });
  return kept.toSorted((one, other) => specificity(other) - specificity(one));
}

function specificity({ match }: OfflineApi): number {
  return (match.headerContains ? 100_000 : 0) + match.urlContains.length;
}
