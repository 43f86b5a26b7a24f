import type { BotDocument, Integration } from '../document.ts';
import { type DocumentProblem, pointer, warning } from '../problem.ts';

/** What a function or a file's integration needs beside what every integration has. */
export function checkFunctions(document: BotDocument): DocumentProblem[] {
  return document.integrations.flatMap((integration, at) => checkOne(integration, pointer('/integrations', at)));
}

function checkOne({ type, credential, body, method }: Integration, path: string): DocumentProblem[] {
  const problems: DocumentProblem[] = [];
  if (type === 'function' && credential === undefined)
    problems.push(
      warning(
        pointer(path, 'credential'),
        'A function is called as a signed webhook: name a credential of type webhook_signing, or it is never called.',
      ),
    );
  if (type === 'function' && body?.trim() && !/^\s*(?:[[{"\d-]|true|false|null)/.test(body))
    problems.push(warning(pointer(path, 'body'), 'The body of a function must be JSON once its variables are in it.'));
  if (type === 'file' && body !== undefined)
    problems.push(
      warning(pointer(path, 'body'), 'A file is sent as a form of its own: use parameters for further fields.'),
    );
  if (type !== 'api' && method !== 'POST')
    problems.push(warning(pointer(path, 'method'), `An integration of type "${type}" is always sent with POST.`));
  return problems;
}
