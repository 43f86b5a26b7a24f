import type { BotDocument, Interaction } from '../document.ts';
import { type InteractionPlace, interactionPlaces, rulePlaces } from '../places.ts';
import { type DocumentProblem, pointer, warning } from '../problem.ts';
import { scriptsOf } from '../scripts-of.ts';

/** A rule about an option should name one that the question offers. What scripts and variables offer is not known here. */
export function checkOptions(document: BotDocument): DocumentProblem[] {
  const places = interactionPlaces(document).filter(({ dialog }) => dialog.type !== 'disambiguation');
  const found = places.flatMap(checkRules);
  return found.length === 0 || scriptsOf(document).some(({ code }) => code.includes('addQuickRepl')) ? [] : found;
}

function checkRules(place: InteractionPlace): DocumentProblem[] {
  const options = optionsOf(place.interaction);
  if (options === undefined || options.some((option) => option.includes('{'))) return [];
  const offered = new Set(options.map(folded));
  return rulePlaces(place).flatMap(({ rule: { when }, path }) => {
    if (when?.match !== 'option' || when.value.includes('{') || offered.has(folded(when.value))) return [];
    const names = options.map((option) => `"${option.trim()}"`);
    const message = `The question offers no "${when.value}", so a tap never takes this rule. It offers ${listed(names)}.`;
    return [warning(pointer(path, 'when', 'value'), message)];
  });
}

/** What a tap says and what stands on it; undefined: the question has no options of its own. */
function optionsOf(interaction: Interaction): string[] | undefined {
  if (interaction.type === 'multiple_choice') return interaction.choices;
  if (interaction.type !== 'quick_reply') return undefined;
  return interaction.replies.flatMap(({ title, payload }) => (payload === undefined ? [title] : [title, payload]));
}

const mostListed = 10;

function listed(names: readonly string[]): string {
  return `${names.slice(0, mostListed).join(', ')}${names.length > mostListed ? ' and more' : ''}`;
}

/** As rules compare: neither case nor the number of spaces counts. */
function folded(text: string): string {
  return text.normalize('NFC').toLowerCase().replaceAll(/[‘’]/g, "'").replaceAll(/\s+/g, ' ').trim();
}
