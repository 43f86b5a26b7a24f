import type { Secret } from '../world/secret.ts';

/** Requests per minute, by the group of routes. Counted in each process. */
export interface RateLimits {
  /** New conversations, by address. */
  conversations: number;
  /** Messages, by conversation. */
  messages: number;
  /** Files, by conversation. */
  files: number;
  /** Other Consumer API requests, by conversation. */
  consumer: number;
  /** Account API, by address. */
  account: number;
  /** Tests of integrations, by account: each one calls somebody else's server. */
  trials: number;
}

export const defaultRateLimits: RateLimits = {
  conversations: 3_000,
  messages: 600,
  files: 60,
  consumer: 3_000,
  account: 6_000,
  trials: 60,
};

/** What the HTTP room takes of the configuration. The URLs are read at each request: with port 0 they are known late. */
export interface HttpConfig {
  /** How browsers reach the consumer's pages and the Consumer API, such as `https://chat.example`. */
  readonly publicUrl: string;
  /** Where the Studio lives: another host. */
  readonly studioUrl: string;
  /** The key for the whole instance; without one, accounts are made on the command line. */
  readonly adminKey?: Secret | undefined;
  /** Addresses of proxies whose forwarding headers count. */
  readonly trustProxy: readonly string[];
  readonly rateLimits?: Partial<RateLimits> | undefined;
}

/** Loopback by name or address: where http is allowed and both of its names serve everything. */
export function isLoopback(url: string): boolean {
  const { hostname } = new URL(url);
  return (
    hostname === 'localhost' ||
    hostname.endsWith('.localhost') ||
    hostname === '[::1]' ||
    /^127(\.\d{1,3}){3}$/.test(hostname)
  );
}
