import type { BotDocument } from '../document.ts';
import { isPlaceholder } from '../placeholder.ts';
import { type DocumentProblem, error, pointer, warning } from '../problem.ts';
import { isWord, looksRandom, mayNameSecret, namesSecret, namesToken } from '../secret-names.ts';
import { isSurelySecret } from '../sure-secrets.ts';

/** Keys of makers some of which may be seen by everybody, and tokens that live for an hour. */
const perhaps =
  /\b(?:ya29\.[A-Za-z0-9_-]{20,}|AIza[A-Za-z0-9_-]{35}|glpat-[A-Za-z0-9_-]{20,}|shp(?:at|ca|pa|ss)_[A-Fa-f0-9]{32})/;

/** A name and behind it, as a value, many characters of a token: in JSON, code, a URL's query or a form. */
const named: readonly RegExp[] = [
  /(?<![\w.-])(?<name>[\w.-]{1,60})\\?["']?\s*[=:,]\s*\\?["'](?<value>[\w.~+/%=-]{16,})\\?["']/g,
  /(?<![\w.-])(?<name>[\w.-]{1,60})[=:](?<value>[\w~+/%-]{16,})(?![\w.(~+/%-])/g,
  /[?&](?<name>[\w.-]{1,60})=(?<value>[\w.~+/%-]{16,})/g,
];

function isProbably(text: string): boolean {
  if (perhaps.test(text)) return true;
  return named.some((pattern) =>
    [...text.matchAll(pattern)].some(({ groups: { name = '', value = '' } = {} }) => isNamedSecret(name, value)),
  );
}

const isNamedSecret = (name: string, value: string): boolean =>
  (namesSecret(name) || namesToken(name) || mayNameSecret(name)) && looksRandom(value) && !isPlaceholder(value);

/** Before the token of an `Authorization` header. */
const scheme = /^\s*(?:bearer|basic|token)\s+/i;
const opaque = /^(?:[A-Za-z][A-Za-z-]{0,20}\s+)?[A-Za-z0-9._~+/-]{16,}=*$/;

/** Words with strokes between them are none. */
const isOpaque = (value: string): boolean => opaque.test(value.trim()) && (/\d/.test(value) || !/[-_.]/.test(value));

export const pastedSecret =
  'This looks like a real token. A document must not contain secrets: put it into a credential.';

/** A document is exported, versioned and shown, so it must not hold a secret: credentials do. */
export function checkSecrets(document: BotDocument): DocumentProblem[] {
  const found: DocumentProblem[] = [];
  const open: { value: unknown; path: string }[] = [{ value: document, path: '' }];
  for (let one = open.pop(); one; one = open.pop()) {
    const { value, path } = one;
    if (typeof value === 'string') {
      if (isSurelySecret(value)) found.push(error(path, pastedSecret));
      else if (isProbably(value)) found.push(warning(path, pastedSecret));
    }
    if (value === null || typeof value !== 'object') continue;
    const pair = pairIn(value);
    if (pair && !isSurelySecret(pair.value) && (pair.set ? isNamedSecret(pair.key, pair.value) : holdsSecret(pair)))
      found.push(warning(pointer(path, 'value'), pastedSecret));
    for (const [name, inner] of Object.entries(value)) open.push({ value: inner, path: pointer(path, name) });
  }
  return found;
}

interface Pair {
  key: string;
  value: string;
}

/** A header, a parameter, or a variable that a rule sets. */
function pairIn(given: object): (Pair & { set: boolean }) | undefined {
  if (!('value' in given) || typeof given.value !== 'string') return undefined;
  const set = !('key' in given);
  const key = 'key' in given ? given.key : 'name' in given ? given.name : undefined;
  return typeof key === 'string' ? { key, value: given.value, set } : undefined;
}

/** Whether a header, parameter or variable has a secret written into it, however it is spelt. An expression is none. */
export function holdsSecret({ key, value }: Pair): boolean {
  if (isSurelySecret(value)) return true;
  if (value.trim() === '' || value.includes('{') || isWord(value) || isPlaceholder(value.replace(scheme, '')))
    return false;
  return namesSecret(key) || (namesToken(key) && isOpaque(value)) || (mayNameSecret(key) && looksRandom(value));
}
