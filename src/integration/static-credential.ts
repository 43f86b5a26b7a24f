/** What a credential with a secret of its own adds to a request. The secret is opened right before it leaves. */
import type { Integration } from '../bot/document.ts';
import type { StaticCredentialRecord } from '../store/credential.ts';
import { credentialSecretOwner } from '../store/sealed-column.ts';
import type { Vault } from '../vault/vault.ts';
import { mask, Secret } from '../world/secret.ts';
import type { BuiltRequest } from './build-request.ts';
import type { ToSend } from './call.ts';

export type StaticCredential = StaticCredentialRecord;

/** Why an integration cannot be called with this credential, or without one; undefined when it can. */
export function unfitCredential(
  integration: Pick<Integration, 'type'>,
  credential: { type: string } | undefined,
): string | undefined {
  const signs = credential?.type === 'webhook_signing';
  if (integration.type === 'function' && !signs)
    return 'a function is called with a credential of type webhook_signing: name one as its "credential"';
  if (integration.type !== 'function' && signs)
    return 'a credential of type webhook_signing signs calls to functions only: give the integration another one';
  return undefined;
}

export type Authority = Pick<ToSend, 'secret' | 'signing' | 'scrub'>;

/** Opens the secret. Throws when it was sealed for another row (S2). */
export async function authorityOf(vault: Pick<Vault, 'open'>, credential: StaticCredential): Promise<Authority> {
  const value = await vault.open(credential.secret, credentialSecretOwner(credential));
  const { origins, token_type = '', header = 'Authorization', parameter, user_name = '' } = credential.document;
  if (credential.type === 'webhook_signing') return { signing: { secret: value, origins }, scrub: [value] };
  if (credential.type === 'basic') {
    const pair = Buffer.from(`${user_name}:${value.reveal()}`, 'utf8').toString('base64');
    return { secret: { header: 'Authorization', prefix: 'Basic ', value: new Secret(pair), origins }, scrub: [value] };
  }
  if (parameter !== undefined) return { secret: { parameter, value, origins } };
  return { secret: { header, prefix: token_type === '' ? '' : `${token_type} `, value, origins } };
}

/** A header that the author wrote where the credential's own goes gives way to it. */
export function withoutOwnHeader(request: BuiltRequest, credential: StaticCredential): BuiltRequest {
  const name = headerOf(credential)?.toLowerCase();
  if (name === undefined || !Object.hasOwn(request.headers, name)) return request;
  const { [name]: _, ...headers } = request.headers;
  return { ...request, headers };
}

/** A request as people may see it: with what the credential adds, masked. */
export function shownWithAuthority<R extends Pick<BuiltRequest, 'url' | 'headers'>>(
  request: R,
  credential: StaticCredential,
): R {
  const { token_type, parameter } = credential.document;
  if (parameter !== undefined) {
    const joint = request.url.includes('?') ? '&' : '?';
    return { ...request, url: `${request.url}${joint}${encodeURIComponent(parameter)}=${mask}` };
  }
  const name = headerOf(credential)?.toLowerCase() ?? 'webhook-signature';
  const scheme = credential.type === 'basic' ? 'Basic' : token_type;
  const shown = scheme && credential.type !== 'webhook_signing' ? `${scheme} ${mask}` : mask;
  return { ...request, headers: { ...request.headers, [name]: shown } };
}

function headerOf({ type, document }: StaticCredential): string | undefined {
  if (type === 'webhook_signing' || document.parameter !== undefined) return undefined;
  return type === 'basic' ? 'Authorization' : (document.header ?? 'Authorization');
}
