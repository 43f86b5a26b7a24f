import type { Outcome } from '../bot/outcome.ts';
import type { Emitted, Input, Need } from '../engine/step.ts';
import { isTaken } from '../engine/transfer.ts';
import { performCall } from './call.ts';
import { freshCall } from './call-origin.ts';
import { credentialOf } from './credential-of.ts';
import { expectReply } from './no-reply.ts';
import { note, type Turn } from './turn.ts';

type TransferNeed = Extract<Need, { type: 'transfer' }>;

/**
 * Hands the conversation to people: the function that the document names for it is told, as a call like any other, so that
 * no crash hands over twice. With a skill to fall back to it is told once more when it refuses.
 */
export async function transfer(turn: Turn, need: TransferNeed): Promise<Input> {
  const { stand_in } = turn.rooms;
  if (stand_in) return { type: 'transferred', accepted: stand_in.takes_transfers };
  const { agents } = turn.bot.document;
  if (!agents) {
    note(turn, {
      kind: 'note',
      text: 'nobody can be handed to: name the function that takes conversations in the document, as "agents": { "integration": … }',
    });
    return { type: 'transferred', accepted: false };
  }
  const { integration, fallback_skill } = agents;
  const outcome = await handOver(turn, integration, need);
  if (outcome === 'success') expectReply(turn, need);
  // What may have been taken is not offered to others as well.
  if (outcome === 'success' || outcome === 'result_unknown')
    return { type: 'transferred', accepted: outcome === 'success' };
  const again = fallback_skill !== undefined && fallback_skill !== need.skill;
  const second = again ? await handOver(turn, integration, { ...need, skill: fallback_skill }) : outcome;
  return { type: 'transferred', accepted: second === 'success' };
}

/** One call: 2xx takes the conversation. */
export async function handOver(turn: Turn, integration: string, need: TransferNeed): Promise<Outcome> {
  const { interaction_id, skill, agent, variables } = need;
  const problem = await unfit(turn, integration);
  if (problem !== undefined) {
    note(turn, { kind: 'note', text: `the hand-over was not made: ${problem}` });
    return 'misconfigured';
  }
  const payload = { type: 'transfer', skill, agent, ...(variables && { variables }) };
  const call = { type: 'call' as const, integration, interaction_id, variables: {}, payload };
  const input = await performCall(turn, call, freshCall);
  if (input.type !== 'call_ended') return 'misconfigured';
  return isTaken(input.result) ? 'success' : input.result.outcome;
}

/** Only a function carries what the platform says; one that needs the consumer's permission would make her sign in to be helped. */
async function unfit(turn: Turn, name: string): Promise<string | undefined> {
  const integration = turn.bot.integrations.get(name);
  if (integration?.type !== 'function') return `"agents" names "${name}", which is no integration of type "function"`;
  const credential = await credentialOf(turn, integration);
  if ('problem' in credential) return credential.problem;
  return credential.consumers && `"${name}" must not use a credential that the consumer signs in for`;
}

/** Everybody who shows the conversation hears what became of it. */
export function tellOfTransfer(turn: Turn, { status, skill, agent }: Extract<Emitted, { type: 'transfer' }>): void {
  const told = { status, skill, ...(agent === undefined ? {} : { agent }) };
  turn.events.push({ type: 'transfer', at: turn.rooms.world.clock.now(), body: told });
  note(turn, { kind: 'transfer', ...told });
}
