import { isLoopback } from './http/http-config.ts';
import { mask, Secret } from './world/secret.ts';

export const logLevels = ['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'] as const;
export type LogLevel = (typeof logLevels)[number];

/** Every setting of the server, parsed once at start. Times and sizes that nobody needs to set are not here. */
export interface Config {
  /** 0 takes any free port. */
  port: number;
  host: string;
  /** An origin; undefined: `http://localhost:<port>`, known once the server listens (`addresses`). */
  publicUrl?: string | undefined;
  /** An origin; undefined: `http://127.0.0.1:<port>`. */
  studioUrl?: string | undefined;
  dataDir: string;
  /** `postgres://…`; undefined: the embedded database in `dataDir`. May carry a password. */
  databaseUrl?: Secret | undefined;
  natsUrl?: Secret | undefined;
  /** Base64 of 32 bytes; undefined: a generated file in `dataDir`. */
  masterKey?: Secret | undefined;
  adminKey?: Secret | undefined;
  /** `host:port` places that may be private or loopback. */
  egressAllow: string[];
  /** Addresses or networks of proxies whose forwarding headers count. */
  trustProxy: string[];
  demoBrandPort: number;
  logLevel: LogLevel;
  /** The public URL is not loopback: https and a real master key are required. */
  production: boolean;
  /** Names that begin with `ERRAND_` and that nobody reads: most likely typing errors. */
  unknown: string[];
}

/** One wrong setting: what is wrong, and what to do about it. */
export interface ConfigProblem {
  variable: string;
  detail: string;
}

/** All wrong settings at once, so that they are mended in one go. Never repeats a value that may be secret. */
export class ConfigError extends Error {
  readonly problems: readonly ConfigProblem[];

  constructor(problems: readonly ConfigProblem[]) {
    super(problems.map(({ variable, detail }) => `${variable}: ${detail}`).join('\n'));
    this.name = 'ConfigError';
    this.problems = problems;
  }
}

type Environment = Record<string, string | undefined>;
type Complain = (detail: string) => undefined;

/** Reads the contract's variables; an empty one counts as absent. Throws `ConfigError`. */
export function readConfig(environment: Environment): Config {
  const problems: ConfigProblem[] = [];
  const asked = new Set<string>();

  /** The variable's value through its parser; a parser complains and gives undefined, or gives the value. */
  function read<T>(variable: string, parse: (text: string, complain: Complain) => T | undefined): T | undefined {
    asked.add(variable);
    const text = environment[variable]?.trim();
    if (!text) return undefined;
    return parse(text, (detail) => {
      problems.push({ variable, detail });
      return undefined;
    });
  }

  const publicUrl = read('ERRAND_PUBLIC_URL', origin);
  const config: Config = {
    port: read('ERRAND_PORT', port) ?? 4300,
    host: read('ERRAND_HOST', (text) => text) ?? '127.0.0.1',
    publicUrl,
    studioUrl: read('ERRAND_STUDIO_URL', origin),
    dataDir: read('ERRAND_DATA_DIR', (text) => text) ?? 'data',
    databaseUrl: read('ERRAND_DATABASE_URL', secretUrl(['postgres:', 'postgresql:'])),
    natsUrl: read('ERRAND_NATS_URL', secretUrl(['nats:', 'tls:', 'ws:', 'wss:'])),
    masterKey: read('ERRAND_MASTER_KEY', rootKey),
    adminKey: read('ERRAND_ADMIN_KEY', (text) => new Secret(text)),
    egressAllow: read('ERRAND_EGRESS_ALLOW', list(place)) ?? [],
    trustProxy: read('ERRAND_TRUST_PROXY', proxies) ?? [],
    demoBrandPort: read('ERRAND_DEMO_BRAND_PORT', port) ?? 4400,
    logLevel: read('ERRAND_LOG_LEVEL', logLevel) ?? 'info',
    production: publicUrl !== undefined && !isLoopback(publicUrl),
    unknown: [],
  };
  config.unknown = Object.keys(environment).filter((name) => name.startsWith('ERRAND_') && !isRead(name, asked));
  problems.push(...productionProblems(config, problems));
  if (problems.length > 0) throw new ConfigError(problems);
  return config;
}

