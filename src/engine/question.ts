import { checkContent } from '../bot/content/check-content.ts';
import { holdsSignIn, isSafeUrl } from '../bot/content/fields.ts';
import { letterOf, marksOf, type PlainChoice } from '../bot/content/plain-choices.ts';
import type { Button, Interaction } from '../bot/document.ts';
import { sendContent } from './content.ts';
import { asAsked } from './disambiguation.ts';
import { attemptOf, hideTokens, linkVariable } from './handle.ts';
import { expandShown, missingLink, send, sendText, shownLookup, textFor } from './message.ts';
import { type Picker, pickerMessage } from './pickers.ts';
import type { OutgoingMessage } from './step.ts';
import { type Turn, warn } from './turn.ts';

/** Characters of a button's URL and of a label or choice, with their variables in them. */
const longestUrl = 8_000;
const longestLabel = 2_000;

/** What the consumer is shown of a question. False: its link is missing, the outage sentence was sent and there is nothing to wait for. */
export function sendQuestion(turn: Turn, question: Interaction): boolean {
  const interaction = asAsked(turn, question);
  const delay = interaction.delay_ms ? { delay_ms: interaction.delay_ms } : {};
  if (interaction.type === 'text_question') sendText(turn, interaction.text, delay);
  else if (interaction.type === 'quick_reply')
    sendText(turn, interaction.text, { ...delay, ...marked(turn, repliesOf(turn, interaction)) });
  else if (interaction.type === 'multiple_choice')
    sendText(turn, interaction.text, { ...delay, ...choicesOf(turn, interaction) });
  else if (interaction.type === 'button_question') return sendButtons(turn, interaction);
  else if (interaction.type === 'structured' || interaction.type === 'universal') return sendContent(turn, interaction);
  else if (interaction.type === 'list_picker' || interaction.type === 'time_picker') sendPicker(turn, interaction);
  else if (interaction.type === 'file_upload')
    sendText(turn, interaction.text, { ...delay, upload: { accept: interaction.accept } });
  return true;
}

function sendButtons(turn: Turn, question: Extract<Interaction, { type: 'button_question' }>): boolean {
  const buttons = question.buttons.map((button) => shownButton(turn, button));
  const shown = buttons.filter((button) => button !== undefined);
  if (shown.length < buttons.length) {
    send(turn, { text: missingLink(turn) });
    return false;
  }
  const safe = shown.filter((button) => mayGoOut(turn, button));
  const delay = question.delay_ms ? { delay_ms: question.delay_ms } : {};
  sendText(turn, question.text, { ...delay, ...(safe.length > 0 && marked(turn, { buttons: safe })) });
  return true;
}

/** On a channel of plain text: what can be typed for a quick reply or a button, and what it says. */
export function plainReplies(turn: Turn, question: Interaction): { title: string; payload: string }[] {
  // What was odd about it was told when it was shown.
  const quiet = { ...turn, emitted: [] };
  if (question.type === 'quick_reply') return repliesOf(quiet, question).quick_replies ?? [];
  if (question.type !== 'button_question') return [];
  return question.buttons.flatMap((button) => {
    const { type, label, payload } = shownButton(quiet, button) ?? {};
    return type === 'postback' && label !== undefined ? [{ title: label, payload: payload ?? label }] : [];
  });
}

