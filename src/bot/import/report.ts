import { type DocumentProblem, warning } from '../problem.ts';

/** What became of one place of the export. */
export interface ReportEntry {
  /** JSON pointer into the export. */
  path: string;
  message: string;
}

/** What an import did: nothing of an export is dropped without an entry. */
export interface ImportReport {
  mapped: ReportEntry[];
  approximated: ReportEntry[];
  ignored: ReportEntry[];
}

const mostEntries = 2_000;

/** Collects a report while the parts of an export are read. */
export interface Reporting {
  report: ImportReport;
  /** What the document cannot show any more and its author must know, with places of the export. */
  warnings: DocumentProblem[];
  mapped(path: string, message: string): void;
  approximated(path: string, message: string): void;
  ignored(path: string, message: string): void;
  /** Reported as that, and a warning besides: the bot will miss it. */
  missed(as: 'approximated' | 'ignored', path: string, message: string): void;
  /** The text, cut to what the document allows; a cut is reported. */
  fit(text: string, longest: number, path: string): string;
}

export function createReporting(): Reporting {
  const report: ImportReport = { mapped: [], approximated: [], ignored: [] };
  const add = (kind: keyof ImportReport) => (path: string, message: string) => {
    const entries = report[kind];
    if (entries.length < mostEntries) entries.push({ path, message });
    else if (entries.length === mostEntries)
      entries.push({ path: '', message: 'There is more of this than is listed.' });
  };
  const approximated = add('approximated');
  const warnings: DocumentProblem[] = [];
  return {
    report,
    warnings,
    mapped: add('mapped'),
    approximated,
    ignored: add('ignored'),
    missed(as, path, message) {
      add(as)(path, message);
      if (warnings.length < mostEntries) warnings.push(warning(path, message));
    },
    fit(text, longest, path) {
      if (text.length <= longest) return text;
      approximated(path, `The text was cut to ${longest} characters.`);
      // Never between the halves of a surrogate pair.
      return text.slice(0, longest).replace(/[\ud800-\udbff]$/, '');
    },
  };
}
