import { type Json, parseJson, tryParseJson } from '../world/json.ts';
import { expand, type Lookup, namesIn, placeEach } from './template.ts';

/** Characters of content with its variables in it. */
const longest = 300_000;

/**
 * The JSON of a universal interaction with its expressions filled in. A value stays inside the text it was written in:
 * what a consumer or an API said can add no member and no element. Only where a variable of the bot stands alone, for the
 * whole or for a part outside of texts, is its value taken as JSON; what was just said never is.
 * @throws SyntaxError when the result is no JSON
 */
export function universalContent(written: string, lookup: Lookup): Json {
  const alone = /^\s*\{[^{}\r\n]{1,200}\}\s*$/.test(written) && !namesIn(written).some(isSaid);
  const whole = alone ? valueOf(written.trim(), lookup) : undefined;
  if (whole !== undefined) return typeof whole === 'string' ? parseJson(whole) : whole;
  const parsed = tryParseJson(written);
  const spend = budget();
  if (parsed !== undefined) return filledIn(parsed, (text) => spend(expand(text, lookup)));
  return parseJson(placedIn(written, lookup, spend));
}

function placedIn(written: string, lookup: Lookup, spend: Spend): string {
  const inText = textRanges(written);
  let said = false;
  const noting: Lookup = (name) => {
    said = isSaid(name);
    return lookup(name);
  };
  return placeEach(written, noting, (value, at) => {
    const asJson = said ? JSON.stringify(value) : asJsonText(value);
    const text = inText(at) ? inside(value) : asJson;
    return spend({ cost: text.length, text });
  });
}

/** The platform's own names: the consumer's message is among them. */
function isSaid(name: string): boolean {
  return name.startsWith('$') && !name.startsWith('$env.');
}

type Spend = (filled: { cost: number; text: string }) => string;

/** A content may name a large variable thousands of times: no more is written than can be shown. */
function budget(): Spend {
  let left = longest;
  return ({ cost, text }) => {
    left -= cost;
    if (left < 0) throw new SyntaxError(`with its variables it is longer than ${longest} characters`);
    return text;
  };
}

/** The value of an expression that is all there is; undefined when it is none, as in `{}`, or has no value. */
function valueOf(expression: string, lookup: Lookup): Json | undefined {
  let found: Json | undefined;
  const rest = placeEach(expression, lookup, (value) => {
    found = value;
    return '';
  });
  return rest === '' ? found : undefined;
}

function filledIn(value: Json, fill: (text: string) => string): Json {
  if (typeof value === 'string') return fill(value);
  if (Array.isArray(value)) return value.map((one) => filledIn(one, fill));
  if (value === null || typeof value !== 'object') return value;
  return Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, filledIn(inner, fill)]));
}

/** Whether a place of the author's text is inside of a JSON text. Asked for rising places. */
function textRanges(written: string): (at: number) => boolean {
  let inText = false;
  let looked = 0;
  return (at) => {
    for (; looked < at; looked += 1) {
      if (inText && written[looked] === '\\') looked += 1;
      else if (written[looked] === '"') inText = !inText;
    }
    return inText;
  };
}

function inside(value: Json): string {
  return JSON.stringify(typeof value === 'string' ? value : toPlain(value)).slice(1, -1);
}

function toPlain(value: Json): string {
  return typeof value === 'object' ? JSON.stringify(value) : String(value);
}

/** A text that is JSON by itself is that JSON, any other one is a JSON text. */
function asJsonText(value: Json): string {
  if (typeof value !== 'string') return JSON.stringify(value);
  return tryParseJson(value) === undefined ? JSON.stringify(value) : value;
}
