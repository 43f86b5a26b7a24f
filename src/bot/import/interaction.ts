import type { Interaction } from '../document.ts';
import { pointer } from '../problem.ts';
import { nextOf, type Position } from './action.ts';
import type { ExportIndex } from './export-index.ts';
import { fileUpload, integration, route, transfer } from './hand-over.ts';
import { type KnownKind, kindOf, waits } from './interaction-types.ts';
import { listPicker, timePicker } from './picker.ts';
import { buttonQuestion, multipleChoice, quickReply, structured, textQuestion, universal } from './question.ts';
import { type ForeignRecord, numberAt, recordAt, recordsAt, textAt } from './record.ts';
import { rulesOf } from './rule.ts';
import { type Common, firstText, opaque, type Source } from './source.ts';
import { image, link, starter, text } from './statement.ts';

const linkExpression = '{$botContext.external_auth_url}';

const kinds: Record<KnownKind, (source: Source) => Interaction> = {
  starter,
  text,
  image,
  text_question: textQuestion,
  quick_reply: quickReply,
  multiple_choice: multipleChoice,
  button: buttonQuestion,
  structured,
  universal,
  list_picker: listPicker,
  time_picker: timePicker,
  file_upload: fileUpload,
  integration,
  transfer,
  route,
  media: link,
  rich_link: link,
};

/** One interaction of the export as one of the document; what cannot run is kept whole and reported. */
export function interactionOf(index: ExportIndex, position: Position, first: boolean): Interaction {
  const source = sourceOf(index, position, first);
  const { path, type, common } = source;
  const known = kindOf(type);
  const interaction = known ? kinds[known.kind](source) : opaque(source);
  if (interaction.type !== 'opaque') index.reporting.mapped(path, `"${common.name}" is a ${interaction.type}.`);
  if (known?.guess && interaction.type !== 'opaque')
    index.reporting.approximated(
      path,
      `No export with the type ${type.slice(0, 100)} was known when this was written: "${common.name}" was read as ${interaction.type}. Look at what it became.`,
    );
  if (JSON.stringify(interaction).includes(linkExpression))
    index.reporting.approximated(
      path,
      'LivePerson sends a bare sign-in link here. In Errand the link is now bound: it works for the consumer who asked, and in nobody else’s hands.',
    );
  return interaction;
}

function sourceOf(index: ExportIndex, position: Position, first: boolean): Source {
  const { record, path, type } = position.message;
  const { reporting } = index;
  const tiles = recordsAt(recordAt(recordAt(recordAt(record, 'content'), 'results'), 'tile'), 'tileData');
  const tile = tiles[0];
  return {
    index,
    common: commonOf(index, position),
    question: questionOf(record, path, index),
    record,
    type,
    tile,
    tiles,
    text: reporting.fit(textAt(tile, 'text') ?? '', 20_000, path),
    path,
    tilePath: pointer(path, 'content', 'results', 'tile', 'tileData'),
    first,
  };
}

function questionOf(record: ForeignRecord, path: string, { reporting }: ExportIndex): Source['question'] {
  const answer = textAt(record, 'processUserResponse');
  const fallback = firstText(record, 'fallbackResponse', 'fallbackMessage');
  return {
    ...(answer?.trim() && { process_user_response: reporting.fit(answer, 100_000, path) }),
    ...(fallback && { fallback_response: reporting.fit(fallback, 20_000, path) }),
  };
}

function commonOf(index: ExportIndex, position: Position): Common {
  const { record, path, id } = position.message;
  const { reporting } = index;
  const pre = textAt(record, 'preProcessMessage');
  const post = textAt(record, 'postProcessMessage');
  const { rules, next = defaultNext(index, position) } = rulesOf(index, position);
  if (rules.length > 500) reporting.ignored(path, `Of ${rules.length} rules the first 500 were kept.`);
  return {
    id,
    name: reporting.fit(textAt(record, 'name') || id, 200, path),
    ...(textAt(record, 'status') === 'INACTIVE' && { enabled: false }),
    ...delayOf(record, path, index),
    ...(pre?.trim() && { pre_process: reporting.fit(pre, 100_000, path) }),
    ...(post?.trim() && { post_process: reporting.fit(post, 100_000, path) }),
    ...(rules.length > 0 && { rules: rules.slice(0, 500) }),
    ...(next && { next }),
  };
}

function delayOf(record: ForeignRecord, path: string, { reporting }: ExportIndex): Pick<Common, 'delay_ms'> {
  const given = numberAt(record, 'interactionDelay');
  if (given === undefined && textAt(record, 'interactionDelay'))
    reporting.ignored(pointer(path, 'interactionDelay'), 'This is no number of milliseconds: there is no delay.');
  const delay = Math.round(given ?? 0);
  if (delay > 10_000)
    reporting.approximated(pointer(path, 'interactionDelay'), `A delay is at most 10,000 ms; ${delay} was asked for.`);
  return delay > 0 ? { delay_ms: Math.min(delay, 10_000) } : {};
}

/** Without a plain rule: calls go on where the export links to; a question with rules takes only what they take. */
function defaultNext(index: ExportIndex, position: Position): Common['next'] {
  const { type, record } = position.message;
  if (waits(type) && (kindOf(type)?.kind === 'button' || recordsAt(record, 'responseMatches').length > 0))
    return undefined;
  const next = nextOf(index, position);
  return next.go === 'next' ? undefined : next;
}
