import { sentence } from '../api/sentences.ts';
import type { Integration, Interaction } from '../bot/document.ts';
import { callIntegration } from './call-integration.ts';
import { escalate } from './escalate.ts';
import { act, jump } from './jump.ts';
import { withinBudget } from './matching.ts';
import { send, sendText } from './message.ts';
import { normalise } from './pattern.ts';
import { applyRule, chooseRule, regexesOf } from './rules.ts';
import { needScript } from './script.ts';
import { settleStack } from './stack.ts';
import { startDialog } from './start.ts';
import { newFlow } from './state.ts';
import type { Input } from './step.ts';
import { codeOf, need, type Onward, placeOf, type Turn, trace, warn } from './turn.ts';

type FileUpload = Extract<Interaction, { type: 'file_upload' }>;

/** The consumer has sent a file. It answers a file upload that the bot waits at, and nothing else. */
export function fileReceived(turn: Turn, input: Extract<Input, { type: 'file_received' }>): Onward {
  const { state, bot } = turn;
  const interaction = state.waiting ? bot.places.get(state.waiting.interaction)?.interaction : undefined;
  if (state.closed || state.with_people || !state.waiting || interaction?.type !== 'file_upload') {
    trace(turn, { kind: 'guard', text: 'a file came that nobody asked for: it is not kept' });
    return null;
  }
  const { file } = input;
  turn.flow = { ...newFlow(), interaction: interaction.id, reached_from: state.waiting.reached_from };
  state.last_at = input.at;
  if (input.refused) return refuse(turn, interaction);
  state.variables = { ...state.variables, asked: state.variables.request, request: {} };
  state.file = file;
  hearAs(turn, file.caption ?? file.name);
  say(turn, { own: interaction.progress, key: 'file_progress' });
  return handOn(turn, interaction, file.id);
}

/** The upload stays open, and what is said says so. */
function refuse(turn: Turn, { invalid, accept }: FileUpload): Onward {
  const open = { upload: { accept } };
  if (invalid !== undefined) sendText(turn, invalid, open);
  else send(turn, { text: sentence(turn.facts.locale, 'file_invalid', { types: accept.join(', ') }), ...open });
  return null;
}

function handOn(turn: Turn, { integration: name, id }: FileUpload, file_id: string): Onward {
  const integration = name === undefined ? undefined : turn.bot.integrations.get(name);
  if (integration) return callIntegration(turn, { integration, interaction_id: id, file_id });
  warn(turn, name === undefined ? 'no integration takes the file on' : `there is no integration "${name}"`);
  turn.flow = { ...turn.flow, outcome: 'misconfigured', called: 'misconfigured' };
  return 'handed_on';
}

/** The integration of a file upload, while its answer is stored. */
export function takesOn(turn: Turn, interaction: Interaction | undefined): Integration | undefined {
  if (interaction?.type !== 'file_upload' || interaction.integration === undefined) return undefined;
  return turn.bot.integrations.get(interaction.integration);
}

/** It was taken on, or was not: says so, and the bot hears it as the platform's own words (`reference`: 5.5). */
export function handedOn(turn: Turn): Onward {
  const interaction = placeOf(turn)?.interaction;
  if (interaction?.type !== 'file_upload') return 'finish';
  const well = turn.flow.outcome === 'success';
  const text = well
    ? say(turn, { own: interaction.success, key: 'file_taken' })
    : say(turn, { own: interaction.failure, key: 'file_failed', accept: interaction.accept });
  hearAs(turn, `${well ? 'file_upload_success' : 'file_upload_failed'}:${text}`);
  const code = codeOf(interaction, 'process_user_response');
  return code ? needScript(turn, { hook: 'process_user_response', code, then: 'file_answered' }) : 'file_answered';
}

/** The upload's own rules come first, then starters. Else a file that was taken goes on, and one that was not is asked for again. */
export function fileAnswered(turn: Turn): Onward {
  const place = placeOf(turn);
  if (place?.interaction.type !== 'file_upload') return 'finish';
  const { interaction } = place;
  const { go_to, outcome } = turn.flow;
  if (go_to === 'platform.default') return 'find';
  if (go_to !== null) return leave(turn, () => jump(turn, go_to));
  const chosen = chooseRule(turn, interaction);
  if (chosen === 'regexes')
    return need(turn, 'file_answered', {
      type: 'regex',
      text: turn.state.heard.text,
      regexes: regexesOf(interaction),
    });
  if (chosen)
    return leave(turn, () => {
      applyRule(turn, chosen);
      return act(turn, chosen.rule.then);
    });
  const found = withinBudget(turn, (budget) => turn.bot.matchStarter(normalise(turn.state.heard.text), budget));
  // A starter that takes anything does not mean this.
  if (found && /file_upload_/i.test(found.pattern)) return startDialog(turn, place, { ...found, by: 'starter' });
  if (outcome === 'success') return leave(turn, () => act(turn, interaction.next ?? { go: 'next' }));
  return waitAgain(turn, interaction);
}

function waitAgain(turn: Turn, { id }: FileUpload): Onward {
  turn.state.waiting ??= { interaction: id, reached_from: turn.flow.reached_from };
  const escalated = escalate(turn);
  if (escalated !== undefined) return escalated;
  settleStack(turn);
  return null;
}

function leave(turn: Turn, onward: () => Onward): Onward {
  turn.state.waiting = null;
  turn.flow = { ...turn.flow, understood: turn.flow.outcome === 'success' };
  return onward();
}

function hearAs(turn: Turn, text: string): void {
  turn.state.heard = { text, postback: null, quick_reply_payload: null, button_payload: null };
  turn.state.understanding = null;
}

interface Said {
  own: string | undefined;
  key: 'file_progress' | 'file_taken' | 'file_failed';
  /** A file may be sent again. */
  accept?: string[];
}

/** The author's text or the platform's; what was said. */
function say(turn: Turn, { own, key, accept }: Said): string {
  const text = own ?? sentence(turn.facts.locale, key);
  const more = accept ? { upload: { accept } } : {};
  if (own === undefined) send(turn, { text, ...more });
  else sendText(turn, text, more);
  return text;
}
