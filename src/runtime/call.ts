import type { Integration } from '../bot/document.ts';
import type { ConsumerCredential, Delegated } from '../delegation/delegation.ts';
import { sentence } from '../api/sentences.ts';
import type { CallResult, Input } from '../engine/step.ts';
import type { BuiltRequest } from '../integration/build-request.ts';
import { type StaticCredential, withoutOwnHeader } from '../integration/static-credential.ts';
import type { UploadedFile } from '../integration/upload.ts';
import { type Call, ended, requestFor, unsent } from './call-origin.ts';
import { type CallCredential, credentialOf } from './credential-of.ts';
import { forgetFile, openFile } from './kept-file.ts';
import { managedAnswer, readyManaged } from './managed.ts';
import { readyRecipe, recipeAnswer } from './recipe.ts';
import { recoverStep, send, sendStep } from './send.ts';
import type { CallNeed, CallOrigin, CallUnderWay } from './shell-state.ts';
import { note, type Turn } from './turn.ts';

/** Runs an integration for the engine. Ends in a result, or in a call that waits for the consumer. */
export async function performCall(turn: Turn, need: CallNeed, origin: CallOrigin): Promise<Input> {
  const prepared = await prepare(turn, need, origin);
  if ('input' in prepared) return prepared.input;
  const { call } = prepared;
  const ready = await readyToSend(turn, call);
  if ('input' in ready) return ready.input;
  const { connection_id } = ready;
  const delegated = await send(turn, { ...call, connection: connectionOf(call, connection_id) });
  return settled(turn, need, await answerOf(turn, call, { delegated, connection_id }));
}

/** A file is kept no longer than until its call has ended. */
function settled(turn: Turn, need: CallNeed, input: Input): Input {
  if (need.file_id !== undefined && input.type !== 'call_parked') forgetFile(turn, need.file_id);
  return input;
}

/**
 * What is said of a failure that no rule takes, where no consumer's permission is in play: LivePerson's one sentence. Only
 * what may have been done, and is not known, has a sentence of its own there too (I4).
 */
function withoutPermission(turn: Turn, origin: CallOrigin, result: CallResult): Input {
  const { outcome } = result;
  if (outcome === 'success' || outcome === 'result_unknown') return ended(origin, result);
  const default_message = sentence(turn.conversation.locale, 'outcome.failure');
  return ended(origin, { default_message, ...result });
}

/** Takes up a call that was under way when its turn died: with its result, by sending it again, or with `result_unknown`. */
export async function takeUpCall(turn: Turn, underWay: CallUnderWay): Promise<Input> {
  const { need, origin, connection_id } = underWay;
  const known = await recoverStep(turn, underWay.step_id);
  const prepared = await prepare(turn, need, origin);
  if ('input' in prepared) return 'delegated' in known ? ended(origin, known.delegated.result) : prepared.input;
  const { call } = prepared;
  const delegated =
    'delegated' in known
      ? known.delegated
      : await sendStep(turn, { ...call, connection: connectionOf(call, connection_id) }, known.resend);
  return settled(turn, need, await answerOf(turn, call, { delegated, connection_id }));
}

/** A call whose integration may need no permission at all. `own`: a credential with a secret of the account's own. */
type AnyCall = Omit<Call, 'credential'> & { credential: ConsumerCredential | undefined; own?: StaticCredential };

async function prepare(turn: Turn, need: CallNeed, origin: CallOrigin): Promise<{ call: AnyCall } | { input: Input }> {
  const integration = turn.bot.integrations.get(need.integration);
  if (!integration) return { input: ended(origin, unsent('misconfigured')) };
  const found = await credentialOf(turn, integration);
  if ('problem' in found) {
    note(turn, { kind: 'note', text: `${integration.name} cannot be called: ${found.problem}` });
    return { input: ended(origin, unsent('misconfigured')) };
  }
  const file = need.file_id === undefined ? undefined : await openFile(turn, need.file_id);
  const request = renderedRequest(turn, need, { ...found, integration, ...(file && { file }) });
  if (typeof request === 'string') {
    const result = unsent(request);
    return { input: found.consumers ? ended(origin, result) : withoutPermission(turn, origin, result) };
  }
  const { consumers: credential, own } = found;
  const { interaction_id } = need;
  return { call: { integration, credential, interaction_id, need, request, origin, ...(own ? { own } : {}) } };
}

function renderedRequest(
  turn: Turn,
  need: CallNeed,
  from: CallCredential & { integration: Integration; file?: UploadedFile },
): BuiltRequest | 'misconfigured' | 'blocked' {
  const built = requestFor(turn, need, from);
  if ('request' in built) return from.own ? withoutOwnHeader(built.request, from.own) : built.request;
  const { refused: outcome, reason: detail } = built;
  note(turn, { kind: 'call', integration: need.integration, request: null, answer: null, outcome, detail, ms: 0 });
  return outcome;
}

async function readyToSend(turn: Turn, call: AnyCall): Promise<{ input: Input } | { connection_id: string | null }> {
  if (!hasCredential(call)) return { connection_id: null };
  return call.credential.mode === 'recipe' ? await readyRecipe(turn, call) : await readyManaged(turn, call);
}

async function answerOf(
  turn: Turn,
  call: AnyCall,
  sent: { delegated: Delegated; connection_id: string | null },
): Promise<Input> {
  if (!hasCredential(call)) return withoutPermission(turn, call.origin, sent.delegated.result);
  if (call.credential.mode === 'recipe') return await recipeAnswer(turn, call, sent);
  return await managedAnswer(turn, call, sent.delegated);
}

function hasCredential(call: AnyCall): call is Call {
  return call.credential !== undefined;
}

function connectionOf(call: AnyCall, id: string | null) {
  return id === null || !call.credential ? null : { id, credential: call.credential };
}
