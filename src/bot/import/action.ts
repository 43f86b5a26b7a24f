import type { Action } from '../document.ts';
import type { ExportIndex, Message } from './export-index.ts';
import { type ForeignRecord, textAt } from './record.ts';

/** Where an interaction stands in the new document. */
export interface Position {
  message: Message;
  /** The interaction listed after it. */
  follower: Message | undefined;
}

/** A next action of the export. A target that does not exist ends the flow there, and is reported. */
export function actionOf(
  index: ExportIndex,
  position: Position,
  { record, path }: { record: ForeignRecord | undefined; path: string },
): Action {
  const value = textAt(record, 'value')?.slice(0, 200) ?? 'next';
  if (textAt(record, 'name') === 'DIALOG') return toDialog(index, value, path);
  if (value === 'next') return nextOf(index, position);
  if (value === 'none') return { go: 'end' };
  if (value === 'close_dialog' || value === 'close_conversation') return { go: value };
  if (value === position.message.id) return { go: 'current' };
  if (index.messages.has(value)) return { go: 'interaction', id: value };
  return dangling(index, value, path);
}

/** "Next interaction": the one the export links to; none means that the dialog ends. */
export function nextOf(index: ExportIndex, { message, follower }: Position): Action {
  const { next, path } = message;
  if (next === undefined) return follower === undefined ? { go: 'next' } : { go: 'end' };
  if (next === follower?.id) return { go: 'next' };
  return index.messages.has(next) ? { go: 'interaction', id: next } : dangling(index, next, `${path}/nextMessageId`);
}

function toDialog(index: ExportIndex, id: string, path: string): Action {
  return index.dialogs.has(id) ? { go: 'dialog', id } : dangling(index, id, path);
}

function dangling(index: ExportIndex, id: string, path: string): Action {
  index.reporting.missed(
    'approximated',
    path,
    `The next action leads to "${id.slice(0, 200)}", which the export does not have: the flow ends here.`,
  );
  return { go: 'end' };
}
