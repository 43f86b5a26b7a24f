import type { BotDocument } from '../document.ts';
import { isPlaceholder } from '../placeholder.ts';
import { type DocumentProblem, error, pointer, warning } from '../problem.ts';

/** Texts that are nothing but secrets: tokens after their scheme, private keys, keys of well-known makers. */
const patterns: readonly RegExp[] = [
  // At least 16 characters of the token alphabet after the scheme, one of them a digit: no expression, no sentence.
  /\b(?:bearer|basic)\s+(?=\S*\d)[A-Za-z0-9._~+/-]{16,}=*/i,
  /-----BEGIN [A-Z ]{0,20}PRIVATE KEY-----/,
  /\b(?:AKIA|ASIA)[A-Z0-9]{16}\b/,
  /\b(?:gh[pousr]_[A-Za-z0-9]{30,}|xox[abprs]-[A-Za-z0-9-]{20,}|sk[_-](?:live[_-]|proj-)?[A-Za-z0-9]{24,})/,
];

const isSurely = (text: string): boolean => patterns.some((secret) => secret.test(text)) || holdsWebToken(text);

/** Taken apart, as one pattern would read each of many beginnings to the end. */
function holdsWebToken(text: string): boolean {
  return (text.match(/[A-Za-z0-9_.-]{24,}/g) ?? []).some((run) => {
    const parts = run.split('.');
    return parts.some(
      (part, at) => at + 2 < parts.length && /\beyJ.{8}/.test(part) && /^eyJ.{8}/.test(parts[at + 1] ?? ''),
    );
  });
}

/** A name that says "secret", and behind it, as a value, many characters of a token. */
const probably =
  /\b(?:api[-_]?key|access[-_]?token|auth[-_]?token|client[-_]?secret|secret|password|x-api-key)["']?\s*[=:]\s*["']?(?=[A-Za-z0-9_~+/-]*\d)[A-Za-z0-9_~+/-]{16,}/i;
const secretName = /(?:authorization|token|secret|password|api[-_]?key)$/i;
const tokenLike = /^(?=.*\d)(?=.*[A-Za-z])[A-Za-z0-9._~+/=-]{20,}$/;

/** A name that says "secret" of whatever stands behind it. */
const keyName =
  /^(?:proxy-)?authorization$|(?:^|[-_.])(?:api[-_]?key|app[-_]?key|subscription[-_]?key|functions?[-_]?key|secret|password)$/i;
/** Before the token of an `Authorization` header. */
const scheme = /^\s*(?:bearer|basic|token)\s+/i;
const opaque = /^(?:[A-Za-z][A-Za-z-]{0,20}\s+)?[A-Za-z0-9._~+/-]{16,}=*$/;

const message = 'This looks like a real token. A document must not contain secrets: put it into a credential.';

/** A document is exported, versioned and shown, so it must not hold a secret: credentials do. */
export function checkSecrets(document: BotDocument): DocumentProblem[] {
  const found: DocumentProblem[] = [];
  const open: { value: unknown; path: string }[] = [{ value: document, path: '' }];
  for (let one = open.pop(); one; one = open.pop()) {
    const { value, path } = one;
    if (typeof value === 'string') {
      if (isSurely(value)) found.push(error(path, message));
      else if (probably.test(value)) found.push(warning(path, message));
    }
    if (value === null || typeof value !== 'object') continue;
    if (isSecretPair(value)) found.push(warning(pointer(path, 'value'), message));
    for (const [name, inner] of Object.entries(value)) open.push({ value: inner, path: pointer(path, name) });
  }
  return found;
}

/**
 * A header as somebody else's export has it: a real token, however it is spelt. Stricter than with a document, whose author
 * is there to be warned. What has an expression in it is no secret.
 */
export function holdsSecret({ key, value }: { key: string; value: string }): boolean {
  if (isSurely(value)) return true;
  if (value.trim() === '' || value.includes('{') || isPlaceholder(value.replace(scheme, ''))) return false;
  return keyName.test(key) || (secretName.test(key) && opaque.test(value.trim()));
}

/** A header or parameter whose name says that its value is a secret, and whose value is no expression. */
function isSecretPair(value: object): boolean {
  if (!('key' in value) || !('value' in value)) return false;
  const { key, value: text } = value;
  if (typeof key !== 'string' || typeof text !== 'string' || !secretName.test(key)) return false;
  return tokenLike.test(text) && !isSurely(text);
}
