/** An integration from a pasted cURL command. The command is read, never run. */
import type { Integration } from '../bot/document.ts';
import { withoutSureSecrets } from '../bot/sure-secrets.ts';
import { type CurlOptions, curlOptions, type UrlWord } from './curl-options.ts';
import { checkedProposal } from './checked-proposal.ts';
import { credentialOfUser, oneCredential, type Pair, takeSecrets } from './found-secrets.ts';
import { methodNamed, nameFrom, plainName, type Proposal, type Remark } from './proposal.ts';
import { shellWords } from './shell-words.ts';
import { isForWindows, windowsWords } from './windows-words.ts';

const longest = 100_000;

/** `problem`: it is no command that an integration could be made of. */
export function fromCurl(command: string, given: { name?: string } = {}): Proposal | { problem: string } {
  if (command.length > longest) return { problem: `The command is longer than ${longest} characters.` };
  const split = isForWindows(command) ? windowsWords(command) : shellWords(command.replace(/^\s*\$\s+/, ''));
  if ('problem' in split) return split;
  const [program, ...words] = split.words;
  if (!/(?:^|[\\/])curl(?:\.exe)?$/i.test(program ?? '')) return { problem: 'The command does not begin with curl.' };
  const options = curlOptions(words);
  const address = addressOf(options);
  if ('problem' in address) return address;
  const method = methodNamed(methodOf(options));
  if (!method) return { problem: `The method ${methodOf(options).slice(0, 30)} cannot be used.` };
  const report: Remark[] = [
    ...options.remarks.map(({ option, message }) => ({ path: '', message: `${option}: ${message}` })),
    ...address.report,
    ...(split.rest === null ? [] : [{ path: '', message: 'What follows the command was left out.' }]),
  ];
  return checkedProposal(
    proposalOf({
      options,
      address,
      method,
      name: given.name ?? nameFrom(withoutSureSecrets(address.path, () => '')),
      report,
    }),
  );
}

interface Address {
  /** Without query and user information. */
  url: string;
  origin: string;
  path: string;
  parameters: Pair[];
  user: string | undefined;
  report: Remark[];
}

interface Read {
  options: CurlOptions;
  address: Address;
  method: Integration['method'];
  name: string;
  report: Remark[];
}

function proposalOf({ options, address, method, name, report }: Read): Proposal {
  const { body, report: left } = bodyOf(options, method);
  const headers = method === 'GET' || method === 'HEAD' ? options.headers : withTypes(options, body);
  const inQuery = options.get ? [...address.parameters, ...pairsOf(options.data.join('&'))] : address.parameters;
  const kept = keptHeaders(headers);
  const sorted = takeSecrets(kept.headers, inQuery);
  const user = userOf(options, address);
  const found = [...user.found, ...sorted.found];
  const chosen = oneCredential(found, { name: `${name} credential`.slice(0, 200), origins: [address.origin] });
  const id = plainName(name);
  const integration: Integration = {
    id,
    name,
    type: 'api',
    risk: method === 'GET' || method === 'HEAD' ? 'read' : 'write',
    method,
    url: address.url,
    ...(sorted.headers.length > 0 ? { headers: sorted.headers } : {}),
    ...(sorted.parameters.length > 0 ? { parameters: sorted.parameters } : {}),
    ...(body === undefined ? {} : { body }),
    ...(chosen.credential ? { credential: chosen.credential.name } : {}),
    ...(options.timeout_ms === undefined ? {} : { timeout_ms: options.timeout_ms }),
    ...(options.retries === undefined ? {} : { retries: options.retries }),
    response_variable: id,
  };
  return {
    integration,
    ...(chosen.credential ? { credential: chosen.credential } : {}),
    report: [...report, ...left, ...user.report, ...kept.report, ...chosen.report],
  };
}

function methodOf({ method, get, head, sends }: CurlOptions): string {
  if (method !== undefined) return method;
  if (get) return 'GET';
  if (head) return 'HEAD';
  return sends ?? 'GET';
}

/** A call with GET or HEAD sends no body. */
function bodyOf({ get, data, json }: CurlOptions, method: Integration['method']): { body?: string; report: Remark[] } {
  if (get || data.length === 0) return { report: [] };
  if (method === 'GET' || method === 'HEAD')
    return { report: [{ path: '/body', message: `A call with ${method} sends no body: it was left out.` }] };
  return { body: data.join(json ? '' : '&'), report: [] };
}

