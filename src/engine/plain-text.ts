import { sentence } from '../api/sentences.ts';
import { plainText } from '../bot/content/plain-choices.ts';
import { plainLines, type PlainWords } from '../bot/content/plain-lines.ts';
import type { OutgoingMessage } from './step.ts';

/** The message for a channel that shows text only: links as `Login: <link>`, other buttons and quick replies one to a line. */
export function asPlainText(message: OutgoingMessage, locale: string): OutgoingMessage {
  const { text, buttons = [], quick_replies = [], content, quick_replies_per_row: _, ...rest } = message;
  const lines = text === undefined || text === '' ? [] : [text];
  if (content !== undefined) lines.push(plainText(plainLines([content], plainWords(locale))));
  for (const button of buttons)
    lines.push(button.type === 'link' ? `${button.label}: ${button.url ?? ''}` : button.label);
  for (const reply of quick_replies) lines.push(reply.title);
  const said = lines.filter((line) => line !== '').join('\n');
  return { ...rest, ...(said !== '' && { text: said }) };
}

export function plainWords(locale: string): PlainWords {
  return {
    locale,
    picture: sentence(locale, 'plain_picture'),
    type_date: sentence(locale, 'plain_date'),
    type_dates: sentence(locale, 'plain_dates'),
    choose_one: sentence(locale, 'plain_choose_one'),
    choose_several: sentence(locale, 'plain_choose_several'),
  };
}