/** An answer or a consumer may have filled in an address: one that would run code in a page is no link. */
function mayGoOut(turn: Turn, { label, type, url = '' }: ShownButton): boolean {
  // What begins with an unset variable leads nowhere and harms nobody: the author sees which one it is.
  const leadsNowhere = /^\{\$?\w/.test(url.trim()) && !holdsSignIn(url);
  if (type !== 'link' || isSafeUrl(url) || leadsNowhere) return true;
  const { interaction } = turn.flow;
  warn(
    turn,
    `the button "${label}" of "${interaction}" was left out: its link begins with none of https:, http:, mailto: and tel:, or has the sign-in link inside of another address`,
  );
  return false;
}

type ShownButton = NonNullable<OutgoingMessage['buttons']>[number];

function shownButton(turn: Turn, button: Button): ShownButton | undefined {
  const label = hideTokens(expandShown(turn, button.label, longestLabel).text);
  const callback = expandShown(turn, button.callback ?? '', longestUrl);
  const target = hideTokens(callback.text);
  if (button.type === 'postback') return { label, type: 'postback', payload: target || label };
  // Half a URL leads elsewhere: a link that was cut is none. Other unset variables stay as they are written.
  if (target.trim() === '' || callback.unset.includes(linkVariable) || callback.cut) return undefined;
  const attempt = attemptOf(target);
  return {
    label,
    type: 'link',
    url: target,
    target: button.target === 'current_window' ? 'self' : 'blank',
    ...(attempt !== undefined && { attempt_id: attempt }),
  };
}

function repliesOf(
  turn: Turn,
  question: Extract<Interaction, { type: 'quick_reply' }>,
): Pick<OutgoingMessage, 'quick_replies' | 'quick_replies_per_row'> {
  const { replies, replies_per_row } = question;
  return {
    quick_replies: replies.map(({ title, payload, image }) => {
      const shown = textFor(turn, title, longestLabel).trim();
      const picture = image === undefined ? undefined : shownImage(turn, image);
      return {
        title: shown,
        payload: payload === undefined ? shown : textFor(turn, payload, longestLabel),
        ...(picture !== undefined && { image: picture }),
      };
    }),
    ...(replies_per_row && { quick_replies_per_row: replies_per_row }),
  };
}

/** The address of a picture beside a title; an unsafe one is left out, and the title stands alone. */
function shownImage(turn: Turn, written: string): string | undefined {
  const url = expandShown(turn, written, longestUrl).text.trim();
  return checkContent({ type: 'image', url }).ok ? url : undefined;
}

/** On a channel of plain text: with the marks that can be typed for them. */
function marked(turn: Turn, shown: Pick<OutgoingMessage, 'quick_replies' | 'buttons'>): typeof shown {
  if (turn.facts.channel !== 'text') return shown;
  const { buttons, quick_replies, ...rest } = shown;
  const taps = [
    ...(buttons ?? []).filter(({ type }) => type === 'postback').map(({ label }) => label),
    ...(quick_replies ?? []).map(({ title }) => title),
  ].map((label): PlainChoice => ({ label, card: '', says: label, metadata: [] }));
  const marks = [...marksOf(taps).values()];
  const next = (label: string): string => {
    const mark = marks.shift();
    return mark === undefined ? label : `${mark}. ${label}`;
  };
  return {
    ...rest,
    ...(buttons && {
      buttons: buttons.map((one) => (one.type === 'postback' ? { ...one, label: next(one.label) } : one)),
    }),
    ...(quick_replies && { quick_replies: quick_replies.map((one) => ({ ...one, title: next(one.title) })) }),
  };
}

function sendPicker(turn: Turn, picker: Picker): void {
  const shown = pickerMessage(picker, shownLookup(turn), turn.facts.locale);
  const { text, buttons } = shown;
  // The numbered list is what a channel of plain text shows; there the buttons would say it twice.
  send(turn, {
    text,
    ...(turn.facts.channel === 'web' && { buttons }),
    ...(picker.delay_ms && { delay_ms: picker.delay_ms }),
  });
}

function choicesOf(
  turn: Turn,
  question: Extract<Interaction, { type: 'multiple_choice' }>,
): Omit<OutgoingMessage, 'text'> {
  const choices = question.choices.map((choice) => textFor(turn, choice, longestLabel).trim());
  if (turn.facts.channel === 'text')
    return {
      buttons: choices.map((choice, at) => ({
        label: `${bullet(question.list_style, at)} ${choice}`,
        type: 'postback',
        payload: choice,
      })),
    };
  if (question.display === 'quick_replies')
    return { quick_replies: choices.map((choice) => ({ title: choice, payload: choice })) };
  return { buttons: choices.map((choice) => ({ label: choice, type: 'postback', payload: choice })) };
}

/** `1.` or `a.`; lists have at most 50 choices, so letters go on with `aa.` after `z.`. */
function bullet(style: 'numbers' | 'letters' | undefined, at: number): string {
  return style === 'letters' ? `${letterOf(at)}.` : `${at + 1}.`;
}
