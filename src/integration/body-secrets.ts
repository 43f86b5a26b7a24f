/** Finds secrets in a body by what they are called, in any of the notations that bodies are written in. */
import { withoutSureSecrets } from '../bot/sure-secrets.ts';
import { isNamedSecret, type Pair } from './found-secrets.ts';
import type { SecretVariables } from './secret-variables.ts';

/*
 * Each has groups `name` and `value`, and the value ends its match. Every part is bounded or ends at a sign that the
 * next one begins with: a body is read in one go, whatever was pasted.
 */

const inJson = /"(?<name>[^"\\]{1,100})"\s*:\s*"(?<value>(?:[^"\\]|\\.){1,20000})(?=")/g;
const inForm = /(?<=^|&)(?<name>[^=&\s]{1,100})=(?<value>[^&\s]{1,20000})/g;
/** GraphQL: `login(password: "…")`. */
const inArgument = /(?<![\w".-])(?<name>[\w.-]{1,100})\s*:\s*"(?<value>(?:[^"\\]|\\.){1,4000})(?=")/g;
const inElement =
  /<(?<name>[\w:.-]{1,100})(?:\s[^<>]{0,1000})?>(?<value><!\[CDATA\[[^\]]{1,4000}\]\]>|[^<]{1,4000})(?=<\/)/g;
const inAttribute =
  /(?<=\s)(?<name>[\w:.-]{1,100})\s?=\s?(?<quote>["'])(?<value>(?:(?!\k<quote>)[^<>]){1,4000})(?=\k<quote>)/g;

/*
 * The same within a JSON string, which a quote of its own would end: `\"password\":\"…\"`, `password:\"…\"`. There
 * `\\\"` is a quote of the value.
 */

const inEscapedText =
  /(?<![\w.-])(?:(?<=\\)[nrt])?(?<name>[\w.-]{1,100})(?:\\")?(?:\s|\\[nrt])*:(?:\s|\\[nrt])*\\"(?<value>(?:[^"\\]|\\[^"\\]|\\\\(?:\\.|[^\\])){1,4000})(?=\\")/g;
const inEscapedElement =
  /<(?<name>[\w:.-]{1,100})(?:\s[^<>]{0,1000})?>(?<value><!\[CDATA\[[^\]"]{1,4000}\]\]>|(?:[^<"\\]|\\[^/]){1,4000})(?=<\\?\/)/g;
const inEscapedAttribute =
  /(?<=\s|\\[nrt])(?<name>[\w:.-]{1,100})\s?=\s?(?<quote>\\"|')(?<value>(?:(?!\k<quote>)[^<>"]){1,4000})(?=\k<quote>)/g;

function notationsOf(body: string): RegExp[] {
  if (/^\s*(?:\[|\{\s*["}])/.test(body)) return [inJson, inEscapedText, inEscapedElement, inEscapedAttribute];
  const inText = [inJson, inArgument, inElement, inAttribute];
  return /^\s*[{<]/.test(body) ? inText : [...inText, inForm];
}

/** Secrets written into a body are replaced by variables of the environment: those of their names, then what surely is one. */
export function withoutBodySecrets(body: string, variables: SecretVariables): string {
  const place = (name: string, secret: string) => variables.placeFor(name, secret, '/body');
  const whole = ({ key, value }: Pair) => (isNamedSecret({ key, value }) ? place(key, value) : value);
  const within = ({ key, value }: Pair) => withoutSureSecrets(value, (secret) => place(key, secret));
  const notations = notationsOf(body);
  const unnamed = [whole, within].reduce(
    (before, replaced) => notations.reduce((text, notation) => withValues(text, notation, replaced), before),
    body,
  );
  return withoutSureSecrets(unnamed, (secret) => place('secret', secret));
}

function withValues(text: string, notation: RegExp, replaced: (pair: Pair) => string): string {
  let after = '';
  let end = 0;
  for (const { 0: whole, index, groups: { name = '', value = '' } = {} } of text.matchAll(notation)) {
    if (value.trim() === '') continue;
    // Elements and attributes have the prefix of their namespace.
    after += text.slice(end, index + whole.length - value.length) + replaced({ key: name.replace(/^.*:/, ''), value });
    end = index + whole.length;
  }
  return after + text.slice(end);
}
