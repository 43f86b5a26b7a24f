import { marksOf, type PlainChoice } from '../bot/content/plain-choices.ts';
import type { Interaction } from '../bot/document.ts';
import { isObject, type Json } from '../world/json.ts';
import { contentChoices } from './content.ts';
import { normalise } from './pattern.ts';
import { partsIn } from './pickers.ts';
import { plainReplies } from './question.ts';
import type { Turn } from './turn.ts';

/** What typing stands for where nothing can be tapped: a tap, or choices that it could mean, as they are shown again. */
export type Typed = { says: string; metadata: Json[] } | { again: string[] };

/** Undefined: it names nothing that can be chosen here. */
export function typedTap(turn: Turn, question: Interaction, typed: string): Typed | undefined {
  const choices = choicesOf(turn, question);
  const marks = marksOf(choices);
  const meant = (text: string) => named(choices, marks, normalise(text));
  const whole = meant(typed);
  const parts = whole.length > 0 ? [whole] : partsIn(normalise(typed)).map(meant);
  if (parts.length === 0 || parts.some((candidates) => candidates.length === 0)) return undefined;
  const ambiguous = parts.find((candidates) => candidates.length > 1);
  return ambiguous ? askFor(ambiguous, marks) : chosen(parts.flat(), choices, marks);
}

function choicesOf(turn: Turn, question: Interaction): PlainChoice[] {
  if (question.type === 'structured' || question.type === 'universal') return contentChoices(turn, question);
  return plainReplies(turn, question).map(({ title, payload }) => ({
    label: title,
    card: '',
    says: payload,
    metadata: [],
  }));
}

/** Those of a label, else the one of a mark; what does the same is one. */
function named(choices: readonly PlainChoice[], marks: Marks, typed: string): PlainChoice[] {
  const labelled = choices.filter(({ label }) => normalise(label) === typed);
  const [first, ...others] = labelled;
  if (first) return others.every((other) => isSame(first, other)) ? [first] : labelled;
  return choices.filter((choice) => marks.get(choice) === typed.replace(/[.)]$/, ''));
}

type Marks = ReadonlyMap<PlainChoice, string>;

function isSame(one: PlainChoice, other: PlainChoice): boolean {
  const doing = ({ says, metadata, member, sends }: PlainChoice) => JSON.stringify([says, metadata, member, sends]);
  return !one.member && doing(one) === doing(other);
}

/** One choice, or members of one set with what sends them. */
function chosen(picked: readonly PlainChoice[], choices: readonly PlainChoice[], marks: Marks): Typed | undefined {
  const [first, ...others] = picked;
  const set = first?.member?.set ?? first?.sends;
  if (!first || set === undefined) return first && others.length === 0 ? saying(first) : undefined;
  if (others.some(({ member, sends }) => (member?.set ?? sends) !== set)) return undefined;
  const members = choices.filter((one) => picked.includes(one) && one.member);
  const [named, ...more] = picked.filter((one) => one.sends);
  const senders = choices.filter(({ sends }) => sends === set);
  const sender = named ?? (senders.length === 1 ? senders[0] : undefined);
  if (more.length > 0) return undefined;
  if (members.length === 0 || (members.length > 1 && members.some(({ member }) => member?.single)))
    return askFor(
      choices.filter(({ member }) => member?.set === set),
      marks,
    );
  return sender ? sent(members, sender) : askFor(senders, marks);
}

function saying({ says, metadata }: PlainChoice): Typed | undefined {
  return says === undefined ? undefined : { says, metadata: metadata.filter(isJsonObject) };
}

/** As a tap would: a list says its members' texts, cards add their metadata to what their button says. */
function sent(members: readonly PlainChoice[], sender: PlainChoice): Typed | undefined {
  const texts = members.flatMap(({ says }) => says ?? []);
  const of = members.flatMap(({ metadata }) => metadata);
  const says = texts.length > 0 ? texts.join(', ') : sender.says;
  return saying({ ...sender, says, metadata: texts.length > 0 ? [...sender.metadata, ...of] : of });
}

/** Each with its mark and, where it stands in a card, with that one's title. */
function askFor(choices: readonly PlainChoice[], marks: Marks): Typed {
  const again = choices.map((choice) => {
    const { label, card } = choice;
    const mark = marks.get(choice);
    const named = card === '' || card === label ? label : `${label} (${card})`;
    return mark === undefined ? named : `${mark}. ${named}`;
  });
  return { again };
}

function isJsonObject(value: unknown): value is { [key: string]: Json } {
  // What an author wrote was JSON, and so is all in it.
  return isObject(value);
}
