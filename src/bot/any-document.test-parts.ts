import * as fc from 'fast-check';
import type { TSchema } from 'typebox';
import { type BotDocument, Dialog, Integration, Interaction } from './document.ts';
import { BotDocument as Whole } from './document.ts';

/** Texts with what is easily lost on the way: quotes, other planes, controls, expressions, leading and trailing spaces. */
const text = fc.oneof(
  fc.string({ maxLength: 12 }),
  fc.string({ maxLength: 6, unit: 'grapheme' }),
  fc.constantFrom(
    ' x ',
    '"\\',
    '{$userMessage}',
    'line\nline',
    '\u007f\u0001',
    'tag::breakWithDelay=1000',
    '<b>&amp;',
    'ß😀',
  ),
);

/** Its name is refused wherever it stands. */
const anyJson = fc.json({ maxDepth: 2 }).filter((json) => !json.includes('__proto__'));

/** Any value that a schema allows, but for what only the checks of a document know. */
function anyOf(schema: object): fc.Arbitrary<unknown> {
  const part = (name: string): unknown => Reflect.get(schema, name);
  if ('const' in schema) return fc.constant(schema.const);
  const choices = part('anyOf');
  if (Array.isArray(choices)) return fc.oneof(...choices.map((one: TSchema) => anyOf(one)));
  if (part('type') === 'object') return anyObject(schema);
  if (part('type') === 'array')
    return fc.array(anyOf(Object(part('items'))), {
      minLength: Number(part('minItems') ?? 0),
      maxLength: Number(part('minItems') ?? 0) + 2,
    });
  if (part('type') === 'integer')
    return fc.integer({ min: Number(part('minimum') ?? 0), max: Number(part('maximum') ?? 100) });
  if (part('type') === 'boolean') return fc.boolean();
  if (part('type') !== 'string') return anyJson.map((json): unknown => JSON.parse(json));
  const least = Number(part('minLength') ?? 0);
  return text.map((one) => (one.length < 2 * least ? `${one}${'a'.repeat(least)}` : one));
}

function anyObject(schema: object): fc.Arbitrary<unknown> {
  if (!('properties' in schema)) return fc.constant({});
  const properties = Object.entries(Object(schema.properties));
  const required: unknown = Reflect.get(schema, 'required');
  const requiredKeys = Array.isArray(required) ? required.map(String) : [];
  return fc.record(Object.fromEntries(properties.map(([name, inner]) => [name, anyOf(Object(inner))])), {
    requiredKeys,
  });
}

/** Mends what the schema allows and a check refuses: ids, targets, code, patterns, names of things that are not there. */
function mended(value: unknown, at: { name: string; counter: { next: number } }): unknown {
  const fixed = fixes[at.name];
  if (fixed !== undefined) return fixed;
  if (at.name === 'id' || at.name === 'name')
    return typeof value === 'string' ? `${value} ${at.counter.next++}` : value;
  if (Array.isArray(value)) return value.map((one: unknown) => mended(one, { ...at, name: '' }));
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).filter(([name]) => !left.has(name));
  return Object.fromEntries(entries.map(([name, inner]) => [name, mended(inner, { ...at, name })]));
}

const code = 'var a = 1;';
const fixes: Record<string, unknown> = {
  pre_process: code,
  post_process: code,
  process_user_response: code,
  transform: code,
  global_functions: code,
  regex: '^a|b$',
  patterns: ['*(a|b)*'],
  exclude: ['c'],
  outcome: 'not_granted',
  url: 'https://api.example/a?b={$userMessage}',
  then: { go: 'next' },
  next: { go: 'end' },
  integration: 'Known',
};
/** What must lead to something that random documents do not have. */
const left = new Set(['recogniser', 'agents', 'outcome_messages', 'dialogs', 'integrations']);

const fits: Record<string, Partial<Integration>> = { file_upload: { type: 'file' }, integration: { type: 'api' } };

/** Documents of all kinds that have no errors. */
export const anyDocument: fc.Arbitrary<BotDocument> = fc
  .record({
    head: anyOf({ ...Whole, properties: { ...Whole.properties, dialogs: { const: [] }, integrations: { const: [] } } }),
    interactions: fc.array(anyOf(Interaction), { maxLength: 8 }),
    dialog: anyOf({ ...Dialog, properties: { ...Dialog.properties, interactions: { const: [] } } }),
    integration: anyOf(Integration),
    kind: fc.constantFrom('file_upload', 'integration'),
  })
  .map(({ head, interactions, dialog, integration, kind }) => {
    const counter = { next: 1 };
    const known = { ...Object(mended(integration, { name: '', counter })), name: 'Known', ...fits[kind] };
    const listed = interactions.map((one) => Object(mended(one, { name: '', counter })));
    const usable = listed.filter(({ type }) => (type !== 'file_upload' && type !== 'integration') || type === kind);
    const starters = usable.filter(({ type }) => type === 'starter').slice(0, 1);
    const rest = usable.filter(({ type }) => type !== 'starter');
    return {
      ...Object(mended(head, { name: '', counter })),
      dialogs: [{ ...Object(mended(dialog, { name: '', counter })), interactions: [...starters, ...rest] }],
      integrations: [known],
    };
  });
