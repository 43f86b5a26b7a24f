/** Tokens go only where they were given to: a configuration that changes afterwards gets none of them. */
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { CredentialDocument } from '../api/credential.ts';
import type { IdentityProviderDocument } from '../api/identity-provider.ts';
import { Secret } from '../world/secret.ts';
import type { DelegatedCall } from './delegation.ts';
import { type Conversation, setStage, type Stage } from './stage.test-parts.ts';

let stage: Stage;
let mia: Conversation;
let elsewhere: { url: string; place: string; heard: string[]; close(): Promise<void> };
beforeEach(async () => {
  elsewhere = await startElsewhere();
  stage = await setStage({ allow: [elsewhere.place] });
  mia = await stage.converse();
  await stage.signIn(mia);
});
afterEach(async () => {
  await stage.close();
  await elsewhere.close();
});

/** A place of somebody who can change the configuration: it keeps whatever it is sent. */
async function startElsewhere() {
  const heard: string[] = [];
  const server = createServer(async (request: IncomingMessage, response) => {
    let body = '';
    for await (const part of request) body += String(part);
    heard.push(`${request.url} ${request.headers.authorization ?? ''} ${body}`);
    response.setHeader('content-type', 'application/json').end('{}');
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  // A listening TCP server has an address of this shape.
  const { port } = server.address() as AddressInfo;
  const close = () => new Promise<void>((resolve) => server.close(() => resolve()));
  return { url: `http://127.0.0.1:${port}`, place: `127.0.0.1:${port}`, heard, close };
}

const provider = (change: Partial<IdentityProviderDocument> = {}): IdentityProviderDocument => ({
  issuer: stage.provider.url,
  client_id: 'errand',
  token_endpoint_auth_method: 'client_secret_basic',
  pkce: 'S256',
  ...change,
});
const byHand = () => ({
  authorization_endpoint: `${stage.provider.url}/auth`,
  token_endpoint: `${elsewhere.url}/token`,
  revocation_endpoint: `${elsewhere.url}/revoke`,
});

/** As the account API stores it; `unseen`: as if a grant had come in between, so nothing was ended. */
async function putProvider(document: IdentityProviderDocument, how: { secret?: string; unseen?: boolean } = {}) {
  const owner = { account_id: 'acc', field: 'identity_provider.client_secret', row: 'idp' };
  const secret = how.secret === undefined ? null : await stage.vault.seal(new Secret(how.secret), owner);
  await stage.db.write(async (tx) => {
    const wanted = { account_id: 'acc', actor: 'key:1', identity_provider_id: 'idp', document };
    if (!how.unseen) await stage.delegation.endUnfit(tx, wanted);
    await tx.run(
      `UPDATE identity_provider SET document = ?, client_secret = COALESCE(?, client_secret), version = version + 1`,
      JSON.stringify(document),
      secret,
    );
  });
}

async function putCredential(change: Partial<CredentialDocument>, how: { unseen?: boolean } = {}) {
  const { scope, origins, header } = stage.credential;
  const document: CredentialDocument = { mode: 'managed', scope, origins, binding: 'code', header, ...change };
  await stage.db.write(async (tx) => {
    const wanted = { account_id: 'acc', actor: 'key:1', credential_id: 'cred', identity_provider_id: 'idp', document };
    if (!how.unseen) await stage.delegation.endUnfit(tx, wanted);
    await tx.run('UPDATE credential SET document = ?, version = version + 1', JSON.stringify(document));
  });
}

async function configured() {
  const credential = await stage.delegation.credential('acc', 'orders');
  if (!credential) throw new Error('no credential');
  return credential;
}

async function call(url = `${stage.brand.url}/orders`, connectionId?: string) {
  const wanted: DelegatedCall = {
    conversation_id: mia.id,
    connection_id: connectionId ?? (await stage.connection(mia))?.id ?? '',
    credential: await configured(),
    request: { method: 'GET', url, headers: {}, timeout_ms: 5_000 },
    idempotency_key: 'key',
    repeatable: true,
  };
  return await stage.delegation.call(wanted);
}

async function permission() {
  const credential = await configured();
  return await stage.delegation.permission({
    conversation: mia,
    credential,
    interaction_id: 'i1',
    scope: '',
    minimum_level: 0,
  });
}

const outbox = () => stage.db.all<{ done_at: number | null; gave_up_at: number | null }>('SELECT * FROM outbox');
const seen = () => ({ done_at: expect.any(Number), gave_up_at: null });
const missing = { state: 'missing', reason: 'none' };

describe('another provider configuration', () => {
  test('1a D1 X1 the revocation goes to the endpoint and with the secret of the former one', async () => {
    await putProvider(provider(byHand()), { secret: 'of-somebody-else' });
    expect(await stage.connection(mia)).toMatchObject({ status: 'revoked', access_token: null, refresh_token: null });
    await stage.workOff();
    expect(await outbox()).toMatchObject([seen()]);
    expect(elsewhere.heard).toEqual([]);
    expect(await permission()).toEqual(missing);
  });

  test('1b D1 a refresh never goes to another token endpoint', async () => {
    const before = await configured();
    await putProvider(provider(byHand()), { secret: 'of-somebody-else' });
    stage.pass(120_000);
    expect(await call()).toMatchObject({ kind: 'refused', reason: 'needs_reauth' });
    expect(before.provider_mark).not.toBe((await configured()).provider_mark);
    expect(elsewhere.heard).toEqual([]);
  });

  test('1b D1 nor where the change was not seen: not usable, not refreshed, and given up for everybody to see', async () => {
    const former = await configured();
    const id = (await stage.connection(mia))?.id ?? '';
    await putProvider(provider(byHand()), { secret: 'of-somebody-else', unseen: true });
    expect(await permission()).toEqual(missing);
    expect(await call(undefined, id)).toMatchObject({ kind: 'refused', reason: 'needs_reauth' });
    stage.pass(120_000);
    // A turn that read the credential before the change.
    const request = { method: 'GET', url: `${stage.brand.url}/orders`, headers: {}, timeout_ms: 5_000 };
    const late = { conversation_id: mia.id, connection_id: id, idempotency_key: 'key', repeatable: true };
    expect(await stage.delegation.call({ ...late, credential: former, request })).toMatchObject({ kind: 'refused' });
    await stage.workOff();
    expect(await outbox()).toMatchObject([{ done_at: null, gave_up_at: expect.any(Number) }]);
    expect(await stage.connection(mia)).toMatchObject({ status: 'needs_reauth', access_token: null });
    expect(elsewhere.heard).toEqual([]);
  });

  test('a renewed client secret alone keeps everything going', async () => {
    await putProvider(provider(), { secret: 'the-secret-of-errand' });
    expect(await permission()).toMatchObject({ state: 'usable' });
    stage.pass(120_000);
    expect(await call()).toMatchObject({ kind: 'ended', result: { outcome: 'success' } });
  });

  test('what was owed before a renewal is paid with the new secret', async () => {
    await putProvider(provider(), { secret: 'a-secret-that-was-wrong' });
    await stage.db.write((tx) => stage.delegation.end(tx, mia.id));
    await stage.workOff();
    expect(await outbox()).toMatchObject([{ done_at: null, gave_up_at: null }]);
    await putProvider(provider(), { secret: 'the-secret-of-errand' });
    stage.pass(60_000);
    await stage.workOff();
    expect(await outbox()).toMatchObject([seen()]);
  });
});

describe('another credential configuration', () => {
  test('1c X1 a further origin is a place the consumer never allowed', async () => {
    await putCredential({ origins: [stage.brand.url, elsewhere.url] });
    expect(await permission()).toEqual(missing);
    expect(await call(`${elsewhere.url}/orders`)).toMatchObject({ kind: 'refused' });
    await stage.workOff();
    expect(await outbox()).toMatchObject([seen()]);
    expect(elsewhere.heard).toEqual([]);
  });

  test('1c X1 nor where the change was not seen', async () => {
    await putCredential({ origins: [stage.brand.url, elsewhere.url] }, { unseen: true });
    expect(await permission()).toEqual(missing);
    expect(await call(`${elsewhere.url}/orders`)).toMatchObject({ kind: 'refused' });
    expect(elsewhere.heard).toEqual([]);
  });

  test('X1 another header ends it', async () => {
    await putCredential({ header: 'X-Debug' });
    expect(await permission()).toEqual(missing);
  });

  test('fewer origins: usable for those that are left', async () => {
    await putCredential({ origins: [stage.brand.url, elsewhere.url] });
    await stage.signIn({ ...mia }, { credential: await configured() });
    await putCredential({ origins: [stage.brand.url] });
    expect(await permission()).toMatchObject({ state: 'usable' });
    expect(await call()).toMatchObject({ kind: 'ended', result: { outcome: 'success' } });
    expect(await call(`${elsewhere.url}/orders`)).toMatchObject({ result: { outcome: 'blocked' } });
    expect(elsewhere.heard).toEqual([]);
  });
});
