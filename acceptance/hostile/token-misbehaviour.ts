/** Ways a token endpoint can lie, each by name (`reference/delegation` 3.4). An edit changes an answer the real provider gave. */
import { gzipBomb, type Reply, reply, threeMegabytes } from './loopback-server.ts';

type Token = Record<string, unknown>;

/** Only a granted token answer is edited; the provider has done its part by then. */
function edited(change: (token: Token) => unknown): (real: Reply) => Reply {
  return (real) => (real.status === 200 ? { ...real, body: JSON.stringify(change(parse(real))) } : real);
}

function instead(body: string, type = 'application/json'): (real: Reply) => Reply {
  return (real) => (real.status === 200 ? { ...real, headers: { ...real.headers, 'content-type': type }, body } : real);
}

const without = (name: string) =>
  edited((token) => Object.fromEntries(Object.entries(token).filter(([member]) => member !== name)));
const having = (name: string, value: unknown) => edited((token) => ({ ...token, [name]: value }));

/** After the provider has answered. */
export const tokenEdits = {
  malformed_json: instead('{"access_token": "x", '),
  empty: instead(''),
  html: instead('<!doctype html><title>Welcome</title>', 'text/html'),
  not_an_object: instead('["token"]'),
  deep_json: instead('['.repeat(100_000)),
  ok_with_error: instead(
    '{"error":"bad_verification_code","error_description":"The code passed is incorrect or expired."}',
  ),
  form_encoded: (real: Reply): Reply => {
    if (real.status !== 200) return real;
    const body = new URLSearchParams(Object.entries(parse(real)).map(([name, value]) => [name, String(value)]));
    return {
      ...real,
      headers: { ...real.headers, 'content-type': 'application/x-www-form-urlencoded' },
      body: body.toString(),
    };
  },
  byte_order_mark: (real: Reply): Reply => ({ ...real, body: `\ufeff${real.body}` }),
  duplicate_keys: (real: Reply): Reply => ({
    ...real,
    body: String(real.body).replace('{', '{"access_token":"first",'),
  }),
  three_megabytes: (real: Reply): Reply => ({ ...real, body: threeMegabytes }),
  gzip_bomb: (_real: Reply): Reply => gzipBomb(),

  expires_in_missing: without('expires_in'),
  expires_in_null: having('expires_in', null),
  expires_in_string: having('expires_in', '3600'),
  expires_in_fraction: having('expires_in', 3600.9),
  expires_in_zero: having('expires_in', 0),
  expires_in_negative: having('expires_in', -1),
  expires_in_huge: having('expires_in', 1e12),
  expires_in_text: having('expires_in', 'soon'),

  scope_missing: without('scope'),
  /** The first scope only. */
  scope_lower: edited((token) => ({ ...token, scope: scopes(token).slice(0, 1).join(' ') })),
  /** `openid` at most: nothing that a call could use. */
  scope_useless: having('scope', 'openid'),
  scope_wider: edited((token) => ({ ...token, scope: [...scopes(token), 'admin'].join(' ') })),
  scope_reversed: edited((token) => ({ ...token, scope: scopes(token).reverse().join(' ') })),
  scope_by_commas: edited((token) => ({ ...token, scope: scopes(token).join(',') })),

  refresh_token_missing: without('refresh_token'),
  access_token_missing: without('access_token'),
  access_token_empty: having('access_token', ''),
  access_token_number: having('access_token', 12345),
  access_token_line_break: having('access_token', 'a\r\nX-Injected: 1'),
  access_token_not_ascii: having('access_token', 'tökén-ünicode'),
  access_token_huge: having('access_token', 'a'.repeat(500_000)),
  token_type_missing: without('token_type'),
  token_type_upper: having('token_type', 'BEARER'),
  token_type_mac: having('token_type', 'mac'),
  token_type_dpop: having('token_type', 'DPoP'),
  id_token_missing: without('id_token'),
  id_token_unsigned: edited((token) => ({ ...token, id_token: unsigned(String(token['id_token'] ?? '')) })),
} satisfies Record<string, (real: Reply) => Reply>;

/** Instead of asking the provider: the code or refresh token stays unused there. */
export const tokenRefusals = {
  status_500: reply(500, { error: 'server_error' }),
  status_502_html: reply(502, '<!doctype html><title>502 Bad Gateway</title>', { 'content-type': 'text/html' }),
  status_503: reply(503, '', { 'retry-after': '86400' }),
  status_429: reply(429, { error: 'slow_down' }, { 'retry-after': '30' }),
  invalid_grant: reply(400, { error: 'invalid_grant' }),
  invalid_client: reply(401, { error: 'invalid_client' }, { 'www-authenticate': 'Basic realm="token"' }),
  error_unknown: reply(400, { error: 'computer_says_no' }),
  /** To a place that counts who comes (`redirectHits`). */
  redirect: reply(307, '', { location: '/hostile/trap' }),
} satisfies Record<string, Reply>;

/** The body was written by a real provider, so it is an object; anything else is a mistake of the test. */
function parse(real: Reply): Token {
  const value: unknown = JSON.parse(String(real.body));
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw new Error('The provider gave no token answer.');
  return Object.fromEntries(Object.entries(value));
}

function scopes(token: Token): string[] {
  return String(token['scope'] ?? '')
    .split(' ')
    .filter(Boolean);
}

function unsigned(idToken: string): string {
  const header = Buffer.from('{"alg":"none"}').toString('base64url');
  return `${header}.${idToken.split('.')[1] ?? ''}.`;
}
