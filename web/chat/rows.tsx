import type { ComponentChildren } from 'preact';

/** More rows would push what they answer out of sight. */
const mostRows = 3;

/** Quick replies side by side: as many in a row as the author wants, else as many as fit; a row that is too long scrolls. */
export function Rows({ perRow, children }: { perRow: number | undefined; children: ComponentChildren[] }) {
  if (perRow === undefined) return <div class="chat-replies">{children}</div>;
  return (
    <div class="chat-replies rows">
      {rowsOf(children, perRow).map((row) => (
        <div class="chat-replies-row">{row}</div>
      ))}
    </div>
  );
}

/** At most three rows; what is over stands in the last one. */
export function rowsOf<T>(members: T[], perRow: number): T[][] {
  const size = Math.min(Math.max(Math.floor(perRow), 1), 8);
  const count = Math.min(Math.ceil(members.length / size), mostRows);
  return Array.from({ length: count }, (_, at) =>
    members.slice(at * size, at === mostRows - 1 ? undefined : (at + 1) * size),
  );
}
