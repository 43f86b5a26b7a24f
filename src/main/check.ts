import { documentIn } from '../bot/answered-document.ts';
import { checkDocument, type DocumentProblem, inOrder } from '../bot/check.ts';
import { exportPaths } from '../bot/import/export-place.ts';
import { importLivePerson, isLivePersonExport } from '../bot/import/import-liveperson.ts';
import { exportMembers } from '../bot/import/members.ts';
import { error } from '../bot/problem.ts';
import { isObject } from '../world/json.ts';
import { parse } from './arguments.ts';
import { filesIn, isScript } from './json-files.ts';
import { readJson } from './read-json.ts';
import { print } from './run-server.ts';
import type { Verb } from './verb.ts';

export const check: Verb = {
  name: 'check',
  summary: 'problems of a bot document or LivePerson export, one per line',
  help: 'errand check <bot.json>… [--json]\n\nPrints "severity path message" for each problem; exits 1 when there are errors. Paths of an export are those of the export. A folder stands for its JSON files that are no conversation scripts.',
  async run(args) {
    const { positionals, values } = parse(
      args,
      { json: { type: 'boolean' } },
      { least: 1, most: 1_000, names: 'a bot document or LivePerson export is' },
    );
    const results: { file: string; problems: DocumentProblem[] }[] = [];
    const files = await filesIn(positionals, {
      what: 'bot document or LivePerson export',
      takes: (json) => !isScript(json),
    });
    for (const file of files) results.push({ file, problems: await problemsIn(file) });
    if (values.json) print([JSON.stringify(results, null, 2)]);
    else for (const result of results) show(result, results.length > 1);
    return results.some(({ problems }) => problems.some(({ severity }) => severity === 'error')) ? 1 : 0;
  },
};

/** A file that cannot be read, or is broken, must not keep the others from being checked. */
async function problemsIn(file: string): Promise<DocumentProblem[]> {
  try {
    return problemsOf(await readJson(file));
  } catch (error) {
    return [{ severity: 'error', path: '', message: error instanceof Error ? error.message : String(error) }];
  }
}

/** An export is checked as what it becomes. Paths are those of the file that was given, wherever it has such a place. */
export function problemsOf(json: unknown): DocumentProblem[] {
  const within = documentIn(json);
  if (within !== json) return problemsOf(within).map((problem) => ({ ...problem, path: `/document${problem.path}` }));
  if (!isLivePersonExport(json)) return whatElse(json) ?? checkDocument(json).problems;
  const { document, places, warnings } = importLivePerson(json);
  const exportPath = exportPaths(places);
  const problems = checkDocument(document).problems.map((problem) => {
    const path = exportPath(problem.path);
    if (path !== undefined) return { ...problem, path };
    return { ...problem, message: `${problem.message} (a place of the document that the export becomes)` };
  });
  return [...problems, ...warnings].sort(inOrder);
}

/** Of what is no document at all a list of its unknown members would say little. */
function whatElse(json: unknown): DocumentProblem[] | undefined {
  if (!isObject(json) || 'format' in json) return undefined;
  const names = Object.keys(json);
  if (names.includes('dialogs')) return undefined;
  if (names.some((name) => exportMembers.read.includes(name) || exportMembers.dropped?.includes(name)))
    return [error('/conversationMessage', 'It must be a list: the interactions of a LivePerson export.')];
  if (names.includes('name')) return undefined;
  return [
    error(
      '',
      'This is neither a bot document ("format": "errand.bot/1") nor a LivePerson export (with a list "conversationMessage").',
    ),
  ];
}

/** Standard output has nothing but problems, one a line, and where there are several files, whose they are. */
function show({ file, problems }: { file: string; problems: DocumentProblem[] }, several: boolean): void {
  const lines = problems.map(({ severity, path, message }) => `${severity} ${path === '' ? '/' : path} ${message}`);
  if (lines.length > 0) print(several ? [`${file}:`, ...lines] : lines);
  else process.stderr.write(several ? `${file}: no problems\n` : 'no problems\n');
}
