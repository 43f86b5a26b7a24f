import { documented, Done, NoQuery } from '../../api/common.ts';
import { ConversationParams, SignInRenewal } from '../../api/conversation.ts';
import { Problem } from '../../world/problem.ts';
import type { App } from '../app.ts';
import type { ConsumerParts } from './consumer-parts.ts';

/** Conversations whose consumer is signed in at the page around them are not built. What asks for one is told so, at its place. */
export function refuseSignIn(detail: string): never {
  throw new Problem('invalid_body', `Signed-in conversations are not available yet: ${detail}.`, [
    { pointer: '/sign_in', detail: 'not available yet' },
  ]);
}

/** `PUT /v1/conversations/{id}/sign-in`: no conversation is a signed-in one, so there is nothing that it could renew. */
export function signInRenewalRoute(app: App, { guard, limits }: ConsumerParts): void {
  app.put(
    '/v1/conversations/:id/sign-in',
    {
      config: { surface: 'consumer', rateLimit: limits.consumer },
      onRequest: guard.check,
      schema: {
        tags: ['conversations'],
        summary: 'Renew or step up a signed-in conversation; not available yet: refused',
        params: ConversationParams,
        querystring: NoQuery,
        body: SignInRenewal,
        response: { 204: documented(Done) },
      },
    },
    async () => refuseSignIn('this one has no sign-in to renew'),
  );
}
