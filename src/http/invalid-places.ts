import { patternWords } from '../api/pattern-words.ts';
import { faultsOfValues, type SchemaFault } from '../bot/schema-faults.ts';
import type { InvalidPlace } from '../world/problem.ts';

/** As the framework's validator and the schema library's both tell it. */
type Fault = SchemaFault & { schemaPath: string };

const most = 20;

/** The validator's errors as places to mend, one for each. Of a choice only the branch that comes nearest is told. */
export function invalidPlaces(errors: readonly Fault[]): InvalidPlace[] {
  const faults = nearestBranch(errors);
  const values = faultsOfValues(faults, patternWords).map(({ path, detail }) => ({ pointer: path, detail }));
  return [...faults.flatMap(memberPlaces), ...values].slice(0, most);
}

/** From the outermost choice inwards. */
function nearestBranch(errors: readonly Fault[]): readonly Fault[] {
  const [choice] = errors
    .filter((error) => error.keyword === 'anyOf')
    .sort((a, b) => a.schemaPath.length - b.schemaPath.length);
  if (!choice) return errors;
  const prefix = choice.schemaPath.endsWith('/anyOf') ? `${choice.schemaPath}/` : `${choice.schemaPath}/anyOf/`;
  const isInside = (error: Fault) =>
    error.schemaPath.startsWith(prefix) && error.instancePath.startsWith(choice.instancePath);
  const branches = new Map<string, Fault[]>();
  for (const error of errors.filter(isInside)) {
    const branch = error.schemaPath.slice(prefix.length).split('/')[0] ?? '';
    branches.set(branch, [...(branches.get(branch) ?? []), error]);
  }
  const outside = errors.filter((error) => error !== choice && !isInside(error));
  return [...nearestBranch(outside), ...nearestBranch(meant([...branches.values()], choice.instancePath))];
}

/** A list of values is no list of branches: each of them is told. */
function meant(branches: readonly Fault[][], path: string): readonly Fault[] {
  const isValue = (branch: Fault[]) =>
    branch.some(({ keyword }) => keyword === 'const') && branch.every(({ instancePath }) => instancePath === path);
  if (branches.length > 0 && branches.every(isValue)) return branches.flat();
  // A branch of another type is never what was meant, unless every branch is.
  const ofType = branches.filter((list) => !list.some((e) => e.keyword === 'type' && e.instancePath === path));
  return (ofType.length > 0 ? ofType : [...branches]).sort((a, b) => a.length - b.length)[0] ?? [];
}

/** Unknown and missing members are named at their own place. */
function memberPlaces({ keyword, instancePath, params }: Fault): InvalidPlace[] {
  if (keyword === 'additionalProperties')
    return namesOf(params, ['additionalProperty', 'additionalProperties']).map((name) => ({
      pointer: `${instancePath}/${escape(name)}`,
      detail: 'unknown field',
    }));
  if (keyword !== 'required') return [];
  return namesOf(params, ['missingProperty', 'requiredProperties']).map((name) => ({
    pointer: `${instancePath}/${escape(name)}`,
    detail: 'required',
  }));
}

function namesOf(params: object, keys: readonly string[]): string[] {
  return keys.flatMap((key): unknown => Reflect.get(params, key) ?? []).map(String);
}

const escape = (name: string) => name.slice(0, 200).replaceAll('~', '~0').replaceAll('/', '~1');
