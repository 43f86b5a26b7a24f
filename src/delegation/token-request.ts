/** One request to a provider's token or revocation endpoint, with the client's authentication. */
import type { Answer, Egress, EgressFailure } from '../egress/egress.ts';
import { Secret } from '../world/secret.ts';
import type { Provider } from './provider.ts';

export function tokenRequest(
  egress: Egress,
  provider: Provider,
  request: { url: string; form: Record<string, string>; timeout_ms: number },
): Promise<Answer | EgressFailure> {
  const form = new URLSearchParams(request.form);
  const headers = { accept: 'application/json', 'content-type': 'application/x-www-form-urlencoded' };
  const secret = provider.client_secret;
  const isBasic = provider.auth_method === 'client_secret_basic' && secret !== null;
  if (!isBasic) form.set('client_id', provider.client_id);
  if (provider.auth_method === 'client_secret_post' && secret !== null) form.set('client_secret', secret.reveal());
  return egress.request({
    method: 'POST',
    url: request.url,
    headers,
    body: form.toString(),
    timeout_ms: request.timeout_ms,
    ...(isBasic
      ? {
          secret: {
            header: 'authorization',
            prefix: 'Basic ',
            value: basic(provider.client_id, secret),
            origins: [new URL(request.url).origin],
          },
        }
      : {}),
  });
}

/** Both halves are form-encoded first (RFC 6749 section 2.3.1). */
function basic(clientId: string, secret: Secret): Secret {
  const encode = (text: string) => new URLSearchParams({ '': text }).toString().slice(1);
  return new Secret(btoa(`${encode(clientId)}:${encode(secret.reveal())}`));
}
