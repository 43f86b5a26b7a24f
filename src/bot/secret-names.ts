/** What headers, parameters and members are called that hold a secret. */

const secret =
  /(?:^|-)(?:authorization|api-?key|app-?key|auth-?key|auth|subscription-?key|private-?key|functions?-?key|secret|password|passwd|pwd|code-verifier)$/;
const token = /(?:^|-)(?:token|jwt|signature|sig|session-?id)$/;
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

/** Many characters of a token in a row, letters and digits among them. */
export const looksRandom = (value: string): boolean =>
  value.split(/[^A-Za-z0-9_~.+/-]+/).some((run) => run.length >= 16 && /\d/.test(run) && /[A-Za-z]/.test(run));
