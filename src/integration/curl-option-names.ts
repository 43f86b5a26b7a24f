/**
 * The names of curl's options, as `curl --help all` of version 8 and its predecessors have them. Which of them take a
 * value has to be known of all: else a value would be read as the URL, and a secret be bound to its host.
 */

const named = (text: string): string[] => (text.match(/\S+/g) ?? []).map((name) => `--${name}`);

/** With a value that has no place in an integration. */
export const valued: ReadonlySet<string> = new Set(
  named(`
    abstract-unix-socket alt-svc cacert capath cert cert-type ciphers config connect-timeout
    connect-to continue-at cookie-jar create-file-mode crlfile curves delegation dns-interface dns-ipv4-addr
    dns-ipv6-addr dns-servers doh-url dump-header ech egd-file engine etag-compare etag-save expect100-timeout
    form form-string ftp-account ftp-alternative-to-user ftp-method ftp-port ftp-ssl-ccc-mode
    happy-eyeballs-timeout-ms haproxy-clientip hostpubmd5 hostpubsha256 hsts interface ip-tos ipfs-gateway
    keepalive-cnt keepalive-time key key-type knownhosts krb libcurl limit-rate local-port login-options
    mail-auth mail-from mail-rcpt max-filesize max-redirs netrc-file noproxy output output-dir parallel-max
    parallel-max-host pass pinnedpubkey preproxy proto proto-default proto-redir proxy proxy-cacert
    proxy-capath proxy-cert proxy-cert-type proxy-ciphers proxy-crlfile proxy-header proxy-key proxy-key-type
    proxy-pass proxy-pinnedpubkey proxy-service-name proxy-tls13-ciphers proxy-tlsauthtype proxy-tlspassword
    proxy-tlsuser proxy-user proxy1.0 pubkey quote random-file range rate request-target resolve retry-delay
    retry-max-time sasl-authzid service-name sigalgs signature-algorithms socks4 socks4a socks5
    socks5-gssapi-service socks5-hostname speed-limit speed-time stderr telnet-option tftp-blksize time-cond
    tls-max tls13-ciphers tlsauthtype tlspassword tlsuser trace trace-ascii trace-config unix-socket
    upload-file upload-flags variable vlan-priority write-out
  `),
);

/** Without a value, and nothing is to be said of them. */
export const silent: ReadonlySet<string> = new Set(
  named(`
    alpn buffer clobber compressed disable fail fail-early fail-with-body globoff http0.9 http1.0 http1.1
    http2 http2-prior-knowledge http3 http3-only include ipv4 ipv6 keepalive no-alpn no-buffer no-clobber no-keepalive
    no-progress-meter no-sessionid out-null path-as-is progress-bar progress-meter remote-header-name
    remote-name remote-name-all remote-time remove-on-error sessionid show-error show-headers silent
    skip-existing styled-output tcp-fastopen tcp-nodelay tls-earlydata tlsv1 tlsv1.0 tlsv1.1 tlsv1.2 tlsv1.3
    trace-ids trace-time verbose
  `),
);

/** Without a value, and with no place in an integration. */
export const valueless: ReadonlySet<string> = new Set(
  named(`
    anyauth append basic ca-native cert-status compressed-ssh create-dirs crlf disable-eprt
    disable-epsv disallow-username-in-url doh-cert-status doh-insecure dump-ca-embed eprt epsv false-start
    follow form-escape ftp-create-dirs ftp-pasv ftp-pret ftp-skip-pasv-ip ftp-ssl ftp-ssl-ccc ftp-ssl-control
    ftp-ssl-reqd haproxy-protocol ignore-content-length junk-session-cookies list-only mail-rcpt-allowfails
    manual metalink mptcp netrc netrc-optional npn parallel parallel-immediate post301
    post302 post303 proxy-anyauth proxy-basic proxy-ca-native proxy-digest proxy-http2 proxy-insecure
    proxy-negotiate proxy-ntlm proxy-ssl-allow-beast proxy-ssl-auto-client-cert proxy-tlsv1 proxytunnel raw
    retry-all-errors retry-connrefused sasl-ir socks5-basic socks5-gssapi socks5-gssapi-nec ssl
    ssl-allow-beast ssl-auto-client-cert ssl-no-revoke ssl-reqd ssl-revoke-best-effort sslv2 sslv3
    suppress-connect-headers tftp-no-options tr-encoding use-ascii version xattr
  `),
);

/** What the letters stand for. */
export const letterNames: Record<string, string> = {
  X: '--request',
  H: '--header',
  d: '--data',
  u: '--user',
  A: '--user-agent',
  e: '--referer',
  b: '--cookie',
  m: '--max-time',
  G: '--get',
  I: '--head',
  L: '--location',
  k: '--insecure',
  s: '--silent',
  S: '--show-error',
  v: '--verbose',
  i: '--include',
  f: '--fail',
  N: '--no-buffer',
  g: '--globoff',
  '#': '--progress-bar',
  4: '--ipv4',
  6: '--ipv6',
  O: '--remote-name',
  F: '--form',
  T: '--upload-file',
  x: '--proxy',
  U: '--proxy-user',
  E: '--cert',
  o: '--output',
  w: '--write-out',
  c: '--cookie-jar',
  K: '--config',
  r: '--range',
  D: '--dump-header',
  a: '--append',
  B: '--use-ascii',
  C: '--continue-at',
  j: '--junk-session-cookies',
  J: '--remote-header-name',
  l: '--list-only',
  M: '--manual',
  n: '--netrc',
  p: '--proxytunnel',
  P: '--ftp-port',
  q: '--disable',
  Q: '--quote',
  R: '--remote-time',
  t: '--telnet-option',
  V: '--version',
  y: '--speed-time',
  Y: '--speed-limit',
  z: '--time-cond',
  Z: '--parallel',
  0: '--http1.0',
  1: '--tlsv1',
  2: '--sslv2',
  3: '--sslv3',
};
