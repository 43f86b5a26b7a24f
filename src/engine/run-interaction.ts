import { sentence } from '../api/sentences.ts';
import type { Integration, Interaction } from '../bot/document.ts';
import { callIntegration } from './call-integration.ts';
import { escalate } from './escalate.ts';
import { fallBack } from './fall-back.ts';
import { takesOn } from './file.ts';
import { act, jump } from './jump.ts';
import { send, sendOutcome, sendText } from './message.ts';
import { sendImage } from './image.ts';
import { sendQuestion } from './question.ts';
import { needRegexes } from './reply.ts';
import { storeFields } from './result.ts';
import { route } from './route.ts';
import { applyRule, chooseRule } from './rules.ts';
import { needScript } from './script.ts';
import { isFilled } from './slots.ts';
import { comeBack, settleStack } from './stack.ts';
import { closingIn, keepProfile } from './system-text.ts';
import { transfer } from './transfer.ts';
import { codeOf, isQuestion, type Onward, placeOf, type Turn, trace, warn } from './turn.ts';
import { needFor } from './understand.ts';

/** An interaction begins: its pre-process hook, then its work. */
export function enter(turn: Turn): Onward {
  const place = placeOf(turn);
  if (!place) return 'finish';
  const { interaction, dialog } = place;
  if (isFilled(turn, interaction)) return act(turn, interaction.next ?? { go: 'next' });
  trace(turn, {
    kind: 'interaction',
    dialog: dialog.id,
    interaction: interaction.id,
    interaction_type: interaction.type,
  });
  const code = codeOf(interaction, 'pre_process');
  return code ? needScript(turn, { hook: 'pre_process', code, then: 'perform' }) : 'perform';
}

/** Sends, asks, or calls. A jump that the pre-process hook asked for comes in place of it: its work is not done. */
export function perform(turn: Turn): Onward {
  const interaction = placeOf(turn)?.interaction;
  if (!interaction) return 'finish';
  if (turn.flow.go_to !== null) return 'onward';
  if (interaction.type === 'integration') return call(turn, interaction);
  if (interaction.type === 'opaque') {
    trace(turn, {
      kind: 'log',
      level: 'error',
      text: `interactions of the imported type ${interaction.imported_type} cannot run yet`,
      interaction: interaction.id,
    });
    return 'finish';
  }
  if (interaction.type === 'text') return sendStatement(turn, interaction);
  if (interaction.type === 'transfer') return transfer(turn, interaction);
  if (interaction.type === 'route') return route(turn, interaction);
  if (interaction.type === 'image') return sendImage(turn, interaction);
  if (interaction.type === 'starter') return 'after';
  return sendQuestion(turn, interaction) ? 'after' : 'finish';
}

function sendStatement(turn: Turn, { text, delay_ms }: Extract<Interaction, { type: 'text' }>): Onward {
  const ends = closingIn(text);
  if (ends) return act(turn, { go: ends });
  if (!keepProfile(turn, text)) sendText(turn, text, delay_ms ? { delay_ms } : {});
  return 'after';
}

function call(turn: Turn, interaction: Extract<Interaction, { type: 'integration' }>): Onward {
  turn.flow = { ...turn.flow, reached_from: interaction.id };
  const integration = turn.bot.integrations.get(interaction.integration);
  if (!integration) {
    warn(turn, `there is no integration "${interaction.integration}"`);
    turn.flow = { ...turn.flow, outcome: 'misconfigured', called: 'misconfigured' };
    return 'onward';
  }
  return callIntegration(turn, { integration, interaction_id: interaction.id });
}

/** The call has ended and its result is stored: transform it, when there was an answer. */
export function returned(turn: Turn): Onward {
  const code = integrationOf(turn)?.transform;
  return code?.trim() && turn.state.last_call?.status
    ? needScript(turn, { hook: 'transform', code, then: 'fields' })
    : 'fields';
}

export function fields(turn: Turn): Onward {
  const integration = integrationOf(turn);
  if (integration) storeFields(turn, integration);
  return placeOf(turn)?.interaction.type === 'file_upload' ? 'handed_on' : 'after';
}

export function after(turn: Turn): Onward {
  const interaction = placeOf(turn)?.interaction;
  const code = interaction && codeOf(interaction, 'post_process');
  return code ? needScript(turn, { hook: 'post_process', code, then: 'onward' }) : 'onward';
}

/** The hooks are done: a script's jump goes first, a question waits, anything else decides where to go. */
export function onward(turn: Turn): Onward {
  const interaction = placeOf(turn)?.interaction;
  const { go_to, reached_from, added_replies } = turn.flow;
  if (go_to === 'platform.default') return turn.flow.started ? notUnderstood(turn) : 'find';
  if (go_to !== null) return jump(turn, go_to);
  if (!interaction || !isQuestion(interaction)) return 'decide';
  turn.state.waiting = { interaction: interaction.id, reached_from, ...(added_replies && { added_replies }) };
  settleStack(turn);
  return null;
}

/** The dialog that took what was heard has handed it on: nothing else takes it. */
function notUnderstood(turn: Turn): Onward {
  turn.flow = { ...turn.flow, go_to: null, interaction: '' };
  turn.state.dialog = null;
  return fallBack(turn);
}

/** Rules and next action of a statement, a starter or a call. */
export function decide(turn: Turn): Onward {
  const interaction = placeOf(turn)?.interaction;
  if (!interaction) return 'finish';
  const first = needFor(turn, interaction, 'decide');
  if (first) return first;
  const chosen = chooseRule(turn, interaction);
  if (chosen === 'regexes') return needRegexes(turn, 'decide', interaction);
  if (chosen) {
    applyRule(turn, chosen);
    return act(turn, chosen.rule.then);
  }
  const { outcome, default_message } = turn.flow;
  if (outcome === null || outcome === 'success') return act(turn, interaction.next ?? { go: 'next' });
  const escalated = escalate(turn);
  if (escalated !== undefined) return escalated;
  sendOutcome(turn, outcome, default_message);
  return act(turn, { go: 'end' });
}

/** The rules of a statement, a starter or a call cannot be decided: the dialog ends as after a failure, whatever its next action is. */
export function endUndecided(turn: Turn): Onward {
  const { outcome, default_message } = turn.flow;
  const escalated = escalate(turn);
  if (escalated !== undefined) return escalated;
  if (outcome === null || outcome === 'success')
    send(turn, { text: sentence(turn.facts.locale, 'outcome.setup_error') });
  else sendOutcome(turn, outcome, default_message);
  return act(turn, { go: 'end' });
}

/** The dialog is done: back to the question it interrupted, if there is one. */
export function finish(turn: Turn): Onward {
  const back = comeBack(turn);
  if (!back) {
    turn.state.waiting = null;
    turn.state.dialog = null;
    return null;
  }
  const { interaction, reached_from } = back.question;
  turn.flow = {
    ...turn.flow,
    interaction,
    reached_from,
    outcome: null,
    default_message: null,
    regexes: [],
    go_to: null,
  };
  // Asked again it is asked whole, with its hooks: they may have made its quick replies and variables.
  if (back.repeat) return 'enter';
  turn.state.waiting = back.question;
  return null;
}

function integrationOf(turn: Turn): Integration | undefined {
  const interaction = placeOf(turn)?.interaction;
  if (interaction?.type === 'integration') return turn.bot.integrations.get(interaction.integration);
  return takesOn(turn, interaction);
}
