import type { Intent } from '../schema/understanding.ts';
import { pointer } from '../problem.ts';
import type { ExportIndex } from './export-index.ts';
import { type ForeignRecord, placedRecordsAt } from './record.ts';
import { firstText } from './source.ts';
import type { Reporting } from './report.ts';

const mostIntents = 500;

/** Intents by id and name. An export has their names only, never what consumers say who mean them. */
export function intentsOf(json: ForeignRecord, reporting: Reporting): Intent[] {
  const intents = new Map<string, Intent>();
  for (const [at, record] of placedRecordsAt(json, 'associatedIntents')) {
    const path = pointer('/associatedIntents', at);
    const id = firstText(record, 'id')?.slice(0, 200);
    const name = firstText(record, 'name', 'displayName')?.slice(0, 200) ?? id;
    if (!id || !name || intents.has(id) || intents.size >= mostIntents) {
      reporting.ignored(path, 'An intent without an id, with one that is taken, or beyond 500 was left out.');
      continue;
    }
    intents.set(id, { id, name, phrases: [] });
    reporting.approximated(
      path,
      `The intent "${name}" comes without its training phrases, which no export contains: add phrases, or name a recogniser that knows it by id or name.`,
    );
  }
  return [...intents.values()];
}

/** Starters and rules that ask for an intent the export says nothing of. */
export function reportUnknownIntents(
  index: Pick<ExportIndex, 'messages' | 'reporting'>,
  intents: readonly Intent[],
): void {
  const known = new Set(intents.map(({ id }) => id));
  for (const { record, path } of index.messages.values()) {
    const id = firstText(record, 'intentId');
    if (id !== undefined && !known.has(id.slice(0, 200)))
      index.reporting.approximated(
        pointer(path, 'intentId'),
        `The export does not say what the intent "${id.slice(0, 200)}" is called: only a recogniser that answers with this id starts the dialog.`,
      );
  }
}
