import { beyondBounds } from './bounds.ts';
import { checkStructuredContent } from './checks/content.ts';
import { checkCredentials } from './checks/credentials.ts';
import { checkDialogs } from './checks/dialogs.ts';
import { checkFailures } from './checks/failures.ts';
import { checkFunctions } from './checks/functions.ts';
import { checkHandOvers } from './checks/hand-overs.ts';
import { checkIntegrations } from './checks/integrations.ts';
import { checkJumps } from './checks/jumps.ts';
import { checkLimits } from './checks/limits.ts';
import { checkLoops } from './checks/loops.ts';
import { checkOptions } from './checks/options.ts';
import { checkOpaque } from './checks/opaque.ts';
import { checkOutcomes } from './checks/outcomes.ts';
import { checkPatterns } from './checks/patterns.ts';
import { checkReachability } from './checks/reachability.ts';
import { checkRecipe } from './checks/recipe.ts';
import { checkRegexes } from './checks/regexes.ts';
import { checkRuleOrder } from './checks/rule-order.ts';
import { checkScripts } from './checks/scripts.ts';
import { checkSecrets } from './checks/secrets.ts';
import { checkShape } from './checks/shape.ts';
import { checkSignInRules } from './checks/sign-in-rules.ts';
import { checkStarters } from './checks/starters.ts';
import { checkTargets } from './checks/targets.ts';
import { checkUnderstanding } from './checks/understanding.ts';
import { checkUnique } from './checks/unique.ts';
import { checkVariables } from './checks/variables.ts';
import { withUnsupported } from './checks/unsupported-integrations.ts';
import type { BotDocument } from './document.ts';
import { type DocumentProblem, error, warning } from './problem.ts';

export type { DocumentProblem } from './problem.ts';

/** `document` is there when nothing is wrong that would keep it from running. */
export type Checked =
  | { ok: true; document: BotDocument; problems: DocumentProblem[] }
  | { ok: false; problems: DocumentProblem[] };

const mostProblems = 1_000;
const inNumbers = new Intl.Collator('en', { numeric: true });

/** What each check looks for is its file's name; each returns what it found. */
const checks: readonly ((document: BotDocument) => DocumentProblem[])[] = [
  checkUnique,
  checkTargets,
  checkDialogs,
  checkIntegrations,
  checkFunctions,
  checkOpaque,
  checkPatterns,
  checkRegexes,
  checkOutcomes,
  checkScripts,
  checkJumps,
  checkUnderstanding,
  checkHandOvers,
  checkStructuredContent,
  checkCredentials,
  checkSecrets,
  checkRecipe,
  checkSignInRules,
  checkFailures,
  checkReachability,
  checkRuleOrder,
  checkOptions,
  checkStarters,
  checkLoops,
  checkVariables,
  checkLimits,
];

/**
 * Checks a bot document from outside: its bounds, its shape, then what a schema cannot say. Nothing in it is run.
 * Errors keep it from being published, warnings do not; each names its place by JSON pointer.
 */
export function checkDocument(json: unknown): Checked {
  const beyond = beyondBounds(json);
  if (beyond) return { ok: false, problems: [error('', `The document is too large: ${beyond}.`)] };
  const shaped = checkShape(json);
  if (!shaped.ok) return { ok: false, problems: shortened(withUnsupported(json, shaped.problems)) };
  const problems = shortened(checks.flatMap((check) => check(shaped.document)).sort(inOrder));
  if (problems.some(({ severity }) => severity === 'error')) return { ok: false, problems };
  return { ok: true, document: shaped.document, problems };
}

/** A bot that is wrong everywhere needs no list of thousands. */
function shortened(problems: DocumentProblem[]): DocumentProblem[] {
  if (problems.length <= mostProblems) return problems;
  const left = `There are ${problems.length - mostProblems} more problems: mend these first.`;
  return [...problems.slice(0, mostProblems), warning('', left)];
}

/** Errors first; then as the places follow each other in the document. */
export function inOrder(one: DocumentProblem, other: DocumentProblem): number {
  return one.severity.localeCompare(other.severity) || inNumbers.compare(one.path, other.path);
}
