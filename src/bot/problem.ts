/** What is wrong, or may be wrong, in a bot document. */
export interface DocumentProblem {
  /** A document with errors cannot be published; warnings are advice. */
  severity: 'error' | 'warning';
  /** JSON pointer (RFC 6901) into the document. */
  path: string;
  message: string;
}

export function error(path: string, message: string): DocumentProblem {
  return { severity: 'error', path, message };
}

export function warning(path: string, message: string): DocumentProblem {
  return { severity: 'warning', path, message };
}

/** `pointer('/dialogs', 0, 'name')` → `/dialogs/0/name`; `~` and `/` in names are escaped. */
export function pointer(base: string, ...steps: (string | number)[]): string {
  return [base, ...steps.map((step) => String(step).replaceAll('~', '~0').replaceAll('/', '~1'))].join('/');
}
