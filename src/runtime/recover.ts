import { takeUpCall } from './call.ts';
import { drive } from './drive.ts';
import { finishParkedCall } from './resume.ts';
import type { Turn } from './turn.ts';

/** Takes up a turn that died while a call was under way. False when there was none. */
export async function finishUnderWay(turn: Turn): Promise<boolean> {
  const underWay = turn.state.under_way;
  if (!underWay) return false;
  const { parked_call_id } = underWay.origin;
  turn.calls = underWay.calls;
  const input = await takeUpCall(turn, underWay);
  await drive(turn, parked_call_id === null ? input : finishParkedCall(turn, parked_call_id, input));
  return true;
}
