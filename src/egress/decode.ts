/** From the bytes of an answer to its text: at most one known content coding, never past the limit; then the charset. */
import { promisify } from 'node:util';
import { brotliDecompress, gunzip, inflate } from 'node:zlib';

/** We ask for `identity`; some servers compress all the same. */
const decoders = new Map([
  ['gzip', promisify(gunzip)],
  ['x-gzip', promisify(gunzip)],
  ['deflate', promisify(inflate)],
  ['br', promisify(brotliDecompress)],
]);

export type Decoded = { text: string } | { failed: 'too_large' | 'broken' };

/** `limit` bounds the decoded bytes: a small bomb ends at the limit, not at its real size (SS-09). */
export async function decode(bytes: Uint8Array, headers: Record<string, string>, limit: number): Promise<Decoded> {
  const coding = (headers['content-encoding'] ?? 'identity').trim().toLowerCase();
  if (coding === 'identity' || coding === '' || bytes.length === 0) return { text: toText(bytes, headers) };
  const decoder = decoders.get(coding);
  if (!decoder) return { failed: 'broken' };
  try {
    return { text: toText(await decoder(bytes, { maxOutputLength: limit }), headers) };
  } catch (error) {
    return { failed: isTooLarge(error) ? 'too_large' : 'broken' };
  }
}

function isTooLarge(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'ERR_BUFFER_TOO_LARGE';
}

/** An unknown charset is read as UTF-8 with replacement characters: a text is better than none. */
function toText(bytes: Uint8Array, headers: Record<string, string>): string {
  const named = /charset\s*=\s*"?([\w:.-]{1,40})/i.exec(headers['content-type'] ?? '')?.[1];
  const charset = named ?? markOf(bytes) ?? declaredIn(bytes) ?? 'utf-8';
  try {
    return new TextDecoder(charset).decode(bytes);
  } catch {
    return new TextDecoder().decode(bytes);
  }
}

/** A byte order mark of UTF-16. */
function markOf([first, second]: Uint8Array): string | undefined {
  if (first === 0xfe && second === 0xff) return 'utf-16be';
  return first === 0xff && second === 0xfe ? 'utf-16le' : undefined;
}

/** Encodings in which ASCII is ASCII: in any other the declaration could not have been read, and a secret could hide. */
const asciiKept = /^(?:utf-?8|us-ascii|iso-8859-\d{1,2}|latin-?\d|windows-125\d|cp125\d|koi8-[ru]|macintosh)$/i;

/** An XML document may say itself how it is written (XML 1.0, 4.3.3). */
function declaredIn(bytes: Uint8Array): string | undefined {
  const start = new TextDecoder('latin1').decode(bytes.subarray(0, 200));
  const declared = /^\s*<\?xml\s[^>]*?\bencoding\s*=\s*["']([\w.:-]{1,40})["']/.exec(start)?.[1];
  return declared !== undefined && asciiKept.test(declared) ? declared : undefined;
}
