import type { Facts, Understanding } from '../engine/step.ts';

/** What a rehearsed conversation is told in place of the world; a server has none. */
export interface StandIn {
  facts: Pick<Facts, 'consumer' | 'engagement'>;
  /** What the consumer's text means; undefined: the bot's own recogniser says. */
  /** Whether people take a conversation that is handed to them. */
  takes_transfers: boolean;
  understanding(text: string): Understanding | undefined;
}