/** Where browsers reach a server that listens on this port. */
export function addresses(config: Config, listeningPort: number): { publicUrl: string; studioUrl: string } {
  return {
    publicUrl: config.publicUrl ?? `http://localhost:${listeningPort}`,
    studioUrl: config.studioUrl ?? `http://127.0.0.1:${listeningPort}`,
  };
}

/** The settings for people to see: one `NAME value` line each, secrets as `•••`. */
export function printConfig(config: Config): string {
  const lines: [string, unknown][] = [
    ['ERRAND_PORT', config.port],
    ['ERRAND_HOST', config.host],
    ['ERRAND_PUBLIC_URL', config.publicUrl ?? '(by port)'],
    ['ERRAND_STUDIO_URL', config.studioUrl ?? '(by port)'],
    ['ERRAND_DATA_DIR', config.dataDir],
    ['ERRAND_DATABASE_URL', withoutPassword(config.databaseUrl) ?? '(embedded)'],
    ['ERRAND_NATS_URL', withoutPassword(config.natsUrl) ?? '(none)'],
    ['ERRAND_MASTER_KEY', config.masterKey ?? '(generated file)'],
    ['ERRAND_ADMIN_KEY', config.adminKey ?? '(none)'],
    ['ERRAND_EGRESS_ALLOW', config.egressAllow.join(',') || '(nothing private)'],
    ['ERRAND_TRUST_PROXY', config.trustProxy.join(',') || 'off'],
    ['ERRAND_DEMO_BRAND_PORT', config.demoBrandPort],
    ['ERRAND_LOG_LEVEL', config.logLevel],
  ];
  for (const name of config.unknown) lines.push([name, '(unknown: read by nobody)']);
  return lines.map(([name, value]) => `${name} ${String(value)}`).join('\n');
}

/** Tests and drills have settings of their own. */
function isRead(name: string, asked: ReadonlySet<string>): boolean {
  return asked.has(name) || /^ERRAND_(TEST|DRILL|FAILPOINT)/.test(name);
}

const shortestAdminKey = 24;

/** Rules over several settings; a setting that is wrong already is not blamed twice. */
function productionProblems(config: Config, known: readonly ConfigProblem[]): ConfigProblem[] {
  const isBlamed = (variable: string) => known.some((problem) => problem.variable === variable);
  const rules: [broken: boolean, variable: string, detail: string][] = [
    [
      config.production && !config.publicUrl?.startsWith('https:'),
      'ERRAND_PUBLIC_URL',
      'an address that is not loopback must be https, because sign-ins pass through it. Put a TLS proxy in front and write https://…',
    ],
    [
      config.production && config.studioUrl !== undefined && !isSafeOrigin(config.studioUrl),
      'ERRAND_STUDIO_URL',
      'an address that is not loopback must be https.',
    ],
    [
      config.studioUrl !== undefined && hostOf(config.studioUrl) === hostOf(config.publicUrl),
      'ERRAND_STUDIO_URL',
      "must be another host than ERRAND_PUBLIC_URL: the Studio and the consumers' pages must not share cookies.",
    ],
    [
      config.masterKey === undefined && config.production,
      'ERRAND_MASTER_KEY',
      `is required when ERRAND_PUBLIC_URL is not loopback. ${howToMakeAKey}`,
    ],
    [
      config.masterKey === undefined && !config.production && config.databaseUrl !== undefined,
      'ERRAND_MASTER_KEY',
      `is required with ERRAND_DATABASE_URL, because every process needs the same. ${howToMakeAKey}`,
    ],
    [
      config.production && (config.adminKey?.reveal().length ?? shortestAdminKey) < shortestAdminKey,
      'ERRAND_ADMIN_KEY',
      `must have at least ${shortestAdminKey} characters in production. Make one: openssl rand -base64 32`,
    ],
  ];
  return rules
    .filter(([broken, variable]) => broken && !isBlamed(variable))
    .map(([, variable, detail]) => ({ variable, detail }));
}

