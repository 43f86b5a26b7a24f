import type { Integration, Rule } from '../document.ts';
import { pointer } from '../problem.ts';
import { type ForeignRecord, placedRecordsAt, textAt } from './record.ts';
import type { Reporting } from './report.ts';

/** An interaction of the export, with what the parts of the import must know of it. */
export interface Message {
  id: string;
  path: string;
  record: ForeignRecord;
  type: string;
  /** The dialog the export puts it in. */
  group: string | undefined;
  next: string | undefined;
}

/** The export while it is read: what its references lead to. */
export interface ExportIndex {
  reporting: Reporting;
  messages: ReadonlyMap<string, Message>;
  /** Ids of the dialogs made so far or known from the export. */
  dialogs: ReadonlySet<string>;
  /** Of them those that ask which intent was meant. */
  disambiguations: ReadonlySet<string>;
  /** By the export's id and by name. */
  integrations: ReadonlyMap<string, Integration>;
  /** Integrations that hand over to people, by the export's id and by name. */
  escalations: ReadonlyMap<string, Escalation>;
  /** Where each rule of the document stood. */
  rulePaths: Map<Rule, string>;
}

export interface Escalation {
  record: ForeignRecord;
  path: string;
}

/** The interactions by id, in the export's order. One without an id gets one; of two with the same id the second gets another. */
export function messagesOf(json: ForeignRecord, reporting: Reporting): Map<string, Message> {
  const messages = new Map<string, Message>();
  for (const [at, record] of placedRecordsAt(json, 'conversationMessage')) {
    const path = pointer('/conversationMessage', at);
    const given = textAt(record, 'id')?.slice(0, 200) || `interaction-${at + 1}`;
    const id = messages.has(given) ? `${given.slice(0, 180)}-${at + 1}` : given;
    if (id !== given)
      reporting.approximated(path, `Another interaction has the id "${given}"; this one is now "${id}".`);
    messages.set(id, {
      id,
      path,
      record,
      type: textAt(record, 'interactionType') ?? 'UNKNOWN',
      group: textAt(record, 'group')?.slice(0, 200) || undefined,
      next: textAt(record, 'nextMessageId')?.slice(0, 200) || undefined,
    });
  }
  linkBack(messages);
  return messages;
}

/** The links of both directions say the same: where the one forward is missing, the one back is read. */
function linkBack(messages: ReadonlyMap<string, Message>): void {
  for (const { id, record, group, next } of messages.values()) {
    const before = messages.get(textAt(record, 'prevMessageId')?.slice(0, 200) ?? '');
    const isOpen = before && before.next === undefined && !('nextMessageId' in before.record);
    if (isOpen && before.group === group && before.id !== id && next !== before.id) before.next = id;
  }
}
