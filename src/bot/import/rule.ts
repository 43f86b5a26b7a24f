import type { Condition, Rule, Scope, VariableCondition } from '../document.ts';
import { outcomeGroups } from '../outcome.ts';
import { beyondPatternBounds } from '../pattern.ts';
import { pointer } from '../problem.ts';
import { actionOf, type Position } from './action.ts';
import type { ExportIndex } from './export-index.ts';
import {
  type ForeignRecord,
  isRecord,
  placedRecordsAt,
  recordAt,
  recordsAt,
  textAt,
  textsAt,
  valueAt,
} from './record.ts';
import type { Reporting } from './report.ts';

/** Rules of an interaction, and the next action that a last rule without conditions stands for. */
export function rulesOf(
  index: ExportIndex,
  position: Position,
): Pick<Rule, never> & { rules: Rule[]; next?: Rule['then'] } {
  const { message } = position;
  const rules = placedRecordsAt(message.record, 'responseMatches').flatMap(([at, record]) => {
    const path = pointer(message.path, 'responseMatches', at);
    const rule = ruleOf(index, position, { record, path });
    if (rule) index.rulePaths.set(rule, path);
    return rule ?? [];
  });
  const last = rules.at(-1);
  // "No match" is tried after a rule without conditions, wherever it stands, and before the next action: then it stays a rule.
  const tried = rules.some(({ when }) => when?.match === 'no_match');
  if (!last || last.when || last.variables || last.set || last.slot || tried) return { rules };
  return { rules: rules.slice(0, -1), next: last.then };
}

function ruleOf(
  index: ExportIndex,
  position: Position,
  { record, path }: { record: ForeignRecord; path: string },
): Rule | undefined {
  const { reporting } = index;
  const conditions = recordsAt(record, 'conditions');
  if (conditions.length > 1)
    reporting.approximated(path, 'The rule has several conditions; only the first one counts.');
  const [when, ...further] = conditions
    .filter((one, at) => at === 0 || !isEmptyRecord(one))
    .map((one, at) => conditionOf(one, pointer(path, 'conditions', at), reporting));
  const variables = recordsAt(record, 'contextConditions').map((one) => variableCondition(one));
  // A rule with a condition that is not understood must not become a rule without it: it would match too much.
  const isOdd = holdsOther(record, 'conditions') || holdsOther(record, 'contextConditions');
  if ((conditions[0] && !when) || further.includes(undefined) || variables.includes(undefined) || isOdd) {
    reporting.missed(
      'ignored',
      path,
      `The rule "${textAt(record, 'name') ?? ''}" has a condition of an unknown kind and was left out.`,
    );
    return undefined;
  }
  const set = recordsAt(record, 'contextDataVariables').flatMap((one) =>
    isSlot(one) ? [] : setOf(one, path, reporting),
  );
  if (set.length > 50 || variables.length > 50)
    reporting.ignored(path, 'Of the variable conditions and of the stored variables the first 50 each were kept.');
  const known = variables.filter((one) => one !== undefined);
  const slot = slotOf(record, path, reporting);
  const name = textAt(record, 'name')?.slice(0, 200);
  return {
    ...(name && { name }),
    ...(when && { when }),
    ...(known.length > 0 && {
      variables: known.slice(0, 50),
      variables_match: textAt(record, 'contextMatchConditionType') === 'ANY' ? 'any' : 'all',
    }),
    ...(set.length > 0 && { set: set.slice(0, 50) }),
    ...(slot && { slot }),
    then: actionOf(index, position, { record: recordAt(record, 'action'), path: pointer(path, 'action') }),
  };
}

/** Something is there, and it is no list of objects. */
function holdsOther(record: ForeignRecord, key: string): boolean {
  const value = valueAt(record, key);
  if (Array.isArray(value)) return value.some((one) => !isRecord(one));
  return value !== undefined && value !== null && value !== '' && !isEmptyRecord(value);
}

const isEmptyRecord = (value: unknown): boolean => isRecord(value) && Object.keys(value).length === 0;

type Payload = { record: ForeignRecord; path: string; reporting: Reporting };

/** By `matchType`. The names of response intent and exact value are not known from an export: each plausible one is read. */
const kinds: Record<string, (payload: Payload) => Condition | undefined> = {
  PATTERN: ({ record, path, reporting }) => {
    const match = recordAt(record, 'patternMatch');
    return {
      match: 'pattern',
      patterns: patternsAt(match, 'patterns', { path, reporting }),
      ...excludeOf(match, { path, reporting }),
    };
  },
  REGEX: ({ record, path, reporting }) => {
    const match = recordAt(record, 'regexMatch');
    const regex = textAt(match, 'regexText');
    return regex
      ? { match: 'regex', regex: reporting.fit(regex, 2_000, path), ...excludeOf(match, { path, reporting }) }
      : undefined;
  },
  EVAL_OPTION: ({ record, path, reporting }) =>
    valueCondition('option', { record: recordAt(record, 'evaluateOptionMatch'), path, reporting }),
  EXACT_VALUE: exact,
  EXACT: exact,
  EXACT_MATCH: exact,
  INTENT: intent,
  RESPONSE_INTENT: intent,
  NO_MATCH: ({ record, path, reporting }) => {
    const message = textAt(recordAt(record, 'noMatch'), 'fallbackMessage');
    return { match: 'no_match', ...(message && { message: reporting.fit(message, 20_000, path) }) };
  },
  API_RESULT: ({ record }) => {
    const status = textAt(recordAt(record, 'apiResultsMatch'), 'status')?.toLowerCase();
    if (status === 'success' || status === 'failure') return { match: 'api_result', status };
    return status !== undefined && isOutcome(status) ? { match: 'outcome', outcome: status } : undefined;
  },
};

