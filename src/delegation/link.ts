/** `<public url>/sign-in/<link>`: derived from the attempt and a key, never stored, worth nothing without a proven browser. */
import { sameHash } from './code.ts';
import type { Parts } from './parts.ts';

type Needs = Pick<Parts, 'vault' | 'publicUrl'>;

export function linkFor(parts: Needs, attemptId: string): string {
  return `${parts.publicUrl}/sign-in/${pathOf(parts, attemptId)}`;
}

/** The attempt of a link; undefined for anything that this server did not make. */
export function attemptIdOf(parts: Needs, link: string): string | undefined {
  if (!/^[0-9a-z]{25}[A-Za-z0-9_-]{22}$/.test(link)) return undefined;
  const attemptId = `att_${link.slice(0, 25)}`;
  return sameHash(pathOf(parts, attemptId), link) ? attemptId : undefined;
}

function pathOf(parts: Needs, attemptId: string): string {
  return `${attemptId.slice('att_'.length)}${parts.vault.mac('link', attemptId).slice(0, 22)}`;
}
