/**
 * Scripts, styles and requests of our own origin only; no inline code, no frames, no forms. Pictures may come from
 * anywhere over https: bots show a brand's products, and nothing of the page goes along with such a request.
 */
export const pagePolicy =
  "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: https:; font-src 'self'; connect-src 'self'; " +
  "manifest-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

/** Part of the page: without one the browser asks for `/favicon.ico`. */
const icon =
  "data:image/svg+xml,%3Csvg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 32 32'%3E%3Crect width='32' height='32' rx='9' " +
  "fill='%230f6653'/%3E%3Cpath d='M9 16.5l5 5 9-11' fill='none' stroke='%23fff' stroke-width='3.5' stroke-linecap='round' " +
  "stroke-linejoin='round'/%3E%3C/svg%3E";

export interface Shell {
  title: string;
  locale: string;
  /** What `#app` is told, as `data-…`. */
  data: Record<string, string>;
  /** Stands in the page until its scripts draw it. */
  text?: string;
  assets: { scripts: readonly string[]; styles: readonly string[] };
}

/** The HTML around a built page: all it knows stands in `data-` attributes, so no script is inline. */
export function renderShell(shell: Shell): string {
  const styles = shell.assets.styles.map((href) => `<link rel="stylesheet" href="${escapeHtml(href)}">`);
  const scripts = shell.assets.scripts.map((src) => `<script type="module" src="${escapeHtml(src)}"></script>`);
  const data = Object.entries(shell.data).map(([name, value]) => ` data-${name}="${escapeHtml(value)}"`);
  return [
    `<!doctype html><html lang="${escapeHtml(shell.locale)}"><head><meta charset="utf-8">`,
    '<meta name="viewport" content="width=device-width, initial-scale=1, viewport-fit=cover, interactive-widget=resizes-content">',
    '<meta name="color-scheme" content="light dark">',
    `<title>${escapeHtml(shell.title)}</title>`,
    `<link rel="icon" href="${icon}">`,
    ...styles,
    ...scripts,
    `</head><body><div id="app"${data.join('')}>${escapeHtml(shell.text ?? '')}</div>`,
    '<noscript>This chat needs JavaScript.</noscript></body></html>',
  ].join('\n');
}

export function escapeHtml(text: string): string {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
    .replaceAll("'", '&#39;');
}