/** Basic, unless an option says that user and password are not sent as they are. */
function userOf(
  { user, challenge }: CurlOptions,
  address: Address,
): { found: ReturnType<typeof credentialOfUser>[]; report: Remark[] } {
  const given = user ?? address.user;
  if (challenge !== undefined) {
    const left = given === undefined ? '' : ' The user and password were left out.';
    const message = `${challenge}: This way to authenticate is not there for integrations.${left}`;
    return { found: [], report: [{ path: '/credential', message }] };
  }
  return { found: given === undefined ? [] : [credentialOfUser(given)], report: [] };
}

const isWeb = ({ text }: UrlWord): boolean => /^https?:\/\//i.test(text);

/** A secret is bound to the URL's host, so no word is taken for the URL that may be something else. */
function urlWord(words: readonly UrlWord[]): UrlWord | { problem: string } {
  const named = words.find((word) => word.named);
  const whole = words.filter(isWeb);
  const chosen = named ?? whole[0] ?? words[0];
  if (chosen === undefined) return { problem: 'The command names no URL.' };
  const unsure = words.find(({ after }) => after !== undefined);
  const isSure = unsure === undefined || chosen.named || (whole.length === 1 && (!chosen.after || words.length === 1));
  if (isSure) return chosen;
  const option = unsure.after?.slice(0, 60);
  return {
    problem: `Which word is the URL is not clear, for the option ${option} is not known here and may take the next word: give the URL with --url.`,
  };
}

function addressOf({ urls, query }: CurlOptions): Address | { problem: string } {
  const word = urlWord(urls);
  if ('problem' in word) return word;
  const report: Remark[] = [];
  if (urls.length > 1) report.push({ path: '/url', message: sayOthers(word, urls) });
  const first = word.text;
  const hasScheme = /^[a-z][a-z0-9+.-]*:\/\//i.test(first);
  if (!hasScheme) report.push({ path: '/url', message: 'The URL had no scheme: https was taken.' });
  const parsed = URL.parse(hasScheme ? first : `https://${first}`);
  if (!parsed || !/^https?:$/.test(parsed.protocol)) return { problem: 'The URL is no http or https URL.' };
  const { origin, username, password, pathname } = parsed;
  // The URL parser encodes braces, which expressions of authors are made of.
  const path = pathname.replace(/%7B/gi, '{').replace(/%7D/gi, '}');
  const decoded = [username, password].map((part) => decode(part)).join(':');
  return {
    url: `${origin}${path}`,
    origin,
    path,
    parameters: [parsed.search.slice(1), ...query].flatMap(pairsOf),
    user: username === '' && password === '' ? undefined : decoded,
    report,
  };
}

const sayOthers = (word: UrlWord, words: readonly UrlWord[]): string =>
  word === words[0] ? 'Only the first URL was taken.' : 'Of several words that may be the URL one was taken.';

function pairsOf(query: string): Pair[] {
  const pairs = [...new URLSearchParams(query)].map(([key, value]) => ({ key, value }));
  return pairs.filter(({ key }) => key !== '');
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

const has = (headers: readonly Pair[], name: string) => headers.some(({ key }) => key.toLowerCase() === name);

/** With the types that curl adds where none is given and none is taken away. */
function withTypes({ headers, without, json }: CurlOptions, body: string | undefined): Pair[] {
  const form = body === undefined ? [] : [{ key: 'Content-Type', value: 'application/x-www-form-urlencoded' }];
  const ofJson = ['Content-Type', 'Accept'].map((key) => ({ key, value: 'application/json' }));
  const added = (json ? ofJson : form).filter(({ key }) => !without.includes(key.toLowerCase()));
  return [...headers, ...added.filter(({ key }) => !has(headers, key.toLowerCase()))];
}

/** A browser's own headers, and those that belong to the connection, say nothing about the call. */
const foreign =
  /^(?:host|connection|content-length|transfer-encoding|accept-encoding|te|upgrade|upgrade-insecure-requests|origin|referer|dnt|priority|pragma|cache-control|sec-.*|proxy-.*|:.*)$/i;

function keptHeaders(headers: readonly Pair[]): { headers: Pair[]; report: Remark[] } {
  const seen = new Set<string>();
  const kept = headers.filter(({ key }) => {
    const name = key.toLowerCase();
    const isNew = !seen.has(name);
    seen.add(name);
    return isNew && !foreign.test(key);
  });
  const taken = new Set(kept);
  const left = headers.filter((pair) => !taken.has(pair)).map(({ key }) => key.slice(0, 60));
  if (left.length === 0) return { headers: kept, report: [] };
  return { headers: kept, report: [{ path: '/headers', message: `Left out: ${left.join(', ')}.` }] };
}
