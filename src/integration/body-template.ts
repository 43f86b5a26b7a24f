/** A body with a place for each value, from the schema that describes it. */
import { asNode, listAt, member, type Node, resolved, textAt } from './openapi-document.ts';
import type { Remark } from './proposal.ts';

/** The variables that a request is given, as properties of its input schema. */
export interface Inputs {
  properties: Record<string, Node>;
  required: string[];
  /** Which value has the variable. */
  owners: Map<string, string>;
}

const deepest = 4;
const mostMembers = 60;

export interface Templating {
  document: Node;
  inputs: Inputs;
  report: Remark[];
  /** Schemas that may still be looked at: they may refer to each other in circles. */
  left: number;
}

/** Of one operation. */
export const mostSchemas = 300;
const mostRemarks = 200;

export const placeFor = (variable: string): string => `{$botContext.${variable}}`;

/** What a variable may be called in an expression. */
export const variableNamed = (name: string): string => name.replace(/[^A-Za-z0-9_]+/g, '_').slice(0, 80) || 'value';

/** Tells the author once what could not be taken over as it is written. */
export function tell({ report }: Templating, path: string, message: string): void {
  if (report.length < mostRemarks && !report.some((one) => one.path === path && one.message === message))
    report.push({ path, message });
}

/** What a value is called, and where it stands: `path`, `query`, `header`, or `body` with its place in it. */
export interface Named {
  name: string;
  place: string;
}

/** Notes a variable, with what is known of it. Values of several places never share one. */
export function noteInput(templating: Templating, named: Named, schema: unknown): string {
  const { document, inputs } = templating;
  const variable = freeVariable(templating, named);
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

function freeVariable(templating: Templating, { name, place }: Named): string {
  const { owners } = templating.inputs;
  const owner = `${place} ${name}`;
  const plain = variableNamed(name);
  const [where = place] = place.split('/');
  const isFree = (variable: string) => (owners.get(variable) ?? owner) === owner;
  let variable = isFree(plain) ? plain : `${plain}_${where}`;
  for (let count = 2; !isFree(variable); count++) variable = `${plain}_${where}_${count}`;
  if (variable !== plain)
    tell(
      templating,
      '/input_schema',
      `"${name.slice(0, 100)}" of the ${where} is the variable ${variable}: ${plain} is another.`,
    );
  owners.set(variable, owner);
  return variable;
}

function pick(texts: Record<string, unknown>): Record<string, string> {
  const kept = Object.entries(texts).flatMap(([key, value]) =>
    typeof value === 'string' ? [[key, value.slice(0, 500)]] : [],
  );
  return Object.fromEntries(kept);
}

/** A value that one text does not hold as the document writes it. */
export function isStructure(schema: Node): boolean {
  const type = typeName(member(schema, 'type'));
  return type === 'array' || type === 'object' || member(schema, 'properties') !== undefined;
}

/** OpenAPI 3.1 may list several types, of which `null` is one. */
const typeName = (type: unknown): string | undefined =>
  [type].flat().find((one): one is string => typeof one === 'string' && one !== 'null');

/** JSON text in which every value is a place for a variable, but those that the schema fixes. */
export function jsonTemplate(
  templating: Templating,
  schema: unknown,
  { name, place, depth }: Named & { depth: number } = { name: 'body', place: 'body', depth: 0 },
): string {
  const found = merged(templating, schema, depth);
  const fixed = fixedValue(found);
  if (fixed !== undefined) return JSON.stringify(fixed);
  const properties = Object.entries(asNode(member(found, 'properties')));
  const type = typeName(member(found, 'type'));
  if (type !== undefined && type !== 'object' && type !== 'string')
    return placeFor(noteInput(templating, { name, place }, found));
  if (type === 'string' || (properties.length === 0 && depth > 0) || depth >= deepest || templating.left <= 0) {
    const value = placeFor(noteInput(templating, { name, place }, { type: 'object', ...found }));
    return type === 'string' ? `"${value}"` : value;
  }
  const members = wantedOf(templating, found).map(([key, inner]) => {
    const called = depth === 0 ? key : `${name}_${key}`;
    return `${'  '.repeat(depth + 1)}${JSON.stringify(key)}: ${jsonTemplate(templating, inner, { name: called, place: `${place}/${key}`, depth: depth + 1 })}`;
  });
  return members.length === 0 ? '{}' : `{\n${members.join(',\n')}\n${'  '.repeat(depth)}}`;
}

/** The members that a body is made of: the required ones, or all where none is. */
function wantedOf(templating: Templating, schema: Node): [string, unknown][] {
  const properties = Object.entries(asNode(member(schema, 'properties')));
  const required = new Set(listAt(schema, 'required'));
  const wanted = required.size > 0 ? properties.filter(([key]) => required.has(key)) : properties;
  const isReadOnly = (inner: unknown) => member(resolved(templating.document, inner), 'readOnly') === true;
  const optional = wanted.length === properties.length ? [] : properties.filter(([key]) => !required.has(key));
  for (const [key] of optional.filter(([, inner]) => !isReadOnly(inner)).slice(0, mostMembers))
    tell(templating, '/body', `"${key.slice(0, 100)}" of the body is optional and was left out.`);
  if (wanted.length > mostMembers)
    tell(templating, '/body', `Of ${wanted.length} members of the body the first ${mostMembers} were taken.`);
  return wanted.slice(0, mostMembers).filter(([, inner]) => !isReadOnly(inner));
}

/** A schema with the parts that `allOf` adds, and the first of a choice. */
function merged(templating: Templating, schema: unknown, depth: number): Node {
  templating.left -= 1;
  const found = resolved(templating.document, schema);
  const [choice] = [...listAt(found, 'oneOf'), ...listAt(found, 'anyOf')];
  const choices = [listAt(found, 'oneOf'), listAt(found, 'anyOf')];
  if (choices.some(({ length }) => length > 1))
    tell(templating, '/body', 'Of a choice in the body (oneOf, anyOf) the first was taken.');
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
  return wantedOf(templating, found)
    .map(([key, inner]) => {
      if (isStructure(resolved(templating.document, inner)))
        tell(
          templating,
          '/body',
          `"${key.slice(0, 100)}" of the form is a list or an object: its variable has to hold it as one text.`,
        );
      const fixed = fixedValue(resolved(templating.document, inner));
      const value =
        fixed === undefined
          ? placeFor(noteInput(templating, { name: key, place: `body/${key}` }, inner))
          : encodeURIComponent(String(fixed));
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
