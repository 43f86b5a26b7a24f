import { Settings } from 'typebox/system';

/** One error of a validator: of this house's two, they agree on these. */
export interface SchemaFault {
  keyword: string;
  instancePath: string;
  message?: string;
  params: object;
}

/** What to mend at one place. */
export interface FaultAtPlace {
  path: string;
  detail: string;
}

// The default of 8 is used up by one misspelt choice, and then the rest of the document would not be looked at.
Settings.Set({ maxErrors: 200 });

/** What says most about a value, first: the values it may have, its type, its length, its pattern. */
const telling = ['const', 'enum', 'type', 'minLength', 'maxLength', 'pattern'];

/**
 * One sentence for each value that is wrong, in words: all that it may be, not each attempt of the validator. Missing and
 * unknown members are not among them. `patterns` says in words what a regular expression asks for.
 */
export function faultsOfValues(
  faults: readonly SchemaFault[],
  patterns: Readonly<Record<string, string>> = {},
): FaultAtPlace[] {
  const byPath = new Map<string, SchemaFault[]>();
  for (const fault of faults) {
    if (['required', 'additionalProperties', 'boolean'].includes(fault.keyword)) continue;
    byPath.set(fault.instancePath, [...(byPath.get(fault.instancePath) ?? []), fault]);
  }
  const isChoiceOfParts = (path: string) => [...byPath.keys()].some((other) => other.startsWith(`${path}/`));
  return [...byPath].flatMap(([path, found]) => {
    const own = found.filter(({ keyword }) => keyword !== 'anyOf' || (found.length === 1 && !isChoiceOfParts(path)));
    return own.length === 0 ? [] : [{ path, detail: detailOf(own, patterns) }];
  });
}

function detailOf(found: readonly SchemaFault[], patterns: Readonly<Record<string, string>>): string {
  const keyword = telling.find((name) => found.some((fault) => fault.keyword === name));
  const fault = found.find((one) => one.keyword === keyword) ?? found[0];
  if (keyword === 'const') {
    const allowed = found.flatMap((one) => (one.keyword === 'const' ? [param(one, 'allowedValue')] : []));
    return oneOf([...new Set(allowed.map((value) => JSON.stringify(value)))]);
  }
  if (keyword === 'type') return typeDetail([...new Set(found.flatMap((one) => param(one, 'type') ?? []))].map(String));
  if (keyword === 'minLength' || keyword === 'maxLength') {
    const limit = Number(param(fault, 'limit'));
    return `must have at ${keyword === 'minLength' ? 'least' : 'most'} ${limit} character${limit === 1 ? '' : 's'}`;
  }
  const inWords = patterns[String(param(fault, 'pattern'))];
  return inWords === undefined ? (fault?.message ?? 'is not valid') : `must be ${inWords}`;
}

export function oneOf(values: readonly string[]): string {
  return values.length === 1 ? `must be ${values[0]}` : `must be one of ${values.join(', ')}`;
}

const types: Record<string, string> = {
  object: 'an object',
  array: 'a list',
  string: 'a text',
  integer: 'a whole number',
  number: 'a number',
  boolean: 'true or false',
  null: 'null',
};

const typeDetail = (names: readonly string[]) => `must be ${names.map((name) => types[name] ?? name).join(' or ')}`;

function param(fault: SchemaFault | undefined, name: string): unknown {
  return fault === undefined ? undefined : Reflect.get(fault.params, name);
}
