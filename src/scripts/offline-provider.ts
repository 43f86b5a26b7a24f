import { signInSite } from '../api/conversation-script.ts';
import type { Answer, OutgoingRequest } from '../egress/egress.ts';

export const authorizationEndpoint = `${signInSite}/authorize`;
export const tokenEndpoint = `${signInSite}/token`;

/** A provider that is always there and gives a token for any code. */
export function createOfflineProvider(token: string): (request: OutgoingRequest) => Answer | undefined {
  const tokens = JSON.stringify({ access_token: token, token_type: 'Bearer' });
  return ({ url }) => {
    if (url === tokenEndpoint) return { status: 200, headers: { 'content-type': 'application/json' }, body: tokens };
    return url.startsWith(`${signInSite}/`) ? { status: 200, headers: {}, body: '' } : undefined;
  };
}
