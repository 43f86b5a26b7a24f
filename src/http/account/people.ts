import { ResourceParams } from '../../api/account.ts';
import { Done, documented, NoQuery } from '../../api/common.ts';
import { MessageAccepted } from '../../api/conversation.ts';
import { AgentMessage, TransferReport } from '../../api/people.ts';
import type { App } from '../app.ts';
import type { AccountParts } from './account-parts.ts';
import { type ResourceParts, routeOptions } from './resource.ts';

const url = '/v1/accounts/:account_id/conversations/:id';

/** For the people that a conversation was handed to, through whatever software they work with. */
export function peopleRoutes(app: App, { runtime }: AccountParts, common: ResourceParts): void {
  const options = routeOptions(common);
  const schema = { tags: ['account'], params: ResourceParams, querystring: NoQuery };
  app.post(
    `${url}/messages`,
    {
      ...options,
      schema: {
        ...schema,
        summary: 'Say something to the consumer of a conversation that people have',
        body: AgentMessage,
        response: { 201: documented(MessageAccepted) },
      },
    },
    async (request, reply) => {
      const { account_id, id: conversation_id } = request.params;
      return reply.code(201).send(await runtime.sayForPeople({ account_id, conversation_id, ...request.body }));
    },
  );
  app.post(
    `${url}/transfer`,
    {
      ...options,
      schema: {
        ...schema,
        summary: 'Give a conversation back to its bot: nobody takes it, or people are done',
        body: TransferReport,
        response: { 204: documented(Done) },
      },
    },
    async (request, reply) => {
      const { account_id, id: conversation_id } = request.params;
      await runtime.report({ account_id, conversation_id, ...request.body });
      return reply.code(204).send();
    },
  );
}
