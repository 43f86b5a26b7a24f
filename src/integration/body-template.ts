/** A body with a place for each value, from the schema that describes it. */
import { asNode, listAt, member, type Node, resolved, textAt } from './openapi-document.ts';

/** The variables that a request is given, as properties of its input schema. */
export interface Inputs {
  properties: Record<string, Node>;
  required: string[];
}

const deepest = 4;
const mostMembers = 60;

export interface Templating {
  document: Node;
  inputs: Inputs;
  /** Schemas that may still be looked at: they may refer to each other in circles. */
  left: number;
}

/** Of one operation. */
export const mostSchemas = 300;

export const placeFor = (variable: string): string => `{$botContext.${variable}}`;

/** What a variable may be called in an expression. */
export const variableNamed = (name: string): string => name.replace(/[^A-Za-z0-9_]+/g, '_').slice(0, 80) || 'value';

/** Notes a variable, with what is known of it. */
export function noteInput({ document, inputs }: Templating, name: string, schema: unknown): string {
  const variable = variableNamed(name);
  const { type, format, enum: values, description } = resolved(document, schema);
  const plain = {
    type: typeName(type) ?? 'string',
    ...pick({ format, description }),
    ...(Array.isArray(values) ? { enum: values.slice(0, 50) } : {}),
  };
  if (!Object.hasOwn(inputs.properties, variable)) inputs.required.push(variable);
  // Not by assignment: a parameter may be called __proto__.
  Object.defineProperty(inputs.properties, variable, {
    value: plain,
    enumerable: true,
    configurable: true,
    writable: true,
  });
  return variable;
}

function pick(texts: Record<string, unknown>): Record<string, string> {
  const kept = Object.entries(texts).flatMap(([key, value]) =>
    typeof value === 'string' ? [[key, value.slice(0, 500)]] : [],
  );
  return Object.fromEntries(kept);
}

/** OpenAPI 3.1 may list several types, of which `null` is one. */
const typeName = (type: unknown): string | undefined =>
  [type].flat().find((one): one is string => typeof one === 'string' && one !== 'null');

/** JSON text in which every value is a place for a variable, but those that the schema fixes. */
export function jsonTemplate(
  templating: Templating,
  schema: unknown,
  { name, depth }: { name: string; depth: number } = { name: 'body', depth: 0 },
): string {
  const found = merged(templating, schema, depth);
  const fixed = fixedValue(found);
  if (fixed !== undefined) return JSON.stringify(fixed);
  const properties = Object.entries(asNode(member(found, 'properties'))).slice(0, mostMembers);
  const type = typeName(member(found, 'type'));
  if (type !== undefined && type !== 'object' && type !== 'string') return placeFor(noteInput(templating, name, found));
  if (type === 'string' || (properties.length === 0 && depth > 0) || depth >= deepest || templating.left <= 0) {
    const place = placeFor(noteInput(templating, name, { type: 'object', ...found }));
    return type === 'string' ? `"${place}"` : place;
  }
  const required = new Set(listAt(found, 'required'));
  const wanted = required.size > 0 ? properties.filter(([key]) => required.has(key)) : properties;
  const members = wanted
    .filter(([, inner]) => member(resolved(templating.document, inner), 'readOnly') !== true)
    .map(([key, inner]) => {
      const called = depth === 0 ? key : `${name}_${key}`;
      return `${'  '.repeat(depth + 1)}${JSON.stringify(key)}: ${jsonTemplate(templating, inner, { name: called, depth: depth + 1 })}`;
    });
  return members.length === 0 ? '{}' : `{\n${members.join(',\n')}\n${'  '.repeat(depth)}}`;
}

/** A schema with the parts that `allOf` adds, and the first of a choice. */
function merged(templating: Templating, schema: unknown, depth: number): Node {
  templating.left -= 1;
  const found = resolved(templating.document, schema);
  const [choice] = [...listAt(found, 'oneOf'), ...listAt(found, 'anyOf')];
  const parts = [...listAt(found, 'allOf'), ...(choice === undefined ? [] : [choice])];
  if (parts.length === 0 || depth >= deepest || templating.left <= 0) return found;
  const all = [found, ...parts.slice(0, 20).map((part) => merged(templating, part, depth + 1))];
  return {
    ...Object.assign({}, ...all.toReversed()),
    properties: Object.fromEntries(all.flatMap((part) => Object.entries(asNode(member(part, 'properties'))))),
    required: all.flatMap((part) => listAt(part, 'required')),
  };
}

function fixedValue(schema: Node): unknown {
  const values = listAt(schema, 'enum');
  if (values.length === 1) return values[0];
  return member(schema, 'const') ?? member(schema, 'default');
}

/** The same as a form: `a={$botContext.a}&…`. */
export function formTemplate(templating: Templating, schema: unknown): string {
  const found = merged(templating, schema, 0);
  const required = new Set(listAt(found, 'required'));
  return Object.entries(asNode(member(found, 'properties')))
    .slice(0, mostMembers)
    .filter(([key]) => required.size === 0 || required.has(key))
    .map(([key, inner]) => {
      const fixed = fixedValue(resolved(templating.document, inner));
      const value =
        fixed === undefined ? placeFor(noteInput(templating, key, inner)) : encodeURIComponent(String(fixed));
      return `${encodeURIComponent(key)}=${value}`;
    })
    .join('&');
}

/** The example that the document gives for a media type, as JSON text. */
export function exampleOf(document: Node, media: Node): string | undefined {
  const [first] = Object.values(asNode(member(media, 'examples')));
  const example =
    member(media, 'example') ??
    member(resolved(document, first), 'value') ??
    member(resolved(document, member(media, 'schema')), 'example');
  return example === undefined ? undefined : JSON.stringify(example, null, 2);
}

export const descriptionOf = (node: Node): string | undefined =>
  (textAt(node, 'summary') || textAt(node, 'description'))?.trim().slice(0, 2_000) || undefined;
