import Type, { type TSchema } from 'typebox';
import { Compile } from 'typebox/compile';
import { Action, BotDocument, Condition, Dialog, interactions, Rule } from '../document.ts';
import { type DocumentProblem, error, pointer } from '../problem.ts';
import { faultsOfValues, oneOf, type SchemaFault } from '../schema-faults.ts';
import { isObject } from '../../world/json.ts';

const whole = onFirstUse(() => Compile(BotDocument));

/**
 * Does the document have the shape of its schema? A validator's errors on a union name every branch that did not fit;
 * an author wants those of the branch that was meant. So on failure each part is checked by itself, by its own `type`, `match` or `go`.
 */
export function checkShape(
  json: unknown,
): { ok: true; document: BotDocument } | { ok: false; problems: DocumentProblem[] } {
  if (whole().Check(json)) return { ok: true, document: json };
  const problems = checkPart(documentPart, json, '');
  return { ok: false, problems: problems.length > 0 ? problems : [error('', 'This is not a bot document.')] };
}

/** A validator takes memory and time to make: a server that is given no document has none, one that is given good ones has one. */
function onFirstUse<T>(make: () => T): () => T {
  let made: T | undefined;
  return () => (made ??= make());
}

interface Part {
  /** The part's schema by the value of its discriminator, with inner parts left open. */
  schemas: Record<string, () => ReturnType<typeof validatorOf>>;
  discriminator?: string;
  /** Members that are parts themselves, or lists of parts. */
  inner: Record<string, Part>;
}

const Open = Type.Optional(Type.Unknown());

function validatorOf(schema: { properties: Record<string, TSchema> }, open: readonly string[]) {
  const properties = { ...schema.properties };
  for (const name of open) if (Object.hasOwn(properties, name)) properties[name] = Open;
  return Compile(Type.Object(properties, { additionalProperties: false }));
}

const actionPart: Part = partOf({
  go: {
    next: Action.anyOf[0],
    current: Action.anyOf[0],
    end: Action.anyOf[0],
    close_dialog: Action.anyOf[0],
    close_conversation: Action.anyOf[0],
    interaction: Action.anyOf[1],
    dialog: Action.anyOf[2],
  },
});
const [pattern, regex, exact, option, intent, no_match, api_result, outcome] = Condition.anyOf;
const conditionPart = partOf({ match: { pattern, regex, exact, option, intent, no_match, api_result, outcome } });
const rulePart = partOf({ '': { '': Rule } }, { when: conditionPart, then: actionPart });
const interactionPart = partOf({ type: interactions }, { rules: rulePart, next: actionPart });
const dialogPart = partOf({ '': { '': Dialog } }, { interactions: interactionPart });
const documentPart = partOf({ '': { '': BotDocument } }, { dialogs: dialogPart });

function partOf(
  by: Record<string, Record<string, { properties: Record<string, TSchema> }>>,
  inner: Record<string, Part> = {},
): Part {
  const [discriminator = '', schemas = {}] = Object.entries(by)[0] ?? [];
  const compiled = Object.fromEntries(
    Object.entries(schemas).map(([value, schema]) => [
      value,
      onFirstUse(() => validatorOf(schema, Object.keys(inner))),
    ]),
  );
  return { schemas: compiled, inner, ...(discriminator && { discriminator }) };
}

function checkPart(part: Part, value: unknown, path: string): DocumentProblem[] {
  if (!isObject(value)) return [error(path, 'must be an object')];
  const kind = part.discriminator === undefined ? '' : value[part.discriminator];
  const validator = typeof kind === 'string' && Object.hasOwn(part.schemas, kind) ? part.schemas[kind] : undefined;
  if (!validator)
    return [
      error(
        pointer(path, part.discriminator ?? ''),
        oneOf(Object.keys(part.schemas).map((name) => JSON.stringify(name))),
      ),
    ];
  const own = explain(validator().Errors(value), path);
  return [...own, ...Object.entries(part.inner).flatMap(([name, inner]) => checkInner(inner, value, { name, path }))];
}

function checkInner(
  part: Part,
  owner: Record<string, unknown>,
  { name, path }: { name: string; path: string },
): DocumentProblem[] {
  const value = Object.hasOwn(owner, name) ? owner[name] : undefined;
  const at = pointer(path, name);
  if (value === undefined) return required.has(name) ? [error(at, 'is required')] : [];
  if (!lists.has(name)) return checkPart(part, value, at);
  if (!Array.isArray(value)) return [error(at, 'must be a list')];
  const longest = lists.get(name) ?? Number.POSITIVE_INFINITY;
  if (value.length > longest) return [error(at, `must have at most ${longest} entries`)];
  return value.flatMap((one, index) => checkPart(part, one, pointer(at, index)));
}

const required = new Set(['dialogs', 'interactions', 'then']);
/** With the entries that each may have. */
const lists = new Map([
  ['dialogs', mostIn(BotDocument.properties.dialogs)],
  ['interactions', mostIn(Dialog.properties.interactions)],
  ['rules', mostIn(interactions.text.properties.rules)],
]);

function mostIn(schema: TSchema): number {
  return 'maxItems' in schema ? Number(schema.maxItems) : Number.POSITIVE_INFINITY;
}

function explain(faults: readonly SchemaFault[], path: string): DocumentProblem[] {
  const values = faultsOfValues(faults).map((fault) => error(path + fault.path, fault.detail));
  return [...faults.flatMap((fault) => explainMember(fault, path)), ...values];
}

/** Unknown and missing members are named at their own place. */
function explainMember({ keyword, instancePath, params }: SchemaFault, path: string): DocumentProblem[] {
  const at = path + instancePath;
  if (
    keyword === 'additionalProperties' &&
    'additionalProperties' in params &&
    Array.isArray(params.additionalProperties)
  )
    return params.additionalProperties.map((name) => error(pointer(at, String(name)), 'is not known here'));
  if (keyword === 'required' && 'requiredProperties' in params && Array.isArray(params.requiredProperties))
    return params.requiredProperties.map((name) => error(pointer(at, String(name)), 'is required'));
  return [];
}
