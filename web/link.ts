const safeSchemes = new Set(['https:', 'http:', 'mailto:', 'tel:']);

/**
 * The link as an absolute URL when it may be followed, else undefined (XS-03). The URL parser decides what the scheme
 * is, because browsers drop tabs, newlines and leading control characters before they read it.
 */
export function safeLink(url: string | undefined): URL | undefined {
  if (!url) return undefined;
  const parsed = URL.parse(url.trim());
  return parsed && safeSchemes.has(parsed.protocol) ? parsed : undefined;
}

export type TextPart = { text: string; link?: URL };

const webAddress = /https?:\/\/[^\s<>"'`]{1,2000}/gi;
const trailing = /[.,;:!?)\]}»”’]+$/;

/** Splits plain text at its web addresses; a sentence's own punctuation stays outside the link. */
export function linkParts(text: string): TextPart[] {
  const parts: TextPart[] = [];
  let at = 0;
  for (const match of text.matchAll(webAddress)) {
    const address = match[0].replace(trailing, '');
    const link = safeLink(address);
    if (!link) continue;
    if (match.index > at) parts.push({ text: text.slice(at, match.index) });
    parts.push({ text: address, link });
    at = match.index + address.length;
  }
  if (at < text.length) parts.push({ text: text.slice(at) });
  return parts;
}

/** Where a link really leads, for people: the host as the browser sees it (IDN as punycode), or the address (XS-16). */
export function destination(link: URL): string {
  return link.host || link.pathname;
}
