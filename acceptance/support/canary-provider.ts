import { createHash } from 'node:crypto';
import { exportJWK, generateKeyPair, SignJWT } from 'jose';
import { type Received, type Reply, reply, sendReply, startLoopbackServer } from '../hostile/loopback-server.ts';

/** Stands in every token, with signs that each coding changes. */
export const tokenMarks = ['kD3x+Qz9/mVt7Rw2~pL5', 'w8Hs.Zc4-uJ6n_Yb1+Gf0'] as const;
/** Stands in every authorization code. */
export const codeMark = 'qT5c-Ne7_vKx2Bd9.sM4h';

/** An OpenID provider without pages: who arrives is signed in. What it hands out can be recognised wherever it stands. */
export interface CanaryProvider {
  url: string;
  clientSecret: string;
  /** Everything else that it gave or was given and that is nobody's business, by name. */
  secrets: Record<string, string>;
  /** The access tokens that are good now. */
  live: Set<string>;
  revoked: Set<string>;
  /** From now on the consumer refuses; or every token request is answered so, given its form. */
  mood: { refuses: boolean; token: ((form: URLSearchParams, good: Reply) => Reply) | undefined };
  /** As friendly as at the start. */
  behave(): void;
  close(): Promise<void>;
}

interface Grant {
  nonce: string | null;
  scope: string;
  /** Each sign-in is another person's, so that each has a grant of its own to give back. */
  subject: string;
}

const challengeOf = (verifier: string) => createHash('sha256').update(verifier).digest('base64url');

/** `issuer`: how it is reached, such as a proxy in front of it. */
export async function startCanaryProvider(issuer: string): Promise<CanaryProvider> {
  const { privateKey, publicKey } = await generateKeyPair('RS256');
  const jwk = { ...(await exportJWK(publicKey)), kid: 'canary', alg: 'RS256', use: 'sig' };
  const secrets: Record<string, string> = {};
  const live = new Set<string>();
  const revoked = new Set<string>();
  const friendly = { refuses: false, token: undefined };
  const mood: CanaryProvider['mood'] = { ...friendly };
  const asked = new Map<string, Grant & { challenge: string | null }>();
  const refreshable = new Map<string, Grant>();
  const clientSecret = 'client-canary-3Xp9/Lr+7Wd2~Kq8';
  let made = 0;
  const token = (kind: string) => `${kind}.${tokenMarks[0]}.${++made}.${tokenMarks[1]}`;

  function authorize(query: URLSearchParams): Reply {
    const back = new URL(query.get('redirect_uri') ?? '');
    const state = query.get('state') ?? '';
    secrets[`state ${++made}`] = state;
    back.searchParams.set('state', state);
    back.searchParams.set('iss', issuer);
    if (mood.refuses) back.searchParams.set('error', 'access_denied');
    else {
      const code = `code.${codeMark}.${made}`;
      const { nonce, code_challenge: challenge, scope = '' } = Object.fromEntries(query);
      asked.set(code, { nonce: nonce ?? null, challenge: challenge ?? null, scope, subject: `consumer-${made}` });
      back.searchParams.set('code', code);
    }
    return reply(303, '', { location: back.href });
  }

  async function tokens(form: URLSearchParams): Promise<Reply> {
    const verifier = form.get('code_verifier');
    if (verifier !== null) secrets[`verifier ${++made}`] = verifier;
    const code = form.get('code') ?? '';
    const given = asked.get(code);
    const isProven = given?.challenge === challengeOf(verifier ?? '');
    const grant = given && isProven ? given : refreshable.get(form.get('refresh_token') ?? '');
    asked.delete(code);
    refreshable.delete(form.get('refresh_token') ?? '');
    if (grant === undefined) return reply(400, { error: 'invalid_grant' });
    const { nonce, scope, subject } = grant;
    const [access_token, refresh_token] = [token('access'), token('refresh')];
    live.add(access_token);
    refreshable.set(refresh_token, { nonce: null, scope, subject });
    const id_token = await new SignJWT(nonce === null ? {} : { nonce })
      .setProtectedHeader({ alg: 'RS256', kid: 'canary' })
      .setIssuer(issuer)
      .setAudience('errand')
      .setSubject(subject)
      .setIssuedAt()
      .setExpirationTime('10m')
      .sign(privateKey);
    secrets[`id_token ${++made}`] = id_token.slice(-60);
    return reply(200, { access_token, refresh_token, id_token, token_type: 'Bearer', expires_in: 3600, scope });
  }

  async function answer({ path, body }: Received): Promise<Reply> {
    const { pathname, searchParams } = new URL(path, issuer);
    const form = new URLSearchParams(body);
    switch (pathname) {
      case '/auth':
        return authorize(searchParams);
      case '/jwks':
        return reply(200, { keys: [jwk] });
      case '/token': {
        const good = await tokens(form);
        return mood.token?.(form, good) ?? good;
      }
      case '/revoke':
        revoked.add(form.get('token') ?? '');
        live.delete(form.get('token') ?? '');
        return reply(200, {});
      default:
        return reply(200, metadata(issuer));
    }
  }

  const server = await startLoopbackServer(async (received, response) => sendReply(response, await answer(received)));
  return {
    url: server.url,
    clientSecret,
    secrets,
    live,
    revoked,
    mood,
    behave: () => void Object.assign(mood, friendly),
    close: server.close,
  };
}

function metadata(issuer: string) {
  return {
    issuer,
    authorization_endpoint: `${issuer}/auth`,
    token_endpoint: `${issuer}/token`,
    revocation_endpoint: `${issuer}/revoke`,
    jwks_uri: `${issuer}/jwks`,
    response_types_supported: ['code'],
    subject_types_supported: ['public'],
    id_token_signing_alg_values_supported: ['RS256'],
    code_challenge_methods_supported: ['S256'],
    authorization_response_iss_parameter_supported: true,
  };
}
