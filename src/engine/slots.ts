import type { Interaction, Rule } from '../bot/document.ts';
import { expand, longestText } from './template.ts';
import { needUnderstanding } from './understand.ts';
import { type Onward, placeOf, type Turn, warn } from './turn.ts';
import { lookupIn, setVariable } from './variables.ts';

const nameOf = (slot: string): string => `slot.${slot}`;

/** A dialog begins: what started it may answer its questions already. */
export function slotsAtStart(turn: Turn): Onward {
  return slotsOfDialog(turn).length === 0 ? 'enter' : (needUnderstanding(turn, 'slots') ?? 'slots');
}

/** Fills the slots of the dialog from what was said. */
export function fillSlots(turn: Turn): Onward {
  for (const slot of slotsOfDialog(turn)) fill(turn, slot);
  return 'enter';
}

function slotsOfDialog(turn: Turn) {
  const dialog = placeOf(turn)?.dialog.id;
  return (dialog !== undefined && turn.bot.intents.slots.get(dialog)) || [];
}

/** The reply to a question fills the question's own slot, before its rules look at it. */
export function fillOwnSlot(turn: Turn, interaction: Interaction): void {
  const slot = slotOf(interaction);
  if (slot) fill(turn, slot);
}

export function fillRuleSlot(turn: Turn, { slot }: Rule): void {
  if (!slot) return;
  if (slot.value === undefined)
    return slot.entity === undefined ? undefined : fill(turn, { ...slot, entity: slot.entity });
  const { text, cut } = expand(slot.value, lookupIn(turn));
  if (cut) warn(turn, `the value of the slot "${slot.name}" was cut: it is longer than ${longestText} characters`);
  store(turn, slot.name, text);
}

/** Asked again on purpose: what was answered before does not count. */
export function emptySlot(turn: Turn, interaction: Interaction): void {
  const slot = slotOf(interaction);
  if (slot) setVariable(turn, { name: nameOf(slot.name), value: null, scope: 'session' });
}

/** A question that is answered already is passed over. Only what was said in this dialog counts. */
export function isFilled(turn: Turn, interaction: Interaction): boolean {
  const slot = slotOf(interaction);
  return slot !== undefined && Object.hasOwn(turn.state.variables.dialog, nameOf(slot.name));
}

function fill(turn: Turn, { name, entity }: { name: string; entity: string }): void {
  const found = turn.state.understanding?.entities.find((one) => one.entity === entity);
  if (found) store(turn, name, found.value);
}

/** In the dialog, where it answers the question; and in the session, where later dialogs can read it. */
function store(turn: Turn, slot: string, value: string): void {
  const name = nameOf(slot);
  setVariable(turn, { name, value, scope: 'session' });
  setVariable(turn, { name, value, scope: 'dialog' });
}

function slotOf(interaction: Interaction): { name: string; entity: string } | undefined {
  return 'slot' in interaction ? interaction.slot : undefined;
}
