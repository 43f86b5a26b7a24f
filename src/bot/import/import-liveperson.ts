import { Problem } from '../../world/problem.ts';
import { beyondBounds } from '../bounds.ts';
import type { BotDocument } from '../document.ts';
import type { DocumentProblem } from '../problem.ts';
import { accountFor } from './accounting.ts';
import { dialogsOf, disambiguationsIn, groupsOf } from './dialogs.ts';
import { type ExportIndex, messagesOf } from './export-index.ts';
import { type ExportPlace, exportPlaces } from './export-place.ts';
import { headOf } from './head.ts';
import type { ImportCredential } from './integration.ts';
import { integrationsOf } from './integrations.ts';
import { intentsOf, reportUnknownIntents } from './intents.ts';
import { reportJumps } from './jumps.ts';
import { orderDialogs } from './order.ts';
import { type ForeignRecord, isRecord } from './record.ts';
import { createReporting, type ImportReport } from './report.ts';

export type { ImportCredential } from './integration.ts';
export type { ImportReport } from './report.ts';

export interface Imported {
  document: BotDocument;
  report: ImportReport;
  /** What of the export is not in the document, so that a check of that cannot tell it; places of the export. */
  warnings: DocumentProblem[];
  /** Where the document's parts stood in the export. */
  places: ExportPlace[];
}

/** Whether this is a bot exported from LivePerson Conversation Builder: it has interactions, and no format of Errand's. */
export function isLivePersonExport(json: unknown): json is ForeignRecord {
  return isRecord(json) && Array.isArray(json.conversationMessage) && json.format === undefined;
}

/**
 * A LivePerson export as a bot document, with a report of what was mapped, approximated and ignored. Nothing in it is run.
 * Dangling references are reported, not refused. Throws the problem `invalid_document` for what is no export or too large.
 */
export function importLivePerson(
  json: unknown,
  { credentials = [] }: { credentials?: readonly ImportCredential[] } = {},
): Imported {
  const beyond = beyondBounds(json);
  if (beyond) throw new Problem('invalid_document', `The export is too large: ${beyond}.`);
  if (!isLivePersonExport(json))
    throw new Problem('invalid_document', 'This is not a LivePerson export: it has no list conversationMessage.');
  const reporting = createReporting();
  const messages = messagesOf(json, reporting);
  const groups = groupsOf(json);
  const ordered = orderDialogs({ messages }).map((dialog, at) => ({
    ...dialog,
    id: dialog.group ?? `imported-${at + 1}`,
  }));
  const { integrations, byKey, escalations, responders } = integrationsOf(json, credentials, reporting);
  const dialogs = new Set([...ordered.map(({ id }) => id), ...groups.keys()]);
  const index: ExportIndex = {
    reporting,
    messages,
    dialogs,
    disambiguations: disambiguationsIn(groups),
    integrations: byKey,
    escalations,
    rulePaths: new Map(),
  };
  const intents = intentsOf(json, reporting);
  reportUnknownIntents(index, intents);
  const document = {
    ...headOf(json, reporting),
    ...(intents.length > 0 && { intents }),
    dialogs: dialogsOf(index, ordered, groups),
    integrations,
  };
  const made = new Map(
    document.dialogs.flatMap(({ interactions }) => interactions.map((one) => [one.id, one] as const)),
  );
  accountFor(json, index, made);
  reportJumps(index);
  const groupPaths = new Map([...groups].map(([id, { path }]) => [id, path]));
  return {
    document,
    report: reporting.report,
    warnings: reporting.warnings,
    places: exportPlaces(document, { ...index, groups: groupPaths, responders }),
  };
}
