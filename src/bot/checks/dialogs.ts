import type { BotDocument, Dialog } from '../document.ts';
import { type DocumentProblem, error, pointer, warning } from '../problem.ts';

const single = ['fallback', 'disambiguation', 'auto_escalation'] as const;

/** A dialog has at most one starter, in front; of the special dialogs there is at most one each. */
export function checkDialogs(document: BotDocument): DocumentProblem[] {
  const special = single.flatMap((type) => {
    const others = document.dialogs.flatMap((dialog, at) => (dialog.type === type ? [at] : [])).slice(1);
    return others.map((at) => error(pointer('/dialogs', at, 'type'), `There is already a dialog of the type ${type}.`));
  });
  return [...special, ...document.dialogs.flatMap((dialog, at) => checkDialog(dialog, pointer('/dialogs', at)))];
}

function checkDialog(dialog: Dialog, path: string): DocumentProblem[] {
  if (dialog.interactions.length === 0) return [warning(path, `The dialog "${dialog.name}" has no interactions.`)];
  return dialog.interactions.flatMap(({ type }, at) => {
    if (type !== 'starter' || at === 0) return [];
    return [
      error(
        pointer(path, 'interactions', at),
        'A dialog starter must be the first interaction of its dialog, and the only one.',
      ),
    ];
  });
}
