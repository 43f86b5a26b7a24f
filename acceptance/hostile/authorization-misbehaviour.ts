/** Ways an authorization response or the metadata can lie. An edit changes where the browser is sent back, or what discovery says. */

/** On the redirect that carries `code` or `error` back to the client. */
export const responseEdits = {
  iss_missing: (url: URL) => url.searchParams.delete('iss'),
  iss_wrong: (url: URL) => url.searchParams.set('iss', 'https://other.example'),
  state_missing: (url: URL) => url.searchParams.delete('state'),
  state_wrong: (url: URL) => url.searchParams.set('state', 'wrong'),
  state_twice: (url: URL) => url.searchParams.append('state', 'second'),
  code_missing: (url: URL) => url.searchParams.delete('code'),
  code_wrong: (url: URL) => url.searchParams.set('code', 'wrong'),
  code_and_error: (url: URL) => url.searchParams.set('error', 'access_denied'),
  temporarily_unavailable: (url: URL) => toError(url, 'temporarily_unavailable'),
  server_error: (url: URL) => toError(url, 'server_error'),
  login_required: (url: URL) => toError(url, 'login_required'),
  error_unknown: (url: URL) => toError(url, 'computer_says_no'),
  error_with_markup: (url: URL) => toError(url, '<script>alert(1)</script>'),
} satisfies Record<string, (url: URL) => void>;

type Metadata = Record<string, unknown>;

export const metadataEdits = {
  metadata_issuer_wrong: (metadata: Metadata) => ({ ...metadata, issuer: 'https://other.example' }),
  metadata_without_token_endpoint: (metadata: Metadata) => omit(metadata, 'token_endpoint'),
  /** Points the token endpoint into the machine's own network. */
  metadata_token_endpoint_inside: (metadata: Metadata) => ({
    ...metadata,
    token_endpoint: 'http://169.254.169.254/token',
  }),
  metadata_malformed: (_metadata: Metadata) => 'not metadata',
} satisfies Record<string, (metadata: Metadata) => unknown>;

function omit(metadata: Metadata, name: string): Metadata {
  return Object.fromEntries(Object.entries(metadata).filter(([member]) => member !== name));
}

function toError(url: URL, error: string): void {
  url.searchParams.delete('code');
  url.searchParams.set('error', error);
}
