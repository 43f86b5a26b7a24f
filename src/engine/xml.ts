/** XML answers as the JSON that paths read. No document type is obeyed: nothing is expanded, fetched or validated. */
import { parseXml, XmlCdata, XmlElement, XmlText } from '@rgrove/parse-xml';
import type { Json } from '../world/json.ts';

const deepest = 100;
const mostElements = 20_000;
const mostAttributes = 60_000;

/** XML begins with a sign that no JSON begins with; a web page is no answer of an API. */
const looksLikeXml = /^\ufeff?\s*<(?!!doctype\s+html|html[\s>])[?!A-Za-z_]/i;

/**
 * `{"order":{"@id":"7","item":["a","b"]}}` of `<order id="7"><item>a</item><item>b</item></order>`: elements that occur
 * several times are lists, attributes have `@` before their names, text beside other things is `#text`, and every value
 * is a text. Undefined when it is no XML, uses entities of its own, is nested deeper than 100 elements, or has more than
 * 20,000 elements or 60,000 attributes.
 */
export function xmlAsJson(text: string): Json | undefined {
  if (!looksLikeXml.test(text) || hasTooMany(text)) return undefined;
  try {
    const { root } = parseXml(text);
    return root ? Object.fromEntries([[root.name, valueOf(root, 1)]]) : undefined;
  } catch {
    return undefined;
  }
}

/** Before anything is made of them: what closes an element was counted with it, and each attribute has its sign. */
function hasTooMany(text: string): boolean {
  return occursMore(text, '=', mostAttributes) || occursMore(text.replaceAll('</', ''), '<', mostElements);
}

function occursMore(text: string, sign: string, most: number): boolean {
  let found = 0;
  for (let at = text.indexOf(sign); at >= 0 && found <= most; at = text.indexOf(sign, at + 1)) found += 1;
  return found > most;
}

function valueOf(element: XmlElement, depth: number): Json {
  if (depth > deepest) throw new RangeError('nested too deep');
  const members = new Map<string, Json[]>();
  for (const [name, value] of Object.entries(element.attributes)) members.set(`@${name}`, [value]);
  let text = '';
  for (const child of element.children) {
    if (child instanceof XmlText || child instanceof XmlCdata) text += child.text;
    if (!(child instanceof XmlElement)) continue;
    const before = members.get(child.name);
    const value = valueOf(child, depth + 1);
    if (before) before.push(value);
    else members.set(child.name, [value]);
  }
  const said = text.trim();
  if (members.size === 0) return said;
  if (said !== '') members.set('#text', [said]);
  return Object.fromEntries(
    [...members].map(([name, values]) => [name, values.length === 1 ? (values[0] ?? '') : values]),
  );
}
