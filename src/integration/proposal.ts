/** An integration that was read from somewhere else, and what its author should know about it. */
import type { Integration } from '../bot/document.ts';
import type { Secret } from '../world/secret.ts';

export interface Proposal {
  /** Names the credential, and never holds its secret. */
  integration: Integration;
  credential?: CredentialProposal;
  report: Remark[];
}

/** `path`: a place in the integration. */
export interface Remark {
  path: string;
  message: string;
}

/** A credential that the integration needs. Without `secret` its author has to make it. */
export interface CredentialProposal {
  name: string;
  type: 'access_token' | 'basic';
  origins: string[];
  secret?: Secret;
  token_type?: string;
  header?: string;
  parameter?: string;
  user_name?: string;
}

const methods = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE'] as const;

export function methodNamed(text: string): Integration['method'] | undefined {
  return methods.find((method) => method === text.toUpperCase());
}

/** A name for an integration from the last word of its path. */
export function nameFrom(path: string): string {
  const words = path
    .replace(/\{[^{}]*\}/g, '')
    .split('/')
    .flatMap((part) => part.match(/[A-Za-z][A-Za-z0-9]*/g) ?? [])
    .filter((word) => !/^(?:api|v\d+|rest)$/i.test(word));
  const last = words.at(-1)?.slice(0, 60) ?? 'Integration';
  return `${last.slice(0, 1).toUpperCase()}${last.slice(1)}`;
}

/** What the integration's id and response variable may be made of. */
export const plainName = (name: string): string => name.replace(/[^A-Za-z0-9_]+/g, '_').slice(0, 100) || 'integration';
