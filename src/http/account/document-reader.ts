import { beyondBounds } from '../../bot/bounds.ts';
import type { BotDocument } from '../../bot/document.ts';
import type { ImportCredential } from '../../bot/import/import-liveperson.ts';
import type { DocumentProblem } from '../../bot/problem.ts';
import { type DocumentAnswer, type DocumentTask, performTask } from './document-task.ts';
import { createDocumentThread } from './document-thread.ts';

/** An export, and the credentials of the account that it may refer to. */
interface Exported {
  json: unknown;
  credentials: readonly ImportCredential[];
}

/** Checks documents and imports exports for an account: small ones at once, large ones beside the server's own thread. */
export interface DocumentReader {
  check(account_id: string, json: unknown): Promise<DocumentAnswer>;
  import(account_id: string, given: Exported): Promise<DocumentAnswer>;
  /** What is wrong with a stored draft; found once for each of its versions. */
  problems(draft: BotDocument, key: { account_id: string; id: string; version: number }): Promise<DocumentProblem[]>;
  close(): Promise<void>;
}

/** A document within these is checked in a few milliseconds. */
const small = { depth: 40, values: 4_000, characters: 60_000 };
const mostKept = 200;

export function createDocumentReader(): DocumentReader {
  const thread = createDocumentThread();
  const kept = new Map<string, DocumentProblem[]>();

  async function perform(account_id: string, task: DocumentTask): Promise<DocumentAnswer> {
    return beyondBounds(task.json, small) === undefined ? performTask(task) : await thread.perform(account_id, task);
  }

  return {
    check: (account_id, json) => perform(account_id, { kind: 'check', json }),
    import: (account_id, given) => perform(account_id, { kind: 'import', ...given }),
    async problems(draft, { account_id, id, version }) {
      const key = `${id} ${version}`;
      const known = kept.get(key);
      if (known) return known;
      const answer = await perform(account_id, { kind: 'check', json: draft });
      const found = 'checked' in answer ? answer.checked.problems : [];
      kept.set(key, found);
      const [oldest] = kept.keys();
      if (kept.size > mostKept && oldest !== undefined) kept.delete(oldest);
      return found;
    },
    close: () => thread.close(),
  };
}
