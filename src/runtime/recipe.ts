import { signInHandle, tokenPlaceholder } from '../delegation/handles.ts';
import type { Delegated } from '../delegation/delegation.ts';
import type { CallResult, Input } from '../engine/step.ts';
import { type Call, ended, needsConfirmation, toPark } from './call-origin.ts';
import { noteOffer, parkForConfirmation } from './park.ts';
import { askFor, permissionFor } from './permission.ts';
import { signInObstacle } from './sign-in-obstacle.ts';
import { hold, note, type Turn } from './turn.ts';

/**
 * The seed's recipe, run unchanged: without a connection the call goes out with the literal placeholder, the brand
 * refuses it, and the author's failure rule leads to the Login button whose link the platform has set meanwhile.
 */
export async function readyRecipe(
  turn: Turn,
  call: Call,
): Promise<{ input: Input } | { connection_id: string | null }> {
  const permission = await permissionFor(turn, call);
  if (permission.state === 'missing') return { connection_id: null };
  if (needsConfirmation(call)) return { input: await parkForConfirmation(turn, toPark(turn, call)) };
  return { connection_id: permission.connection_id };
}

/** With no connection any 4xx counts as "missing", with one only 401 and 403; an outage never leads to a link. */
export async function recipeAnswer(
  turn: Turn,
  call: Call,
  sent: { delegated: Delegated; connection_id: string | null },
): Promise<Input> {
  const { delegated, connection_id } = sent;
  const { result } = delegated;
  const isMissing = connection_id === null ? isClientError(result) : isRefused(delegated);
  if (!isMissing) return ended(call.origin, withoutLink(result));
  const challenge = delegated.kind === 'refused' ? delegated.challenge : undefined;
  if (challenge) return ended(call.origin, await offer(turn, { ...call, challenge }, result));
  if (call.origin.after_grant) return ended(call.origin, misconfigured(turn, call, result));
  return ended(call.origin, await offer(turn, call, result));
}

function isClientError({ status, outcome }: CallResult): boolean {
  return status !== null && status >= 400 && status < 500 && outcome !== 'rate_limited';
}

function isRefused(delegated: Delegated): boolean {
  const { status } = delegated.result;
  return delegated.kind === 'refused' || status === 401 || status === 403;
}

/** Makes or reuses the attempt and sets `external_auth_url`, unless the provider is down. */
async function offer(turn: Turn, call: Call, result: CallResult): Promise<CallResult> {
  const { rooms } = turn;
  const obstacle = await signInObstacle(turn, call.credential);
  if (obstacle) return withoutLink({ ...result, outcome: obstacle });
  const asked = await rooms.db.write(async (tx) => {
    await hold(turn, tx);
    return await rooms.delegation.ask(tx, askFor(turn, call));
  });
  if ('refused' in asked) return withoutLink({ ...result, outcome: asked.refused });
  rooms.world.failpoint?.('offer.committed');
  noteOffer(turn, asked.attempt_id);
  return { ...result, variables: { external_auth_url: signInHandle(asked.attempt_id) } };
}

function withoutLink(result: CallResult): CallResult {
  return { ...result, variables: { external_auth_url: null } };
}

function misconfigured(turn: Turn, call: Call, result: CallResult): CallResult {
  note(turn, { kind: 'note', text: `signed in, but the brand refused the call again: ${likelyCause(call)}` });
  return withoutLink({ ...result, outcome: 'misconfigured' });
}

function likelyCause(call: Call): string {
  const name = call.credential.header.toLowerCase();
  const header = Object.entries(call.request.headers).find(([key]) => key.toLowerCase() === name)?.[1];
  if (header === undefined) return `the integration has no ${call.credential.header} header`;
  if (header.includes(tokenPlaceholder)) return 'the pre-process snippet that sets cidp_accessToken is missing';
  return "the token was refused: check the credential's scope and origins";
}
