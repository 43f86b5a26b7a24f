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
  mapped(path: string, message: string): void;
  approximated(path: string, message: string): void;
  ignored(path: string, message: string): void;
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
  return {
    report,
    mapped: add('mapped'),
    approximated,
    ignored: add('ignored'),
    fit(text, longest, path) {
      if (text.length <= longest) return text;
      approximated(path, `The text was cut to ${longest} characters.`);
      // Never between the halves of a surrogate pair.
      return text.slice(0, longest).replace(/[\ud800-\udbff]$/, '');
    },
  };
}
