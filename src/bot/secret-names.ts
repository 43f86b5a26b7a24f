/** What headers, parameters and members are called that hold a secret. */

const secret =
  /(?:^|-)(?:authorization|api-?key|app-?key|auth-?key|subscription-?key|private-?key|functions?-?key|secret|password|passwd|pwd|code-verifier)$/;
const token = /(?:^|-)(?:auth|token|jwt|signature|sig|session-?id)$/;
const anything = /^key$|(?:^|-)(?:app-?id|cookie)$/;

/** `accessToken`, `access_token` and `Access-Token` are one name. */
const plain = (name: string): string =>
  name
    .slice(-100)
    .replace(/(?<=[a-z0-9])(?=[A-Z])/g, '-')
    .replace(/[_.\s]/g, '-')
    .toLowerCase();

/** Whatever stands behind the name is a secret. */
export const namesSecret = (name: string): boolean => secret.test(plain(name));
/** A token, or something short that only steers. */
export const namesToken = (name: string): boolean => token.test(plain(name));
/** The name says little: it is a secret where it looks like one. */
export const mayNameSecret = (name: string): boolean => anything.test(plain(name));

/** Many characters of a token in a row, letters and digits in turn: `summer-campaign-2024` are words and a year. */
export const looksRandom = (value: string): boolean =>
  value.split(/[^A-Za-z0-9_~+/-]+/).some((run) => run.length >= 16 && turnsIn(run) >= 3);

function turnsIn(run: string): number {
  return (run.replace(/[^A-Za-z0-9]/g, '').match(/[A-Za-z](?=\d)|\d(?=[A-Za-z])/g) ?? []).length;
}

/** A setting, whatever its name says. */
export const isWord = (value: string): boolean =>
  /^\s*(?:true|false|yes|no|on|off|none|null|default|basic|bearer|reset|optional|required|[01])\s*$/i.test(value);
