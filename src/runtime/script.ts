import { guardScriptEffects, tokenHandle } from '../delegation/handles.ts';
import type { Input, Need, ScriptEffect, ScriptResult, ScriptScope } from '../engine/step.ts';
import type { SandboxOutcome } from '../sandbox/sandbox.ts';
import { consumerCredential, permissionFor } from './permission.ts';
import { runHook } from './script-host.ts';
import { note, type Turn } from './turn.ts';

/** Runs an author's hook in the sandbox. An error of the script is a result: it is logged and the flow goes on. */
export async function runScript(turn: Turn, need: Extract<Need, { type: 'script' }>): Promise<Input> {
  const { rooms, conversation } = turn;
  const outcome = await runHook(turn, { ...need, scope: await withHandle(turn, need) });
  noteSandbox(turn, outcome);
  const result = scriptResult(outcome);
  const handle = tokenHandle(rooms.vault, conversation.id);
  const guarded = guardScriptEffects(result.effects, handle);
  for (const name of guarded.dropped) {
    note(turn, {
      kind: 'log',
      level: 'warn',
      hook: need.hook,
      interaction: need.interaction,
      text: `${name} takes only what Errand gives: the value was ignored`,
    });
  }
  return { type: 'script_ended', result: { ...result, effects: guarded.effects } };
}

/** Author regular expressions run in the sandbox too: one that backtracks for ever ends there. */
export async function matchRegexes(turn: Turn, need: Extract<Need, { type: 'regex' }>): Promise<Input> {
  const outcome = await turn.rooms.sandbox.run({
    api: 'regex',
    tenant: turn.conversation.account_id,
    lane: turn.conversation.id,
    input: { text: need.text, regexes: need.regexes, flags: 'i' },
  });
  noteSandbox(turn, outcome);
  if (outcome.ok && Array.isArray(outcome.output)) {
    const matched = outcome.output.map((value) => value === true);
    return { type: 'regex_matched', matched: need.regexes.map((_, i) => matched[i] ?? false) };
  }
  note(turn, {
    kind: 'log',
    level: 'error',
    text: `a regular expression could not be matched: ${outcome.ok ? 'no answer' : outcome.message}`,
  });
  return { type: 'regex_matched', matched: [], failed: true };
}

/** What the author should hear although the run went well, such as an invalid regular expression. */
function noteSandbox(turn: Turn, outcome: SandboxOutcome): void {
  for (const text of outcome.ok ? (outcome.notes ?? []) : []) note(turn, { kind: 'log', level: 'warn', text });
}

/** `getWebViewVariable('cidp_accessToken')` is truthy exactly while the running integration's credential has a usable connection. */
async function withHandle(turn: Turn, need: Extract<Need, { type: 'script' }>): Promise<ScriptScope> {
  if (!turn.bot.uses_credentials || !`${need.code}${need.globals}`.includes('ebView')) return need.scope;
  const usable = await hasUsablePermission(turn, need.interaction);
  const { cidp_accessToken: _, ...others } = need.scope.web_view_variables;
  const webViewVariables: ScriptScope['web_view_variables'] = usable
    ? { ...others, cidp_accessToken: tokenHandle(turn.rooms.vault, turn.conversation.id) }
    : others;
  return { ...need.scope, web_view_variables: webViewVariables };
}

async function hasUsablePermission(turn: Turn, interactionId: string): Promise<boolean> {
  const integration = integrationAt(turn, interactionId);
  const wanted = integration ? [integration] : [...turn.bot.integrations.values()];
  for (const candidate of wanted) {
    const credential = await consumerCredential(turn, candidate);
    if (credential === undefined) continue;
    const permission = await permissionFor(turn, { integration: candidate, credential, interaction_id: interactionId });
    if (permission.state === 'usable') return true;
  }
  return false;
}

function integrationAt(turn: Turn, interactionId: string) {
  for (const dialog of turn.bot.document.dialogs) {
    const found = dialog.interactions.find((interaction) => interaction.id === interactionId);
    if (found?.type === 'integration') return turn.bot.integrations.get(found.integration);
  }
  return undefined;
}

/** What the sandbox gave back, as the engine takes it. */
export function scriptResult(outcome: SandboxOutcome): ScriptResult {
  if (!outcome.ok) {
    const { kind, message, line, column } = outcome;
    const place = { ...(line === undefined ? {} : { line }), ...(column === undefined ? {} : { column }) };
    return { effects: [], error: { kind, message, ...place } };
  }
  const output = outcome.output;
  if (output === null || typeof output !== 'object' || Array.isArray(output)) return { effects: [] };
  // The sandbox has checked the shapes on their way out, and the engine ignores what it does not know.
  const effects = (Array.isArray(output.effects) ? output.effects : []) as unknown as ScriptEffect[];
  // Checked there too.
  const error = output.error as unknown as ScriptResult['error'];
  return error ? { effects, error } : { effects };
}
