import { openAttemptsOf } from '../store/attempt.ts';
import { consumerCredentialNamed, providerById } from '../store/consumer-credential.ts';
import { ask, cancel } from './ask.ts';
import { renew } from './renew.ts';
import { typedCode } from './binding.ts';
import { call } from './call.ts';
import { callback } from './callback.ts';
import { toConsumerCredential } from './configured.ts';
import { connections, end, endConversation } from './connections.ts';
import type { Delegation } from './delegation.ts';
import { endUnfit } from './end-unfit.ts';
import { linkFor } from './link.ts';
import type { DelegationParts, Parts } from './parts.ts';
import { permission } from './permission.ts';
import { proceed } from './proceed.ts';
import { createProviders } from './provider.ts';
import { createRefusals } from './refusals.ts';
import { createRefresher } from './refresh.ts';
import { createRevoker } from './revoker.ts';
import type { SignInPages } from './sign-in-pages.ts';
import { visit } from './visit.ts';
import { work } from './work.ts';

/** The consumer's permission, for the runtime and for the sign-in pages. */
export function createDelegation(given: DelegationParts): Delegation & SignInPages {
  const parts: Parts = { ...given, providers: createProviders(given) };
  const refresher = createRefresher(parts);
  const revoker = createRevoker(parts);
  const refusals = createRefusals(parts);
  return {
    async credential(accountId, name) {
      const row = await consumerCredentialNamed(parts.db, accountId, name);
      return row && toConsumerCredential(row);
    },
    async obstacle(credential) {
      const row = await providerById(parts.db, credential.account_id, credential.identity_provider_id);
      if (!row || !(await parts.providers.available(row))) return 'provider_unavailable';
      const provider = await parts.providers.resolve(row);
      return 'failed' in provider ? provider.failed : undefined;
    },
    permission: (wanted) => permission(parts, wanted),
    ask: (tx, wanted) => ask(tx, parts, wanted),
    call: (wanted) => call(parts, refresher, wanted),
    typedCode: (tx, conversation, text) => typedCode(tx, parts, { conversation, text }),
    cancel: (tx, conversation_id, attempt_id) => cancel(tx, parts, { conversation_id, attempt_id }),
    openAttempts: (tx, conversationId) => openAttemptsOf(tx, conversationId),
    renew: (tx, conversation, attempt_id) => renew(tx, parts, { conversation, attempt_id }),
    connections: (conversationId) => connections(parts, conversationId),
    end: (tx, conversation_id, one) => end(tx, parts, { conversation_id, ...one }),
    endConversation: (tx, conversationId) => endConversation(tx, parts, conversationId),
    endUnfit: (tx, configuration) => endUnfit(tx, parts, configuration),
    linkFor: (attemptId) => linkFor(parts, attemptId),
    work: () => work(parts, revoker, refusals),
    visit: (link, browser) => visit(parts, link, browser),
    proceed: (link, browser, visitOf) => proceed(parts, link, { browser, visit: visitOf }),
    callback: (request) => callback(parts, refusals, request),
  };
}
