/** Reads curl's options into plain settings. What has no meaning for an integration is told, never guessed. */
import { letterNames, silent, valued, valueless } from './curl-option-names.ts';
import type { Pair } from './found-secrets.ts';

/** A word that may be the URL. */
export interface UrlWord {
  text: string;
  /** It was given with `--url`. */
  named?: true;
  /** The option before it, which is not known here: the word may be its value. */
  after?: string;
}

export interface CurlOptions {
  urls: UrlWord[];
  method?: string;
  headers: Pair[];
  /** Headers, in lower case, that curl leaves out: those given as `Name:`. */
  without: string[];
  /** The option by which the user and password are sent in another way than Basic. */
  challenge?: string;
  data: string[];
  /** What `--url-query` adds to the URL's own. */
  query: string[];
  /** The method of a command with a body, also where the body cannot be read. */
  sends?: 'POST' | 'PUT';
  json: boolean;
  get: boolean;
  head: boolean;
  user?: string;
  timeout_ms?: number;
  retries?: number;
  remarks: { option: string; message: string }[];
}

type Take = (options: CurlOptions, value: string) => void;

const header =
  (key: string): Take =>
  (options, value) =>
    void options.headers.push({ key, value });

const data: Take = (options, value) => {
  if (value.startsWith('@')) return remark(options, '--data', 'A file cannot be read: write the body by hand.');
  options.data.push(value);
};

/** `name=content` with its content encoded; `=content` and `content` have no name. */
function urlEncoded(text: string): string {
  const at = text.indexOf('=');
  return `${at > 0 ? text.slice(0, at + 1) : ''}${encodeURIComponent(text.slice(at + 1).toWellFormed())}`;
}

/** Options with a value that mean something here. */
const taking: Record<string, Take> = {
  '--request': (options, value) => void (options.method = value),
  '--header': takeHeader,
  '--data': data,
  '--data-ascii': data,
  '--data-binary': data,
  '--data-raw': (options, value) => void options.data.push(value),
  '--data-urlencode': (options, value) => {
    if (/^[^=]*@/.test(value))
      return remark(options, '--data-urlencode', 'A file cannot be read: write the body by hand.');
    options.data.push(urlEncoded(value));
  },
  '--json': (options, value) => {
    options.json = true;
    data(options, value);
  },
  '--user': (options, value) => void (options.user = value),
  '--aws-sigv4': (options) => void (options.challenge = '--aws-sigv4'),
  '--url': (options, value) => void options.urls.push({ text: value, named: true }),
  '--url-query': (options, value) => {
    const [, plus, text = ''] = /^(\+?)([\s\S]*)$/.exec(value) ?? [];
    if (plus === '+') return void options.query.push(text);
    if (/^[^=]*@/.test(text))
      return remark(options, '--url-query', 'A file cannot be read: write the parameter by hand.');
    options.query.push(urlEncoded(text));
  },
  '--user-agent': (options, value) => takeHeader(options, `User-Agent:${value}`),
  '--referer': header('Referer'),
  '--oauth2-bearer': (options, value) => void options.headers.push({ key: 'Authorization', value: `Bearer ${value}` }),
  '--cookie': (options) => noCookie(options),
  '--max-time': (options, value) => {
    const ms = Math.round(Number(value) * 1_000);
    if (ms > 0) options.timeout_ms = Math.min(Math.max(ms, 100), 20_000);
  },
  '--retry': (options, value) => {
    if (/^\d{1,3}$/.test(value)) options.retries = Math.min(Number(value), 3);
  },
};

const challenged =
  (option: string) =>
  (options: CurlOptions): void =>
    void (options.challenge = option);

/** Options without a value that mean something here. */
const flags: Record<string, string | ((options: CurlOptions) => void)> = {
  '--get': (options) => void (options.get = true),
  '--head': (options) => void (options.head = true),
  '--location': 'Redirects are not followed: use the address they lead to.',
  '--location-trusted': 'Redirects are not followed: use the address they lead to.',
  '--digest': challenged('--digest'),
  '--ntlm': challenged('--ntlm'),
  '--ntlm-wb': challenged('--ntlm-wb'),
  '--negotiate': challenged('--negotiate'),
  '--insecure': 'Certificates are always checked.',
};

