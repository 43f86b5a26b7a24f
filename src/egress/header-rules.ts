/** Which request headers an author, a variable or a provider's metadata may set (SS-07). */
import type { OutgoingRequest } from './egress.ts';

const token = /^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/;
/** No control character, and nothing above one byte: its high half would be cut off on the wire and could leave a line feed. */
const value = /^[\t\x20-\x7e\x80-\xff]*$/;

/** Framing, routing and hop-by-hop fields belong to the client; the metadata fields open cloud metadata services. */
const forbidden = new Set([
  'accept-encoding',
  'connection',
  'content-length',
  'expect',
  'host',
  'http2-settings',
  'keep-alive',
  'metadata',
  'metadata-flavor',
  'proxy-authenticate',
  'proxy-authorization',
  'proxy-connection',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
  'via',
  'x-aws-ec2-metadata-token',
  'x-aws-ec2-metadata-token-ttl-seconds',
  'x-google-metadata-request',
]);

/** An answer to a part of a resource could hold a part of an echoed secret, which no scrubbing finds. */
const forbiddenWithSecret = new Set(['range', 'if-range']);

const mostBytes = 32_768;

/** Why these headers may not go out, or undefined. */
export function refuseHeaders(request: OutgoingRequest): string | undefined {
  const seen = new Set<string>();
  let bytes = 0;
  for (const [name, text] of Object.entries(request.headers)) {
    const lower = name.toLowerCase();
    if (!token.test(name) || !value.test(text)) return 'A header has a character that is not allowed in it.';
    if (forbidden.has(lower)) return `The header ${lower} may not be set.`;
    if (request.secret && forbiddenWithSecret.has(lower)) return `The header ${lower} may not be sent with a secret.`;
    if (seen.has(lower)) return `The header ${lower} is there twice.`;
    seen.add(lower);
    bytes += name.length + text.length;
  }
  if (bytes > mostBytes) return 'The headers are too large.';
  return request.secret && refuseSecretHeader(request.secret, seen);
}

function refuseSecretHeader(secret: NonNullable<OutgoingRequest['secret']>, seen: Set<string>): string | undefined {
  // RFC 6750 2.1: visible ASCII only. Anything else would be cut or would end the header (T11).
  if (!/^[\x21-\x7e]{1,16384}$/.test(secret.value.reveal())) return 'The secret is not a clean token.';
  if ('parameter' in secret) return undefined;
  const name = secret.header.toLowerCase();
  if (!token.test(name) || forbidden.has(name)) return 'The secret has no header it may go in.';
  if (seen.has(name)) return `The header ${name} is there twice.`;
  return /^[\x20-\x7e]{0,200}$/.test(secret.prefix) ? undefined : 'The secret is not a clean token.';
}
