import type { Delegated, Permission } from '../delegation/delegation.ts';
import type { Input } from '../engine/step.ts';
import type { Outcome } from '../bot/outcome.ts';
import { type Call, ended, needsConfirmation, toPark, unsent } from './call-origin.ts';
import { parkForConfirmation, parkForPermission } from './park.ts';
import { permissionFor } from './permission.ts';
import { brandObstacle, signInObstacle } from './sign-in-obstacle.ts';
import { note, type Turn } from './turn.ts';

type Missing = Extract<Permission, { state: 'missing' }>;

/** What comes before the call: permission, and "shall I?" where it changes something. `input`: it is not sent now. */
export async function readyManaged(turn: Turn, call: Call): Promise<{ input: Input } | { connection_id: string }> {
  if (!mayCarryToken(call)) return { input: blocked(turn, call) };
  const permission = await permissionFor(turn, call);
  if (permission.state === 'missing') return { input: await withoutPermission(turn, call, permission) };
  if (needsConfirmation(call)) return { input: await parkForConfirmation(turn, toPark(turn, call)) };
  return { connection_id: permission.connection_id };
}

/** Whether the credential's token may go where the call goes. If not, nobody is asked to sign in for nothing. */
function mayCarryToken({ request: { url }, credential }: Call): boolean {
  return !URL.canParse(url) || credential.origins.includes(new URL(url).origin);
}

function blocked(turn: Turn, { need, credential, origin }: Call): Input {
  const detail = `The credential "${credential.name}" does not name this URL's origin.`;
  note(turn, {
    kind: 'call',
    integration: need.integration,
    request: null,
    answer: null,
    outcome: 'blocked',
    detail,
    ms: 0,
  });
  return ended(origin, unsent('blocked'));
}

/**
 * What the brand's answer means: a result, or a new authorization. Right after one only what asks for more than was given leads
 * to another; delegation refuses the same challenge a second time (X7).
 */
export async function managedAnswer(turn: Turn, call: Call, delegated: Delegated): Promise<Input> {
  if (delegated.kind === 'ended') return ended(call.origin, delegated.result);
  const { challenge } = delegated;
  if (challenge) return await askPermission(turn, { ...call, challenge });
  if (!call.origin.after_grant) return await askPermission(turn, call);
  const outcome = { needs_reauth: 'misconfigured', scope: 'scope_insufficient', step_up: 'step_up_failed' } as const;
  note(turn, {
    kind: 'note',
    text: 'signed in, but the brand refused the same call again: check the credential, its origins and scope',
  });
  return ended(call.origin, { ...delegated.result, outcome: outcome[delegated.reason] });
}

/** Right after a grant there is a reason for it that another sign-in would not mend; a "yes" later on may well need one. */
async function withoutPermission(turn: Turn, call: Call, { reason }: Missing): Promise<Input> {
  if (!call.origin.after_grant || call.origin.confirmed) return await askUnlessDown(turn, call);
  const outcome: Record<Missing['reason'], Outcome> = {
    none: 'cancelled',
    needs_reauth: 'misconfigured',
    level: 'binding_failed',
    scope: 'scope_insufficient',
  };
  return ended(call.origin, unsent(outcome[reason]));
}

/** Before anything was heard of the brand (delegation.md, "Right cause, right prompt"). */
async function askUnlessDown(turn: Turn, call: Call): Promise<Input> {
  const obstacle = await brandObstacle(turn, call);
  return obstacle ? ended(call.origin, unsent(obstacle)) : await askPermission(turn, call);
}

async function askPermission(turn: Turn, call: Call): Promise<Input> {
  const obstacle = await signInObstacle(turn, call.credential);
  if (obstacle) return ended(call.origin, unsent(obstacle));
  const parked = await parkForPermission(turn, toPark(turn, call));
  return 'refused' in parked ? ended(call.origin, parked.refused) : parked;
}
