import { advance } from '../engine/advance.ts';
import type { Emitted, EngineTrace, Input, Need } from '../engine/step.ts';
import { performCall } from './call.ts';
import { changeContext } from './context.ts';
import { freshCall } from './call-origin.ts';
import { appendEvent } from '../store/event.ts';
import type { TraceEntry } from '../store/trace.ts';
import { endForGood } from './close.ts';
import { route } from './route.ts';
import { matchRegexes, runScript } from './script.ts';
import { tellOfTransfer, transfer } from './transfer.ts';
import { factsOf, note, say, type Turn } from './turn.ts';
import { understand } from './understand.ts';

/** Runs the engine from one input until it waits for the consumer, performing what it needs on the way. */
export async function drive(turn: Turn, first: Input): Promise<void> {
  let input: Input | undefined = first;
  while (input !== undefined) {
    const step = advance({ bot: turn.bot.compiled, facts: factsOf(turn) }, turn.state.engine, input);
    turn.state.engine = step.state;
    for (const emitted of step.emitted) take(turn, emitted);
    input = step.need ? await perform(turn, step.need) : undefined;
  }
}

async function perform(turn: Turn, need: Need): Promise<Input> {
  await turn.durable;
  if (need.type === 'script') return runScript(turn, need);
  if (need.type === 'regex') return matchRegexes(turn, need);
  if (need.type === 'understand') return understand(turn, need);
  if (need.type === 'transfer') return transfer(turn, need);
  if (need.type === 'route') return route(turn, need);
  const afterGrant = turn.granted === need.interaction_id;
  delete turn.granted;
  return performCall(turn, need, { ...freshCall, after_grant: afterGrant });
}

function take(turn: Turn, emitted: Emitted): void {
  if (emitted.type === 'message') return say(turn, emitted.message);
  if (emitted.type === 'trace') return note(turn, withNames(turn, emitted.entry));
  if (emitted.type === 'custom_event') return note(turn, { ...emitted, kind: 'custom_event' });
  if (emitted.type === 'escalation_event') return note(turn, { ...emitted, kind: 'escalation_event' });
  if (emitted.type === 'transfer') return tellOfTransfer(turn, emitted);
  if (emitted.type === 'context') return changeContext(turn, emitted.change);
  closeWithTurn(turn, emitted.survey);
}

/** Imported bots have ids that say nothing: the trace shows what their authors call a place. */
function withNames(turn: Turn, entry: EngineTrace): TraceEntry {
  const id = 'interaction' in entry ? entry.interaction : undefined;
  const place = id === undefined ? undefined : turn.bot.compiled.places.get(id);
  if (!place) return { ...entry };
  return { ...entry, interaction_name: place.interaction.name, dialog_name: place.dialog.name };
}

/** The bot closes the conversation: with the turn's own commit, so that its last words stand before it, and nothing after. */
function closeWithTurn(turn: Turn, survey: boolean): void {
  if (turn.closed) return;
  note(turn, { kind: 'closed', survey });
  turn.closed = true;
  const conversation_id = turn.conversation.id;
  turn.writes.push(async (tx) => {
    await endForGood(turn.rooms, tx, { conversation_id, by: 'bot' });
    await appendEvent(tx, { conversation_id, type: 'closed', body: {}, at: turn.rooms.world.clock.now() });
  });
}
