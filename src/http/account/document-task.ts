import { type Checked, checkDocument } from '../../bot/check.ts';
import { exportPaths } from '../../bot/import/export-place.ts';
import { type ImportCredential, type ImportReport, importLivePerson } from '../../bot/import/import-liveperson.ts';
import type { DocumentProblem } from '../../bot/problem.ts';
import { Problem } from '../../world/problem.ts';

/** What is done with a document or an export: pure work, however large it is. */
export type DocumentTask =
  | { kind: 'check'; json: unknown }
  | { kind: 'import'; json: unknown; credentials: readonly ImportCredential[] };

export type DocumentAnswer = { checked: Checked; report: ImportReport | null } | { refused: string };

/** Errors of an export name places of the export, wherever it has them. */
export function performTask(task: DocumentTask): DocumentAnswer {
  if (task.kind === 'check') return { checked: checkDocument(task.json), report: null };
  try {
    const { document, report, places } = importLivePerson(task.json, task);
    const checked = checkDocument(document);
    return {
      checked: checked.ok ? checked : { ok: false, problems: placed(checked.problems, exportPaths(places)) },
      report,
    };
  } catch (thrown) {
    if (thrown instanceof Problem && thrown.code === 'invalid_document') return { refused: thrown.message };
    throw thrown;
  }
}

function placed(
  problems: readonly DocumentProblem[],
  placeOf: (path: string) => string | undefined,
): DocumentProblem[] {
  return problems.map((problem) => ({ ...problem, path: placeOf(problem.path) ?? problem.path }));
}