/** `words`: those after `curl`. */
export function curlOptions(words: readonly string[]): CurlOptions {
  const options: CurlOptions = {
    urls: [],
    headers: [],
    without: [],
    data: [],
    query: [],
    json: false,
    get: false,
    head: false,
    remarks: [],
  };
  const left = [...words];
  let unknown: string | undefined;
  for (let word = left.shift(); word !== undefined; word = left.shift()) {
    const after = unknown;
    unknown = undefined;
    if (word === '--next' || word === '-:') {
      remark(options, word, 'Only the first request of the command was taken.');
      break;
    }
    if (word === '--') options.urls.push(...left.splice(0).map((text) => ({ text })));
    else if (word.startsWith('--')) unknown = takeLong(options, word, left);
    else if (word.startsWith('-') && word.length > 1) unknown = takeShort(options, word.slice(1), left);
    else options.urls.push({ text: word, ...(after === undefined ? {} : { after }) });
  }
  return options;
}

/** The name of an option that is not known, whose value the next word may be. */
type Unknown = string | undefined;

function takeLong(options: CurlOptions, word: string, left: string[]): Unknown {
  const at = word.indexOf('=');
  if (at < 0) return take(options, word, () => left.shift() ?? '');
  const value = word.slice(at + 1);
  take(options, word.slice(0, at), () => value);
  return undefined;
}

/** `-sSL`, `-XPOST`: letters in a row, the last of which may have its value attached. */
function takeShort(options: CurlOptions, letters: string, left: string[]): Unknown {
  for (const [at, letter] of [...letters].entries()) {
    const name = Object.hasOwn(letterNames, letter) ? letterNames[letter] : undefined;
    if (name === undefined) return sayUnknown(options, `-${letter}`);
    const attached = letters.slice(at + letter.length);
    const hasValue = takesValue(name);
    take(options, name, () => (attached === '' ? (left.shift() ?? '') : attached));
    if (hasValue) return undefined;
  }
  return undefined;
}

const takesValue = (name: string): boolean => Object.hasOwn(taking, name) || valued.has(name);

function take(options: CurlOptions, name: string, value: () => string): Unknown {
  const given = takesValue(name) || name.startsWith('--expand-') ? value() : '';
  if (takesValue(name) && /^--(?:data|json|form)(?:-|$)/.test(name)) options.sends ??= 'POST';
  if (name === '--upload-file') options.sends ??= 'PUT';
  const takes = Object.hasOwn(taking, name) ? taking[name] : undefined;
  const flag = Object.hasOwn(flags, name) ? flags[name] : undefined;
  if (takes) takes(options, given);
  else if (typeof flag === 'function') flag(options);
  else if (flag !== undefined || hasNoPlace(name)) remark(options, name, flag ?? sayUntaken(name));
  else if (!silent.has(name)) return sayUnknown(options, name);
  return undefined;
}

/** The names with "no-" switch something off, and none of them takes a value. */
const hasNoPlace = (name: string): boolean =>
  valued.has(name) ||
  valueless.has(name) ||
  name.startsWith('--expand-') ||
  (name.startsWith('--no-') && !silent.has(name));

function sayUnknown(options: CurlOptions, name: string): string {
  remark(options, name, 'This option is not known here and was left out.');
  return name;
}

function sayUntaken(name: string): string {
  if (name.startsWith('--form') || name === '--upload-file')
    return 'Forms with files belong to an integration of type "file": it was left out.';
  if (name.startsWith('--expand-')) return "curl's variables are not filled in: write the value by hand.";
  return 'This option has no place in an integration and was left out.';
}

function takeHeader(options: CurlOptions, value: string): void {
  const [, key, colon, text = ''] = /^\s*([^:;\s]+)\s*([:;])\s*([\s\S]*)$/.exec(value) ?? [];
  if (key === undefined) return remark(options, '--header', 'A header without a name was left out.');
  if (/^cookie$/i.test(key)) return noCookie(options);
  // `Name:` removes curl's own header of the name; `Name;` sends it without a value.
  if (colon === ':' && text.trim() === '') return void options.without.push(key.toLowerCase());
  options.headers.push({ key, value: text.trim() });
}

function noCookie(options: CurlOptions): void {
  remark(options, '--cookie', 'Cookies belong to a browser and were left out: give the integration a credential.');
}

function remark(options: CurlOptions, option: string, message: string): void {
  options.remarks.push({ option, message });
}