const guesses = ['EXACT_VALUE', 'EXACT', 'EXACT_MATCH', 'INTENT', 'RESPONSE_INTENT'];

export function conditionOf(record: ForeignRecord, path: string, reporting: Reporting): Condition | undefined {
  const type = textAt(record, 'matchType') ?? '';
  if (guesses.includes(type))
    reporting.approximated(
      path,
      `No export with the condition ${type} was known when this was written: look at what it became.`,
    );
  return Object.hasOwn(kinds, type) ? kinds[type]?.({ record, path, reporting }) : undefined;
}

function exact({ record, path, reporting }: Payload): Condition | undefined {
  const match = recordAt(record, 'exactValueMatch') ?? recordAt(record, 'exactMatch') ?? recordAt(record, 'valueMatch');
  return valueCondition('exact', { record: match, path, reporting });
}

function intent({ record }: Payload): Condition | undefined {
  const match = recordAt(record, 'intentMatch') ?? recordAt(record, 'responseIntentMatch') ?? record;
  const id = textAt(match, 'intentId') ?? textAt(match, 'intent') ?? textAt(match, 'intentName');
  return id ? { match: 'intent', intent: id.slice(0, 200) } : undefined;
}

function valueCondition(
  match: 'exact' | 'option',
  { record, path, reporting }: { record: ForeignRecord | undefined; path: string; reporting: Reporting },
): Condition | undefined {
  const value = textAt(record, 'value');
  return value === undefined ? undefined : { match, value: reporting.fit(value.trim(), 20_000, path) };
}

function excludeOf(
  match: ForeignRecord | undefined,
  place: { path: string; reporting: Reporting },
): { exclude?: string[] } {
  const exclude = patternsAt(match, 'excludeKeywords', place);
  return exclude.length > 0 ? { exclude } : {};
}

/** Patterns as a document takes them: none empty, none too much to match, at most 500. */
export function patternsAt(
  record: ForeignRecord | undefined,
  key: string,
  { path, reporting }: { path: string; reporting: Reporting },
): string[] {
  const patterns = textsAt(record, key).filter((pattern) => pattern.trim() !== '');
  const fitting = patterns.filter((pattern) => beyondPatternBounds(pattern) === undefined).slice(0, 500);
  if (fitting.length < patterns.length)
    reporting.ignored(
      path,
      `${patterns.length - fitting.length} patterns are too long, have too many "*" or are too many, and were left out.`,
    );
  return fitting;
}

const matches: Record<string, VariableCondition['match']> = {
  ANY: 'any',
  CONTAINS: 'contains',
  NOT_CONTAINS: 'not_contains',
  EQUALS: 'equals',
  EXACT: 'equals',
  NOT_EQUALS: 'not_equals',
};

function variableCondition(record: ForeignRecord): VariableCondition | undefined {
  const type = textAt(record, 'matchType') ?? '';
  const match = Object.hasOwn(matches, type) ? matches[type] : undefined;
  const variable = textAt(record, 'contextName');
  if (!match || !variable || variable.length > 200) return undefined;
  const value = textAt(record, 'value');
  return { variable, match, ...(value !== undefined && { value: value.slice(0, 20_000) }) };
}

const scopes: Record<string, Scope> = { REQUEST: 'request', DIALOG: 'dialog', SESSION: 'session', FOREVER: 'forever' };

function setOf(record: ForeignRecord, path: string, reporting: Reporting): NonNullable<Rule['set']> {
  const name = textAt(record, 'name');
  const value = textAt(record, 'value');
  if (!name || value === undefined) return [];
  const given = textAt(record, 'scope') ?? '';
  const scope = (Object.hasOwn(scopes, given) ? scopes[given] : undefined) ?? 'session';
  if (given !== '' && !Object.hasOwn(scopes, given))
    reporting.approximated(
      path,
      `The scope "${given.slice(0, 100)}" is not known: the variable is kept for the session.`,
    );
  return [{ name: reporting.fit(name, 200, path), value: reporting.fit(value, 20_000, path), scope }];
}

function isSlot(variable: ForeignRecord): boolean {
  return textAt(variable, 'name')?.startsWith('slot.') ?? false;
}

/** One slot per rule. How an export writes it is not known: a member of its own, or a variable called `slot.<name>`. */
function slotOf(record: ForeignRecord, path: string, reporting: Reporting): Rule['slot'] {
  const given = recordAt(record, 'slot') ?? recordsAt(record, 'contextDataVariables').find(isSlot);
  const name = textAt(given, 'name')
    ?.replace(/^slot\./, '')
    .slice(0, 200);
  if (!given || !name) return undefined;
  const value = textAt(given, 'value');
  const entity = (textAt(given, 'entity') ?? (value?.startsWith('@') ? value : undefined))
    ?.replace(/^@/, '')
    .slice(0, 200);
  reporting.approximated(path, `The slot "${name}" was found where no known export has one: look at what it became.`);
  return { name, ...(entity ? { entity } : { value: reporting.fit(value ?? '', 20_000, path) }) };
}

function isOutcome(name: string): boolean {
  return (
    Object.hasOwn(outcomeGroups, name) ||
    Object.values(outcomeGroups).some((members) => members.some((member) => member === name))
  );
}