const howToMakeAKey = 'Make one and keep it safe: openssl rand -base64 32';

function port(text: string, complain: Complain): number | undefined {
  const value = /^\d{1,5}$/.test(text) ? Number(text) : -1;
  return value >= 0 && value <= 65_535 ? value : complain('must be a port, 0 to 65535.');
}

/** Only an origin: Errand lives at the root of its host. */
function origin(text: string, complain: Complain): string | undefined {
  const url = URL.parse(text);
  if (!url || (url.protocol !== 'https:' && url.protocol !== 'http:'))
    return complain('must be a URL, such as https://chat.example.');
  if (url.username || url.password || url.pathname !== '/' || url.search || url.hash)
    return complain(`must be only scheme, host and port: ${url.origin}`);
  return url.origin;
}

function secretUrl(protocols: string[]): (text: string, complain: Complain) => Secret | undefined {
  return (text, complain) =>
    protocols.includes(URL.parse(text)?.protocol ?? '')
      ? new Secret(text)
      : complain(`must be a URL that starts with ${protocols[0]}//`);
}

/** A key that anybody could have typed or copied from a sample protects nothing. */
function rootKey(text: string, complain: Complain): Secret | undefined {
  const bytes = Buffer.from(text, 'base64');
  const isBase64 = /^[A-Za-z0-9+/_-]+={0,2}$/.test(text);
  if (!isBase64 || bytes.length !== 32) return complain(`must be base64 of exactly 32 bytes. ${howToMakeAKey}`);
  if (new Set(bytes).size < 16) return complain(`is not random. ${howToMakeAKey}`);
  return new Secret(text);
}

function list(parse: (entry: string, complain: Complain) => string | undefined) {
  return (text: string, complain: Complain): string[] =>
    text
      .split(',')
      .map((entry) => entry.trim())
      .filter((entry) => entry !== '')
      .map((entry) => parse(entry, complain) ?? '');
}

function place(entry: string, complain: Complain): string | undefined {
  const url = URL.parse(`http://${entry}/`);
  const isPlace = url?.pathname === '/' && /:\d{1,5}$/.test(entry) && !/[@/?#\s*\\]/.test(entry);
  return isPlace ? entry : complain(`is a comma-separated list of host:port, such as 127.0.0.1:4400. Not: ${entry}`);
}

function proxies(text: string, complain: Complain): string[] {
  return text === 'off' ? [] : list(proxy)(text, complain);
}

function proxy(entry: string, complain: Complain): string | undefined {
  const isAddress = /^(loopback|linklocal|uniquelocal|[\da-f.:]*[.:][\da-f.:]*(\/\d{1,3})?)$/i.test(entry);
  return isAddress ? entry : complain(`is off, or a comma-separated list of addresses or networks. Not: ${entry}`);
}

function logLevel(text: string, complain: Complain): LogLevel | undefined {
  return logLevels.find((level) => level === text) ?? complain(`must be one of ${logLevels.join(', ')}.`);
}

function isSafeOrigin(url: string): boolean {
  return url.startsWith('https:') || isLoopback(url);
}

function hostOf(url: string | undefined): string | undefined {
  return url === undefined ? undefined : new URL(url).host;
}

/** The address helps whoever reads the log; user and password help only the wrong ones. */
export function withoutPassword(secret: Secret | undefined): string | undefined {
  if (!secret) return undefined;
  const url = new URL(secret.reveal());
  const user = url.username || url.password ? `${mask}@` : '';
  return `${url.protocol}//${user}${url.host}${url.pathname}`;
}
