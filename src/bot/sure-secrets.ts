/** Texts that are nothing but secrets, wherever they stand: tokens after their scheme, private keys, keys of well-known makers. */

/** A group `before` is no part of the secret. */
const patterns: readonly RegExp[] = [
  // At least 16 characters of the token alphabet after the scheme, one of them a digit: no expression, no sentence.
  /(?<before>\b(?:bearer|basic)\s+)(?=\S*\d)[A-Za-z0-9._~+/-]{16,}=*/i,
  // To its end, or to the end of the text where that was cut off.
  /-----BEGIN [A-Z ]{0,20}PRIVATE KEY-----(?:[\s\S]*?-----END [A-Z ]{0,20}PRIVATE KEY-----|[\s\S]*)/,
  /\b(?:AKIA|ASIA)[A-Z0-9]{16}\b/,
  /\b(?:gh[pousr]_[A-Za-z0-9]{30,}|xox[abprs]-[A-Za-z0-9-]{20,}|sk[_-](?:live[_-]|proj-)?[A-Za-z0-9]{24,})/,
];
const everywhere = patterns.map((pattern) => new RegExp(pattern, `${pattern.flags}g`));

export const isSurelySecret = (text: string): boolean =>
  patterns.some((secret) => secret.test(text)) || webTokenRuns(text).some(holdsWebToken);

/** The text with another in place of each of its secrets. */
export function withoutSureSecrets(text: string, replaced: (secret: string) => string): string {
  const withoutKeys = everywhere.reduce(
    (left, pattern) =>
      left.replace(pattern, (secret: string, ...more: unknown[]) => {
        const before = beforeIn(more.at(-1));
        return `${before}${replaced(secret.slice(before.length))}`;
      }),
    text,
  );
  return withoutKeys.replace(webTokenRun, (run) => (holdsWebToken(run) ? replaced(run) : run));
}

/** Of a match's groups, which are its last argument where the pattern has any. */
function beforeIn(groups: unknown): string {
  if (typeof groups !== 'object' || groups === null || !('before' in groups)) return '';
  return typeof groups.before === 'string' ? groups.before : '';
}

const webTokenRun = /[A-Za-z0-9_.-]{24,}/g;
const webTokenRuns = (text: string): string[] => text.match(webTokenRun) ?? [];

/** Taken apart, as one pattern would read each of many beginnings to the end. */
function holdsWebToken(run: string): boolean {
  const parts = run.split('.');
  return parts.some(
    (part, at) => at + 2 < parts.length && /\beyJ.{8}/.test(part) && /^eyJ.{8}/.test(parts[at + 1] ?? ''),
  );
}
