import { isMet, type Row } from './measurement.ts';

const head = ['What', 'Ours', 'Measured against', 'Its figure', 'Result', 'Target', ''];

/** The rows as a Markdown table, which is easy to read in a terminal too. */
export function table(rows: readonly Row[]): string {
  const lines = [head, ...rows.map(cells)];
  const widths = head.map((_, column) => Math.max(3, ...lines.map((line) => line[column]?.length ?? 0)));
  const print = (line: readonly string[]) =>
    `| ${widths.map((width, column) => (line[column] ?? '').padEnd(width)).join(' | ')} |`;
  const rule = `|${widths.map((width) => '-'.repeat(width + 2)).join('|')}|`;
  return [print(head), rule, ...rows.map((row) => print(cells(row)))].join('\n');
}

function cells(row: Row): string[] {
  const met = isMet(row);
  const verdict = met === null ? '' : met ? 'met' : 'MISSED';
  const what = row.note === undefined ? row.what : `${row.what} (${row.note})`;
  return [what, row.ours, row.against, row.limit, figure(row, row.figure), targetOf(row), verdict];
}

function targetOf(row: Row): string {
  if (row.target === null) return '';
  const sign = { least: '≥', most: '≤', exactly: 'exactly' }[row.target.at];
  return `${sign} ${figure(row, row.target.figure)}`;
}

function figure({ unit }: Row, value: number): string {
  const digits = Math.abs(value) >= 100 || Number.isInteger(value) ? 0 : Math.abs(value) >= 10 ? 1 : 2;
  return `${value.toFixed(digits)} ${unit}`;
}
