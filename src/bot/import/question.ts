import type { Interaction, QuickReply, Tile } from '../document.ts';
import { pointer } from '../problem.ts';
import { buttonsOf } from './button.ts';
import { type ForeignRecord, numberAt, recordAt, recordsAt, textAt, textsAt, valueAt } from './record.ts';
import type { Reporting } from './report.ts';
import { firstText, opaque, type Source } from './source.ts';

export function textQuestion({ common, question, text }: Source): Interaction {
  return { ...common, ...question, type: 'text_question', text };
}

export function buttonQuestion({ common, question, text, tile, tilePath, index }: Source): Interaction {
  const buttons = buttonsOf(tile, pointer(tilePath, 0), index.reporting);
  return { ...common, ...question, type: 'button_question', text, buttons };
}

export function quickReply({ common, question, record, tile, text, path, index }: Source): Interaction {
  const { reporting } = index;
  const replies = recordsAt(record, 'quickReplies').flatMap((reply, at) =>
    quickReplyOf(reply, pointer(path, 'quickReplies', at), reporting),
  );
  if (replies.length > 24)
    reporting.ignored(pointer(path, 'quickReplies'), `Of ${replies.length} quick replies the first 24 were kept.`);
  const perRow = numberAt(recordAt(tile, 'quickReplyWidget'), 'choicesPerRow');
  const row = perRow !== undefined && perRow >= 1 && perRow <= 8 ? Math.round(perRow) : undefined;
  return {
    ...common,
    ...question,
    type: 'quick_reply',
    text,
    replies: replies.slice(0, 24),
    ...(row !== undefined && { replies_per_row: row }),
  };
}

function quickReplyOf(reply: ForeignRecord, path: string, reporting: Reporting): QuickReply[] {
  const title = textAt(reply, 'title')?.trim();
  const type = (textAt(reply, 'type') ?? 'text').toLowerCase();
  if (!title) {
    reporting.ignored(path, 'A quick reply without a title was left out.');
    return [];
  }
  if (type !== 'text')
    reporting.approximated(
      path,
      `A quick reply of the type "${type.slice(0, 100)}" posts its title as a text: nothing else is sent with it.`,
    );
  const payload = textAt(reply, 'payload');
  const image = firstText(reply, 'imageUrl', 'image');
  return [
    {
      title: reporting.fit(title, 255, path),
      ...(payload !== undefined && { payload: reporting.fit(payload, 20_000, path) }),
      ...(image && { image: reporting.fit(image, 20_000, path) }),
    },
  ];
}

export function multipleChoice(source: Source): Interaction {
  const { common, question, record, tile, text, tilePath, index } = source;
  const widget = recordAt(tile, 'multipleChoice');
  const path = pointer(tilePath, 0, 'multipleChoice');
  const choices = textsAt(widget, 'multipleChoices').map((choice) => index.reporting.fit(choice.trim(), 255, path));
  if (choices.length === 0 && index.disambiguations.has(textAt(record, 'group') ?? '')) {
    index.reporting.approximated(path, 'It has no choices of its own: the intents that may be meant are its choices.');
    choices.push('?');
  }
  if (choices.length === 0) return opaque(source, 'It has no choices.');
  if (choices.length > 50) index.reporting.ignored(path, `Of ${choices.length} choices the first 50 were kept.`);
  const quick = /QUICK/i.test(textAt(widget, 'displayChoice') ?? '');
  const letters = /LETTER|ALPHA/i.test(textAt(widget, 'textStyle') ?? '');
  return {
    ...common,
    ...question,
    type: 'multiple_choice',
    text,
    choices: choices.slice(0, 50),
    display: quick ? 'quick_replies' : 'buttons',
    list_style: letters ? 'letters' : 'numbers',
  };
}

export function structured(source: Source): Interaction {
  const { common, question, tiles, tilePath, index } = source;
  if (tiles.length > 10) index.reporting.ignored(tilePath, `Of ${tiles.length} tiles the first 10 were kept.`);
  const made = tiles.slice(0, 10).map((tile, at) => tileOf(tile, pointer(tilePath, at), index.reporting));
  const display = firstText(source.tile, 'tileDisplay', 'display')?.toLowerCase();
  return {
    ...common,
    ...question,
    type: 'structured',
    tiles: made.length > 0 ? made : [tileOf({}, tilePath, index.reporting)],
    ...(display === 'horizontal' && { display }),
  };
}

function tileOf(tile: ForeignRecord, path: string, reporting: Reporting): Tile {
  const subtitle = firstText(tile, 'subTitle', 'subtitle');
  const image = firstText(tile, 'image', 'imageUrl');
  const url = firstText(tile, 'itemUrl', 'itemURL');
  const buttons = buttonsOf(tile, path, reporting);
  const title = firstText(tile, 'title', 'text');
  if (title === undefined) reporting.approximated(path, 'The tile has no title: its name is a dash.');
  return {
    title: reporting.fit(title ?? '–', 255, path),
    ...(subtitle && { subtitle: reporting.fit(subtitle, 255, path) }),
    ...(image && { image: reporting.fit(image, 20_000, path) }),
    ...(url && { item_url: reporting.fit(url, 20_000, path) }),
    ...(buttons.length > 0 && { buttons }),
  };
}

export function universal(source: Source): Interaction {
  const { common, question, tile, tilePath, index } = source;
  const given = valueAt(recordAt(tile, 'universalWidget'), 'leMessageJson');
  const content = typeof given === 'object' && given !== null ? JSON.stringify(given) : given;
  if (typeof content !== 'string' || content.trim() === '') return opaque(source, 'It has no structured content.');
  // Cut off JSON would be no JSON: what is too long is kept as it is.
  if (content.length > 100_000) return opaque(source, 'Its structured content is longer than 100,000 characters.');
  if (typeof given !== 'string')
    index.reporting.approximated(tilePath, 'The structured content was an object, not a text: it was written as JSON.');
  return { ...common, ...question, type: 'universal', content };
}
