/** Looks for secrets in bytes, whatever careless coding they went through. */

export interface Haystack {
  /** Where the bytes are from, for the one who must mend it. */
  name: string;
  bytes: Buffer;
}

export interface Hit {
  haystack: string;
  /** Which secret, and in which coding. */
  found: string;
  /** What stands around it. */
  around: string;
}

interface Needle {
  found: string;
  bytes: Buffer;
}

/** Long enough not to stand anywhere by chance, short enough to be whole in one of two pages of a database. */
const windowLength = 12;

/** Every place where the beginning, middle or end of a secret of 12 signs or more stands: raw, turned around, or coded. */
export function findSecrets(secrets: Record<string, string>, haystacks: readonly Haystack[]): Hit[] {
  const needles = Object.entries(secrets).flatMap(([name, secret]) => needlesOf(name, secret));
  return haystacks.flatMap((haystack) => needles.flatMap((needle) => hitOf(haystack, needle)));
}

function hitOf({ name, bytes }: Haystack, needle: Needle): Hit[] {
  const at = bytes.indexOf(needle.bytes);
  if (at === -1) return [];
  const around = bytes.subarray(Math.max(0, at - 60), at + needle.bytes.length + 60).toString('latin1');
  return [{ haystack: name, found: needle.found, around }];
}

function needlesOf(name: string, secret: string): Needle[] {
  const needles = new Map<string, Needle>();
  const last = secret.length - windowLength;
  for (const at of last < 0 ? [] : [0, last >> 1, last]) {
    for (const [coding, bytes] of codings(secret.slice(at, at + windowLength))) {
      needles.set(bytes.toString('latin1'), { found: `${name} (${coding})`, bytes });
    }
  }
  return [...needles.values()];
}

function codings(text: string): [coding: string, bytes: Buffer][] {
  const turned = [...text].reverse().join('');
  const percent = everyByte(text, (byte) => `%${byte.toString(16).padStart(2, '0')}`);
  const hex = Buffer.from(text).toString('hex');
  const texts: [string, string][] = [
    ['raw', text],
    ['backwards', turned],
    ['URL-encoded', encodeURIComponent(text)],
    ['URL-encoded, small', encodeURIComponent(text).replace(/%../g, (code) => code.toLowerCase())],
    ['URL-encoded as a form', new URLSearchParams({ t: text }).toString().slice(2)],
    ['URL-encoded throughout', percent],
    ['URL-encoded twice', encodeURIComponent(encodeURIComponent(text))],
    ['hex', hex],
    ['hex in capitals', hex.toUpperCase()],
    ['hex, backwards', [...hex].reverse().join('')],
    ['hex of it backwards', Buffer.from(turned).toString('hex')],
    ['JSON with \\/', text.replaceAll('/', '\\/')],
    ['HTML', text.replaceAll('/', '&#x2F;').replaceAll('+', '&#x2B;')],
    ['HTML, decimal', text.replaceAll('/', '&#47;').replaceAll('+', '&#43;')],
  ];
  return [
    ...texts.map(([coding, coded]): [string, Buffer] => [coding, Buffer.from(coded)]),
    ['UTF-16', Buffer.from(text, 'utf16le')],
    ...base64Of(text),
  ];
}

/** The signs that do not depend on what stands before or after, for each of the three ways it can lie in the groups of three. */
function base64Of(text: string): [string, Buffer][] {
  return [0, 1, 2].flatMap((before): [string, Buffer][] => {
    const first = Math.ceil((before * 8) / 6);
    const last = Math.floor(((before + text.length) * 8) / 6);
    const coded = Buffer.from('\0'.repeat(before) + text)
      .toString('base64')
      .slice(first, last);
    return [
      ['base64', Buffer.from(coded)],
      ['base64url', Buffer.from(coded.replaceAll('+', '-').replaceAll('/', '_'))],
      ['base64, backwards', Buffer.from([...coded].reverse().join(''))],
    ];
  });
}

function everyByte(text: string, code: (byte: number) => string): string {
  return [...Buffer.from(text)].map(code).join('');
}
