/** Reads curl's options into plain settings. What has no meaning for an integration is told, never guessed. */
import type { Pair } from './found-secrets.ts';

export interface CurlOptions {
  urls: string[];
  method?: string;
  headers: Pair[];
  data: string[];
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
    const at = value.indexOf('=');
    options.data.push(`${value.slice(0, at + 1)}${encodeURIComponent(value.slice(at + 1))}`);
  },
  '--json': (options, value) => {
    options.json = true;
    data(options, value);
  },
  '--user': (options, value) => void (options.user = value),
  '--url': (options, value) => void options.urls.push(value),
  '--user-agent': header('User-Agent'),
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

/** Options with a value that has no place in an integration. */
const untaken =
  '--form --form-string --upload-file --proxy --proxy-user --cert --key --cacert --capath --pass --output --write-out --cookie-jar --config --connect-timeout --resolve --interface --range --max-redirs --retry-delay --retry-max-time --limit-rate --dump-header --noproxy --ciphers --tls-max --aws-sigv4'.split(
    ' ',
  );

/** Options without a value, and what is to be said of them; null: nothing. */
const flags: Record<string, string | null | ((options: CurlOptions) => void)> = {
  '--get': (options) => void (options.get = true),
  '--head': (options) => void (options.head = true),
  '--location': 'Redirects are not followed: use the address they lead to.',
  '--insecure': 'Certificates are always checked.',
  ...Object.fromEntries(
    '--silent --show-error --verbose --include --compressed --fail --fail-with-body --no-buffer --globoff --http1.1 --http2 --http1.0 --progress-bar --tlsv1.2 --tlsv1.3 --ipv4 --ipv6 --path-as-is --remote-name --no-progress-meter'
      .split(' ')
      .map((name) => [name, null]),
  ),
};

const short: Record<string, string> = {
  X: '--request',
  H: '--header',
  d: '--data',
  u: '--user',
  A: '--user-agent',
  e: '--referer',
  b: '--cookie',
  m: '--max-time',
  G: '--get',
  I: '--head',
  L: '--location',
  k: '--insecure',
  s: '--silent',
  S: '--show-error',
  v: '--verbose',
  i: '--include',
  f: '--fail',
  N: '--no-buffer',
  g: '--globoff',
  '#': '--progress-bar',
  4: '--ipv4',
  6: '--ipv6',
  O: '--remote-name',
  F: '--form',
  T: '--upload-file',
  x: '--proxy',
  U: '--proxy-user',
  E: '--cert',
  o: '--output',
  w: '--write-out',
  c: '--cookie-jar',
  K: '--config',
  r: '--range',
  D: '--dump-header',
};

/** `words`: those after `curl`. */
export function curlOptions(words: readonly string[]): CurlOptions {
  const options: CurlOptions = { urls: [], headers: [], data: [], json: false, get: false, head: false, remarks: [] };
  const left = [...words];
  for (let word = left.shift(); word !== undefined; word = left.shift()) {
    if (word.startsWith('--')) takeLong(options, word, left);
    else if (word.startsWith('-') && word.length > 1) takeShort(options, word.slice(1), left);
    else options.urls.push(word);
  }
  return options;
}

function takeLong(options: CurlOptions, word: string, left: string[]): void {
  const at = word.indexOf('=');
  const name = at < 0 ? word : word.slice(0, at);
  if (at >= 0) left.unshift(word.slice(at + 1));
  take(options, name, left);
}

/** `-sSL`, `-XPOST`: letters in a row, the last of which may have its value attached. */
function takeShort(options: CurlOptions, letters: string, left: string[]): void {
  for (const [at, letter] of [...letters].entries()) {
    const name = short[letter];
    if (name === undefined) return remark(options, `-${letter}`, 'This option is not known here and was left out.');
    const takesValue = Object.hasOwn(taking, name) || untaken.includes(name);
    const attached = letters.slice(at + 1);
    if (takesValue && attached !== '') left.unshift(attached);
    take(options, name, left);
    if (takesValue) return;
  }
}

function take(options: CurlOptions, name: string, left: string[]): void {
  if (/^--(?:data|json|form)(?:-|$)/.test(name)) options.sends ??= 'POST';
  if (name === '--upload-file') options.sends ??= 'PUT';
  const takes = Object.hasOwn(taking, name) ? taking[name] : undefined;
  if (takes) return takes(options, left.shift() ?? '');
  if (untaken.includes(name)) {
    left.shift();
    return remark(options, name, sayUntaken(name));
  }
  const flag = Object.hasOwn(flags, name) ? flags[name] : undefined;
  if (typeof flag === 'function') flag(options);
  else if (flag !== null) remark(options, name, flag ?? 'This option is not known here and was left out.');
}

function sayUntaken(name: string): string {
  if (name.startsWith('--form') || name === '--upload-file')
    return 'Forms with files belong to an integration of type "file": it was left out.';
  return 'This option has no place in an integration and was left out.';
}

function takeHeader(options: CurlOptions, value: string): void {
  const [, key, text = ''] = /^\s*([^:;\s]+)\s*[:;]\s*([\s\S]*)$/.exec(value) ?? [];
  if (key === undefined) return remark(options, '--header', 'A header without a name was left out.');
  if (/^cookie$/i.test(key)) return noCookie(options);
  options.headers.push({ key, value: text.trim() });
}

function noCookie(options: CurlOptions): void {
  remark(options, '--cookie', 'Cookies belong to a browser and were left out: give the integration a credential.');
}

function remark(options: CurlOptions, option: string, message: string): void {
  options.remarks.push({ option, message });
}
