import type { Outcome } from '../bot/outcome.ts';
import type { ConsumerCredential } from '../delegation/delegation.ts';
import type { Call } from './call-origin.ts';
import { riskOf } from './park.ts';
import { note, type Turn } from './turn.ts';

/** How long a brand may take to show that it is there, in ms: who waits for a link should not wait for long. */
const patience = 2_000;

/**
 * Why no sign-in can be offered; undefined: one can. An outage leads to an outage message and never to a link, and so does
 * a provider that nobody could sign in at.
 */
export async function signInObstacle(turn: Turn, credential: ConsumerCredential): Promise<Outcome | undefined> {
  const obstacle = await turn.rooms.delegation.obstacle(credential);
  if (obstacle === 'provider_unavailable')
    note(turn, { kind: 'note', text: 'the identity provider does not answer: no sign-in is offered' });
  else if (obstacle)
    note(turn, { kind: 'note', text: 'the identity provider cannot be used as it is set up: no sign-in is offered' });
  return obstacle;
}

/** The same of the brand's API, which has not been called yet: signing in for a call that cannot be made is for nothing. */
export async function brandObstacle(turn: Turn, { request, integration }: Call): Promise<Outcome | undefined> {
  const { url, method } = request;
  const origin = URL.parse(url)?.origin;
  const safe = (method === 'GET' || method === 'HEAD') && riskOf(integration) === 'read';
  if (origin === undefined || (await turn.rooms.egress.reaches({ url, safe }, patience))) return undefined;
  note(turn, { kind: 'note', text: `nothing answers at ${origin}: no sign-in is offered` });
  return 'unreachable';
}
