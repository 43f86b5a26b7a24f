import type { NoReplyBody } from './no-reply.ts';
import { handOver, tellOfTransfer } from './transfer.ts';
import { note, type Turn } from './turn.ts';

/** The timer's turn. The first skill keeps the conversation where the other one does not take it. */
export async function hearNoReply(turn: Turn, given: NoReplyBody): Promise<void> {
  const { agents } = turn.bot.document;
  const skill = agents?.fallback_skill;
  if (!agents || skill === undefined || !turn.state.engine.with_people) return;
  note(turn, { kind: 'note', text: 'people have not answered in time: the other skill is asked' });
  tellOfTransfer(turn, { type: 'transfer', status: 'requested', skill });
  const need = { type: 'transfer' as const, interaction_id: '', skill, ...given };
  const outcome = await handOver(turn, agents.integration, need);
  if (outcome === 'success') tellOfTransfer(turn, { type: 'transfer', status: 'accepted', skill });
  else note(turn, { kind: 'note', text: 'the other skill did not take it: the first one keeps the conversation' });
}
