import type { Action, BotDocument, Dialog, Interaction, Rule } from './document.ts';
import { pointer } from './problem.ts';

/** An interaction with its JSON pointer. */
export interface InteractionPlace {
  interaction: Interaction;
  dialog: Dialog;
  /** Position in the dialog. */
  at: number;
  path: string;
}

/** Every interaction of a document, in its order. */
export function interactionPlaces(document: BotDocument): InteractionPlace[] {
  return document.dialogs.flatMap((dialog, d) =>
    dialog.interactions.map((interaction, at) => ({
      interaction,
      dialog,
      at,
      path: pointer('/dialogs', d, 'interactions', at),
    })),
  );
}

export function rulePlaces({ interaction, path }: InteractionPlace): { rule: Rule; path: string }[] {
  return (interaction.rules ?? []).map((rule, at) => ({ rule, path: pointer(path, 'rules', at) }));
}

/** Next actions of the interaction and of its rules. */
export function actionPlaces(place: InteractionPlace): { action: Action; path: string }[] {
  const actions = rulePlaces(place).map(({ rule, path }) => ({ action: rule.then, path: pointer(path, 'then') }));
  const { next } = place.interaction;
  return next ? [...actions, { action: next, path: pointer(place.path, 'next') }] : actions;
}
