import type { Interaction } from '../bot/document.ts';
import { chooseIntent } from './disambiguate.ts';
import { isDisambiguating } from './disambiguation.ts';
import { act, jump } from './jump.ts';
import { applyRule, chooseRule, regexesOf } from './rules.ts';
import { needScript } from './script.ts';
import { emptySlot, fillOwnSlot } from './slots.ts';
import { isLinkOnly } from './start.ts';
import { codeOf, need, type Onward, placeOf, type Turn } from './turn.ts';
import { needFor, needUnderstanding } from './understand.ts';

/** A message was heard: it answers the question the bot waits at, or it starts something. */
export function receive(turn: Turn): Onward {
  const { waiting } = turn.state;
  const place = waiting ? turn.bot.places.get(waiting.interaction) : undefined;
  const first = turn.bot.intents.scripted ? needUnderstanding(turn, 'receive') : undefined;
  if (first) return first;
  if (!waiting || !place) {
    turn.state.waiting = null;
    return 'find';
  }
  turn.flow = { ...turn.flow, interaction: waiting.interaction };
  const code = codeOf(place.interaction, 'process_user_response');
  return code ? needScript(turn, { hook: 'process_user_response', code, then: 'reply' }) : 'reply';
}

/** The question's rules look at the reply. */
export function reply(turn: Turn): Onward {
  const interaction = placeOf(turn)?.interaction;
  if (!interaction) return 'find';
  const { go_to } = turn.flow;
  if (go_to === 'platform.default') return 'find';
  if (go_to !== null) return leave(turn, () => jump(turn, go_to));
  if (isDisambiguating(turn, interaction)) return chooseIntent(turn, interaction);
  const first = needFor(turn, interaction, 'reply');
  return first ?? decideReply(turn, interaction);
}

function decideReply(turn: Turn, interaction: Interaction): Onward {
  if (turn.flow.regexes.length === 0) fillOwnSlot(turn, interaction);
  const chosen = chooseRule(turn, interaction);
  if (chosen === 'regexes') return needRegexes(turn, 'reply', interaction);
  if (chosen) {
    return leave(turn, () => {
      applyRule(turn, chosen);
      if (chosen.rule.then.go === 'current') emptySlot(turn, interaction);
      return act(turn, chosen.rule.then);
    });
  }
  return isLinkOnly(interaction) || !anyReplyGoesOn(interaction)
    ? 'find'
    : leave(turn, () => act(turn, interaction.next ?? { go: 'next' }));
}

export function needRegexes(turn: Turn, then: 'reply' | 'decide', interaction: Interaction): Onward {
  return need(turn, then, { type: 'regex', text: turn.state.heard.text, regexes: regexesOf(interaction) });
}

/** The consumer has answered: the question is no longer waited at. */
function leave(turn: Turn, onward: () => Onward): Onward {
  turn.state.waiting = null;
  turn.state.disambiguating = null;
  turn.flow = { ...turn.flow, understood: true };
  return onward();
}

/** A question without rules takes any reply; one with rules only what they or an explicit next action take. */
function anyReplyGoesOn(interaction: Interaction): boolean {
  // Only a file answers it; what is said meanwhile is a new question.
  if (interaction.type === 'file_upload') return false;
  return interaction.next !== undefined || (interaction.rules ?? []).length === 0;
}
