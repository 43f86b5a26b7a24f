import type { Condition, Interaction, Rule, VariableCondition } from '../bot/document.ts';
import { groupOf, outcomeGroups } from '../bot/outcome.ts';
import { isExcluded, matchIn } from './pattern-set.ts';
import { withinBudget } from './matching.ts';
import { sendText, textFor } from './message.ts';
import { type Budget, normalise, spend } from './pattern.ts';
import { fillRuleSlot } from './slots.ts';
import { expand, longestText, toText } from './template.ts';
import { type Turn, trace, warn } from './turn.ts';
import { isGood } from './understand.ts';
import { lookupIn, readVariable, setByAuthor } from './variables.ts';

/** The rule to take, that regular expressions must be matched first, or that none fits. */
export type Choice = { rule: Rule; pattern?: string } | 'regexes' | undefined;

/**
 * Chooses among an interaction's rules: response intents first, then the others in their order, "no match" last wherever
 * it stands. Of the intents that rules name the most certain one counts, when it is good or very good. After a call the more specific rule wins: an outcome beats its group, a group beats the API result.
 */
export function chooseRule(turn: Turn, interaction: Interaction): Choice {
  const text = normalise(turn.state.heard.text);
  const rules = inOrder(interaction.rules ?? []);
  const intent = certainIntent(turn, rules);
  return withinBudget(turn, (budget) => choose({ turn, text, budget, intent }, rules));
}

/** What rules are judged by: the turn, the consumer's normalised text, and what it may cost. */
interface Judging {
  turn: Turn;
  text: string;
  budget: Budget;
  /** The key of the intent that the reply has. */
  intent: string | undefined;
}

function certainIntent({ bot, state }: Turn, rules: readonly Rule[]): string | undefined {
  const named = rules.flatMap(({ when }) => (when?.match === 'intent' ? [bot.intents.keyOf(when.intent)] : []));
  if (named.length === 0) return undefined;
  const good = (state.understanding?.intents ?? []).filter(isGood);
  const keys = good.toSorted((one, other) => other.score - one.score).flatMap((intent) => bot.intents.keysOf(intent));
  return keys.find((key) => named.includes(key));
}

function choose(judging: Judging, rules: readonly Rule[]): Choice {
  for (const rule of rules) {
    if (!variablesHold(judging, rule)) continue;
    const held = conditionHolds(judging, rule.when);
    if (held === 'regexes') return held;
    if (held) return typeof held === 'string' ? { rule, pattern: held } : { rule };
  }
  return undefined;
}

/** Stores the rule's variables and says its "no match" message; the caller takes its action. */
export function applyRule(turn: Turn, chosen: Exclude<Choice, 'regexes' | undefined>): void {
  const { rule, pattern } = chosen;
  const { interaction } = turn.flow;
  const place = turn.bot.places.get(interaction);
  const rule_at = place?.interaction.rules?.indexOf(rule) ?? -1;
  trace(turn, {
    kind: 'matched',
    by: 'rule',
    dialog: place?.dialog.id ?? '',
    interaction,
    ...(rule_at >= 0 && { rule_at }),
    ...(rule.name && { rule: rule.name }),
    ...(pattern && { pattern }),
  });
  for (const { name, value, scope } of rule.set ?? []) {
    const { text, cut } = expand(value, lookupIn(turn));
    if (cut) warn(turn, `the value of "${name}" was cut: it is longer than ${longestText} characters`);
    setByAuthor(turn, { name, value: text, scope });
  }
  fillRuleSlot(turn, rule);
  if (rule.when?.match === 'no_match' && rule.when.message) sendText(turn, rule.when.message);
}

export function regexesOf(interaction: Interaction): string[] {
  const regexes = (interaction.rules ?? []).flatMap(({ when }) => (when?.match === 'regex' ? [when.regex] : []));
  return [...new Set(regexes)];
}

export function hasNoMatchRule(interaction: Interaction): boolean {
  return interaction.rules?.some((rule) => rule.when?.match === 'no_match') ?? false;
}

