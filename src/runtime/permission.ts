import type { Integration } from '../bot/document.ts';
import {
  type Ask,
  bindingLevel,
  type Challenge,
  type ConsumerCredential,
  type Permission,
} from '../delegation/delegation.ts';
import { askerOf, type Turn } from './turn.ts';

/** A call's need of the consumer's permission. */
export interface PermissionNeed {
  integration: Integration;
  credential: ConsumerCredential;
  interaction_id: string;
  challenge?: Challenge;
}

/** The Consumer Authentication credential that the integration names, or undefined where it names none. */
export async function consumerCredential(
  turn: Pick<Turn, 'rooms' | 'conversation'>,
  integration: Integration,
): Promise<ConsumerCredential | undefined> {
  if (integration.credential === undefined) return undefined;
  return await turn.rooms.delegation.credential(turn.conversation.account_id, integration.credential);
}

export function permissionFor(turn: Turn, need: PermissionNeed): Promise<Permission> {
  return turn.rooms.delegation.permission(askFor(turn, need));
}

/** What delegation is asked: the integration may raise the credential's minimum level, never lower it. */
export function askFor(turn: Turn, need: PermissionNeed): Ask {
  const { integration, credential } = need;
  const own = integration.minimum_binding ? bindingLevel[integration.minimum_binding] : 0;
  return {
    conversation: askerOf(turn.conversation, turn.bot.document.name),
    credential,
    interaction_id: need.interaction_id,
    scope: integration.scope ?? '',
    minimum_level: Math.max(own, credential.minimum_level),
    ...(need.challenge ? { challenge: need.challenge } : {}),
  };
}
