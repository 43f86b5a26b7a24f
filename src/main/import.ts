import { writeFile } from 'node:fs/promises';
import { documentIn } from '../bot/answered-document.ts';
import { checkDocument } from '../bot/check.ts';
import { pastedSecret } from '../bot/checks/secrets.ts';
import { importLivePerson, type ImportReport } from '../bot/import/import-liveperson.ts';
import type { DocumentProblem } from '../bot/problem.ts';
import { parse } from './arguments.ts';
import { problemsOf } from './check.ts';
import { readJson } from './read-json.ts';
import { print } from './run-server.ts';
import { type Verb, WrongUse } from './verb.ts';

export const importExport: Verb = {
  name: 'import',
  summary: 'LivePerson export → bot document, with a report of what was mapped, approximated, ignored',
  help: 'errand import <export.json> [--out bot.json]\n\nPrints the report, and writes the document to that file. Without --out the document goes to standard output and the report to standard error. Nothing in the export is run. Errors other than a pasted token are printed in place of the report: then nothing is written, and the exit code is 1.',
  async run(args) {
    const { positionals, values } = parse(
      args,
      { out: { type: 'string' } },
      { least: 1, most: 1, names: 'the export is' },
    );
    const json = await readJson(positionals[0] ?? '').catch(refuseExport);
    const { document, report } = imported(json);
    const errors = problemsOf(json).filter(({ severity }) => severity === 'error');
    const broken = errors.filter(({ message }) => message !== pastedSecret);
    if (broken.length > 0) return refuse(broken);
    for (const { path, message } of errors) process.stderr.write(`error ${path || '/'} ${message}\n`);
    const text = `${JSON.stringify(document, null, 2)}\n`;
    if (typeof values.out === 'string') {
      await writeFile(values.out, text).catch(refuseOut);
      print([...lines(report), `written to ${values.out}`]);
    } else {
      process.stderr.write(`${lines(report).join('\n')}\n`);
      process.stdout.write(text);
    }
    return 0;
  },
};

/** As the API does: nobody could run it. */
function refuse(errors: readonly DocumentProblem[]): number {
  process.stderr.write(`nothing was written: the bot cannot run until these are mended in the export\n`);
  print(errors.map(({ path, message }) => `error ${path || '/'} ${message}`));
  return 1;
}

/** What the API answers of a bot holds a document already: it is taken out, and that is all. */
function imported(json: unknown): { document: object; report: ImportReport } {
  const within = documentIn(json);
  const checked = within === json ? undefined : checkDocument(within);
  if (!checked?.ok) return importLivePerson(within);
  const mapped = [{ path: '/document', message: 'It is a bot document already.' }];
  return { document: checked.document, report: { mapped, approximated: [], ignored: [] } };
}

/** The one file that this verb is about: without it the verb was called wrongly. */
function refuseExport(error: unknown): never {
  throw new WrongUse(error instanceof Error ? error.message : String(error));
}

function refuseOut(error: NodeJS.ErrnoException): never {
  const why = error.code === 'ENOENT' ? 'its folder is not there' : error.message;
  throw new WrongUse(`--out: ${error.path ?? 'the file'} cannot be written: ${why}`);
}

function lines(report: ImportReport): string[] {
  return (['mapped', 'approximated', 'ignored'] as const).flatMap((kind) =>
    report[kind].map(({ path, message }) => `${kind.padEnd(13)}${path || '/'}  ${message}`),
  );
}
