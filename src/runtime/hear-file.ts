import type { FileBody } from './accept-file.ts';
import { drive } from './drive.ts';
import { forgetFile } from './kept-file.ts';
import { note, type Turn } from './turn.ts';

/** The file's turn. What waits for the consumer's permission keeps it; else it is gone with the turn. */
export async function hearFile(turn: Turn, { file, refused }: FileBody): Promise<void> {
  const { name, type, size, caption } = file;
  const told = { from: 'consumer', text: caption ?? name, file: { name, type, size }, ...(refused && { refused }) };
  note(turn, { kind: 'message', ...told });
  const at = turn.rooms.world.clock.now();
  const before = Object.keys(turn.state.engine.parked).length;
  await drive(turn, { type: 'file_received', file, at, ...(refused && { refused }) });
  if (Object.keys(turn.state.engine.parked).length <= before) forgetFile(turn, file.id);
}
