/** Hand-overs to people in a recorded conversation. A script has no people: it says only whether they take it. */
import type { ScriptSetup } from '../api/conversation-script.ts';
import type { BotDocument } from '../bot/document.ts';
import type { TraceItem } from '../store/trace.ts';

const theySpoke = 'What people said is left out: in a script nobody speaks for them.';
const theyGaveItBack =
  'People gave the conversation back to the bot; here they keep it, so take out what came after that.';
const theyDiffered = 'People took one hand-over and refused another; here they refuse all.';

export function recordedPeople(trace: readonly TraceItem[]): { setup: Pick<ScriptSetup, 'transfer'>; notes: string[] } {
  const statuses = trace.flatMap(({ kind, status }) => (kind === 'transfer' ? [status] : []));
  const refused = statuses.some((status, at) => status === 'failed' && statuses[at - 1] === 'requested');
  const gaveBack = statuses.some(
    (status, at) => status === 'ended' || (status === 'failed' && statuses[at - 1] !== 'requested'),
  );
  return {
    setup: refused ? { transfer: 'fail' } : {},
    notes: [
      ...(trace.some(isOfPeople) ? [theySpoke] : []),
      ...(gaveBack ? [theyGaveItBack] : []),
      ...(refused && statuses.includes('accepted') ? [theyDiffered] : []),
    ],
  };
}

/** Somebody of the brand's spoke to the consumer. */
export function isOfPeople({ kind, from }: TraceItem): boolean {
  return kind === 'message' && from === 'agent';
}

/** The call that hands over: in a script nobody is called. */
export function isHandingOver({ kind, integration, request }: TraceItem, documents: readonly BotDocument[]): boolean {
  return (
    kind === 'call' &&
    documents.some(({ agents }) => agents?.integration === integration) &&
    JSON.stringify(request).includes(String.raw`\"type\":\"transfer\"`)
  );
}
