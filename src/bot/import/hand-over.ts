/** Interactions that hand the conversation over: to people, to another bot, or to a call. */
import type { Interaction } from '../document.ts';
import { pointer } from '../problem.ts';
import type { Escalation } from './export-index.ts';
import { type ForeignRecord, recordAt, textAt, valueAt } from './record.ts';
import { firstText, opaque, type Source } from './source.ts';

/** `tangoContextEnabled` is what the switch "Transfer Bot Context" is taken to be exported as. */
function contextOf(source: Source, record: ForeignRecord | undefined): { context?: true } {
  const given = valueAt(record, 'tangoContextEnabled');
  if (given !== true && given !== 'true') return {};
  source.index.reporting.approximated(
    source.path,
    'tangoContextEnabled was taken for "Transfer Bot Context": the session variables go with the conversation.',
  );
  return { context: true };
}

export function transfer(source: Source): Interaction {
  const { common, tile, text, tilePath, index } = source;
  const escalation = recordAt(tile, 'escalation') ?? tile;
  const skill = firstText(escalation, 'agentSkillId', 'skillId', 'agentSkill', 'skill');
  const agent = firstText(escalation, 'agentId');
  const at = pointer(tilePath, 0, 'escalation');
  index.reporting.approximated(
    source.path,
    `The agent transfer "${common.name}" needs "agents" in the document: the function that hands a conversation to people.`,
  );
  return {
    ...common,
    type: 'transfer',
    ...(text !== '' && { text }),
    ...(skill && { skill: index.reporting.fit(skill, 20_000, at) }),
    ...(agent && { agent: index.reporting.fit(agent, 20_000, at) }),
    ...contextOf(source, escalation),
  };
}

/** An integration of the older kind "LivePerson Agent Escalation": whatever runs it hands over. */
function escalationCall(source: Source, { record, path }: Escalation): Interaction {
  const { reporting } = source.index;
  const skill = firstText(record, 'agentSkillId', 'skillId', 'agentSkillName', 'skill');
  const agent = firstText(record, 'agentId');
  const text = firstText(record, 'messageToUser', 'message', 'text');
  reporting.approximated(
    source.path,
    `The integration at ${path} hands over to people: this is an agent transfer now.`,
  );
  return {
    ...source.common,
    type: 'transfer',
    ...(text && { text: reporting.fit(text, 20_000, path) }),
    ...(skill && { skill: reporting.fit(skill, 20_000, path) }),
    ...(agent && { agent: reporting.fit(agent, 20_000, path) }),
    ...contextOf(source, record),
  };
}

export function integration(source: Source): Interaction {
  const { common, record, path, index } = source;
  const content = recordAt(record, 'content');
  const keys = ['responderId', 'responderName'].flatMap((key) => textAt(content, key) ?? []);
  const found = keys.flatMap((key) => index.integrations.get(key) ?? [])[0];
  if (found?.type === 'file')
    return { ...common, ...source.question, ...fileUploadOf(source), integration: found.name };
  if (found) return { ...common, type: 'integration', integration: found.name };
  const escalation = keys.flatMap((key) => index.escalations.get(key) ?? [])[0];
  if (escalation) return escalationCall(source, escalation);
  const name = textAt(content, 'responderName') ?? '';
  index.reporting.approximated(path, `The integration "${name}" is not in the export, or cannot be imported.`);
  return opaque(source, 'The integration it calls is not there.');
}

/** Where a dynamic routing leads is not known from an export: a bot, else a skill, is looked for. */
export function route(source: Source): Interaction {
  const { common, tile, text, tilePath, index } = source;
  const holder =
    recordAt(tile, 'dynamicRouting') ?? recordAt(tile, 'botTransfer') ?? recordAt(tile, 'escalation') ?? tile;
  const bot = firstText(holder, 'botId', 'targetBotId', 'transferBotId', 'botName', 'bot');
  if (!bot) {
    if (firstText(holder, 'agentSkillId', 'skillId', 'skill')) return transfer(source);
    return opaque(
      source,
      'No bot and no skill was found that it leads to: use a "route" with the bot, or a "transfer".',
    );
  }
  const message = firstText(holder, 'message', 'userMessage');
  const intent = firstText(holder, 'intentId', 'intent');
  const { reporting } = index;
  return {
    ...common,
    type: 'route',
    bot: reporting.fit(bot, 2_000, tilePath),
    ...(text !== '' && { text }),
    ...(message && { message: reporting.fit(message, 20_000, tilePath) }),
    ...(intent && { intent: reporting.fit(intent, 20_000, tilePath) }),
  };
}

type FileUpload = Extract<Interaction, { type: 'file_upload' }>;
const commonFiles = ['pdf', 'jpg', 'jpeg', 'png', 'gif', 'txt', 'doc', 'docx', 'xls', 'xlsx', 'csv'];

export function fileUpload(source: Source): Interaction {
  const { common, question, record, index } = source;
  const content = recordAt(record, 'content');
  const keys = ['responderId', 'responderName'].flatMap((key) => textAt(content, key) ?? []);
  const found = keys.flatMap((key) => index.integrations.get(key) ?? []).find(({ type }) => type === 'file');
  return { ...common, ...question, ...fileUploadOf(source), ...(found && { integration: found.name }) };
}

function fileUploadOf({
  text,
  tile,
  path,
  index,
}: Source): Pick<FileUpload, 'type' | 'text' | 'accept'> & Partial<FileUpload> {
  const { reporting } = index;
  const holder = recordAt(tile, 'fileUpload') ?? tile;
  const said = (...keys: string[]) => {
    const found = firstText(holder, ...keys);
    return found === undefined ? undefined : reporting.fit(found, 20_000, path);
  };
  const success = said('successMessage', 'success');
  const failure = said('failureMessage', 'failure');
  const invalid = said('validationFailureMessage', 'invalidMessage');
  const progress = said('inProgressMessage', 'progressMessage');
  return {
    type: 'file_upload',
    text,
    accept: endingsOf(holder) ?? allOf(path, index.reporting),
    ...(success && { success }),
    ...(failure && { failure }),
    ...(invalid && { invalid }),
    ...(progress && { progress }),
  };
}

function endingsOf(holder: ForeignRecord | undefined): string[] | undefined {
  const given = ['acceptedFileTypes', 'fileTypes', 'accept'].map((key) => valueAt(holder, key)).find(Boolean);
  const list: unknown[] = typeof given === 'string' ? given.split(',') : Array.isArray(given) ? given : [];
  const endings = list.flatMap((one) => (typeof one === 'string' ? one.trim().replace(/^\./, '').toLowerCase() : []));
  const usable = endings.filter((one) => one !== '' && one.length <= 40).slice(0, 40);
  return usable.length > 0 ? usable : undefined;
}

function allOf(path: string, reporting: Source['index']['reporting']): string[] {
  reporting.approximated(path, `The export does not say which files are taken: ${commonFiles.join(', ')} are.`);
  return commonFiles;
}
