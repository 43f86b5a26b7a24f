/** Account API: what people say and report of a conversation that was handed to them. */
import Type, { type Static } from 'typebox';
import { named } from './common.ts';

const said = Type.String({ minLength: 1, maxLength: 10_000 });

export const AgentMessage = named('AgentMessage', { text: said });
export type AgentMessage = Static<typeof AgentMessage>;

export const TransferReport = named('TransferReport', {
  status: Type.Union([Type.Literal('failed'), Type.Literal('ended')], {
    description:
      'failed: nobody takes it after all, and the bot hears `__agent_escalation_failed__`. ended: people are done, and the bot answers again',
  }),
  message: Type.Optional(Type.String({ ...said, description: 'What the consumer is told with it' })),
});
export type TransferReport = Static<typeof TransferReport>;