function inOrder(rules: readonly Rule[]): Rule[] {
  return rules.toSorted((one, other) => rank(one.when) - rank(other.when));
}

function rank(when: Condition | undefined): number {
  if (when?.match === 'intent') return 0;
  if (when?.match === 'outcome') return isGroup(when.outcome) ? 2 : 1;
  if (when?.match === 'api_result') return 3;
  return when?.match === 'no_match' ? 5 : 4;
}

function isGroup(outcome: string): boolean {
  return Object.hasOwn(outcomeGroups, outcome);
}

/** A text is the pattern that matched. */
function conditionHolds(judging: Judging, when: Condition | undefined): boolean | string | 'regexes' {
  const { turn, text, budget } = judging;
  if (!when) return true;
  if (when.match === 'pattern') return matchIn(turn.bot.patternsOf(when), text, budget)?.source ?? false;
  if (when.match === 'regex') return regexHolds(judging, when);
  if (when.match === 'exact') return isHeard(judging, when.value, (value) => expand(value, lookupIn(turn)).text);
  if (when.match === 'option') return isHeard(judging, when.value, (value) => textFor(turn, value));
  if (when.match === 'no_match') return true;
  if (when.match === 'intent')
    return judging.intent !== undefined && judging.intent === turn.bot.intents.keyOf(when.intent);
  return outcomeHolds(turn, when);
}

/** An author's value, once expanded, is what the consumer said. */
function isHeard({ text, budget }: Judging, value: string, expanded: (value: string) => string): boolean {
  if (budget.left < 0) return false;
  const wanted = expanded(value);
  return spend(budget, value.length + wanted.length) && text === normalise(wanted);
}

function outcomeHolds(turn: Turn, when: Extract<Condition, { match: 'api_result' | 'outcome' }>): boolean {
  const { outcome } = turn.flow;
  if (outcome === null) return false;
  if (when.match === 'outcome') return when.outcome === outcome || when.outcome === groupOf(outcome);
  return (when.status === 'success') === (outcome === 'success');
}

function regexHolds(
  { turn, text, budget }: Judging,
  when: Extract<Condition, { match: 'regex' }>,
): boolean | 'regexes' {
  const answer = turn.flow.regexes.find(([regex]) => regex === when.regex);
  if (!answer) return 'regexes';
  return answer[1] && !isExcluded(turn.bot.patternsOf(when), text, budget);
}

function variablesHold(judging: Judging, rule: Rule): boolean {
  const conditions = rule.variables ?? [];
  if (conditions.length === 0) return true;
  const holds = (condition: VariableCondition): boolean => variableHolds(judging, condition);
  return rule.variables_match === 'any' ? conditions.some(holds) : conditions.every(holds);
}

function variableHolds({ turn, budget }: Judging, condition: VariableCondition): boolean {
  if (budget.left < 0) return false;
  const { text, cost } = valueOf(turn, condition.variable);
  const asked = expand(condition.value ?? '', lookupIn(turn));
  if (!spend(budget, Math.ceil((cost + asked.cost) / charactersPerStep))) return false;
  const value = normalise(text);
  const wanted = normalise(asked.text);
  if (condition.match === 'any') return value !== '';
  if (condition.match === 'contains') return value !== '' && value.includes(wanted);
  if (condition.match === 'not_contains') return !value.includes(wanted);
  return (value === wanted) === (condition.match === 'equals');
}

/** Writing values into a text is quicker by so much than comparing it. */
const charactersPerStep = 4;

/** A bare variable name, or an expression such as `{$userMessage}`; unset reads as empty. */
function valueOf(turn: Turn, variable: string): { text: string; cost: number } {
  if (variable.startsWith('{')) {
    const { text, unset, cost } = expand(variable, lookupIn(turn));
    return { text: unset.length > 0 ? '' : text, cost };
  }
  const value = readVariable(turn.state, variable);
  const text = value === null ? '' : toText(value);
  return { text, cost: text.length + 1 };
}
