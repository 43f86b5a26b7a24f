import type { BotDocument } from '../../bot/document.ts';
import { type ImportReport, isLivePersonExport } from '../../bot/import/import-liveperson.ts';
import { exportMembers } from '../../bot/import/members.ts';
import type { DocumentProblem } from '../../bot/problem.ts';
import type { BotRecord } from '../../store/bot.ts';
import { Problem } from '../../world/problem.ts';
import type { AccountCredential } from './account-credentials.ts';
import type { DocumentReader } from './document-reader.ts';
import type { DocumentAnswer } from './document-task.ts';
import { foreignOrigins } from './foreign-origins.ts';
import { unaskedDescriptions, unfitCredentials } from './unfit-credentials.ts';
import { unknownCredentials } from './unknown-credentials.ts';

export interface ReadDocument {
  document: BotDocument;
  /** What an import did; null where there was nothing to import. */
  report: ImportReport | null;
}

/** What documents are read with: the account and its credentials, and who does the work. */
export interface DocumentReading {
  account_id: string;
  documents: DocumentReader;
  credentials: readonly AccountCredential[];
}

/** A document or an export, told by their members. Throws `invalid_document` with the path of each error. */
export async function readBotDocument(
  body: object,
  { account_id, documents, credentials }: DocumentReading,
): Promise<ReadDocument> {
  if (isLivePersonExport(body)) return withoutErrors(await documents.import(account_id, { json: body, credentials }));
  if (!('format' in body) && Object.keys(body).some((name) => exportMembers.read.includes(name))) throw noMessages();
  return withoutErrors(await documents.check(account_id, body));
}

function noMessages(): Problem {
  const place = { pointer: '/conversationMessage', detail: 'must be a list: the interactions of a LivePerson export' };
  return new Problem('invalid_document', 'This is neither a bot document nor a LivePerson export.', [place]);
}

/**
 * What keeps a draft from being published: its errors, and credentials the account does not have. Throws
 * `invalid_document`.
 */
export async function refuseErrors(
  document: BotDocument,
  { account_id, documents, credentials }: DocumentReading,
): Promise<void> {
  withoutErrors(await documents.check(account_id, document));
  const useless = unknownCredentials(document, credentials);
  if (useless.length > 0) throw invalidDocument(useless);
}

/** Advice on a draft. What is said of a place by the account is not said again by the document's own checks. */
export async function warningsOf(
  bot: Pick<BotRecord, 'account_id' | 'id' | 'version' | 'draft'>,
  { documents, credentials }: Omit<DocumentReading, 'account_id'>,
): Promise<DocumentProblem[]> {
  const here = [unknownCredentials, unfitCredentials, foreignOrigins].flatMap((check) => check(bot.draft, credentials));
  const told = new Set(here.map(({ path }) => path));
  const unasked = unaskedDescriptions(bot.draft, credentials);
  const found = await documents.problems(bot.draft, bot);
  return [...here, ...found.filter(({ path }) => !told.has(path) && !unasked.has(path))];
}

function withoutErrors(answer: DocumentAnswer): ReadDocument {
  if ('refused' in answer) throw new Problem('invalid_document', answer.refused);
  const { checked, report } = answer;
  if (checked.ok) return { document: checked.document, report };
  throw invalidDocument(checked.problems.filter(({ severity }) => severity === 'error'));
}

function invalidDocument(errors: readonly DocumentProblem[]): Problem {
  const places = errors.slice(0, 100).map(({ path, message }) => ({ pointer: path, detail: message }));
  const count = errors.length === 1 ? '1 error' : `${errors.length} errors`;
  return new Problem('invalid_document', `The bot document has ${count}.`, places);
}
