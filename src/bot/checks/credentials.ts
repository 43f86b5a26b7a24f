import type { BotDocument, Integration } from '../document.ts';
import { type DocumentProblem, pointer, warning } from '../problem.ts';

/** What an integration says about permission must fit together. */
export function checkCredentials(document: BotDocument): DocumentProblem[] {
  return document.integrations.flatMap((integration, at) => checkCredential(integration, pointer('/integrations', at)));
}

function checkCredential(integration: Integration, path: string): DocumentProblem[] {
  const { type, credential, scope, minimum_binding, risk, method, description } = integration;
  const problems: DocumentProblem[] = [];
  if (credential === undefined && scope !== undefined)
    problems.push(warning(pointer(path, 'scope'), 'A scope has no effect without a credential.'));
  if (credential === undefined && minimum_binding !== undefined)
    problems.push(warning(pointer(path, 'minimum_binding'), 'A minimum binding has no effect without a credential.'));
  if (credential?.startsWith('import:'))
    problems.push(
      warning(
        pointer(path, 'credential'),
        'The export names a credential that the account does not have yet: create one with this import id, or choose another.',
      ),
    );
  const changes = risk === undefined ? method !== 'GET' && method !== 'HEAD' : risk !== 'read';
  // Only a permission that a consumer gives is asked about; of the account's credentials nothing is known here, and of
  // one that an export names not even whether it will be such a permission.
  const asked = credential !== undefined && !credential.startsWith('import:');
  if (changes && type === 'api' && asked && description === undefined)
    problems.push(
      warning(
        pointer(path, 'description'),
        'Say what the call does for the consumer: it is asked as "You asked me to …. Shall I?".',
      ),
    );
  return problems;
}
