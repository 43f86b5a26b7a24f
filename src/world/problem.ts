/** The closed list of problem codes of the HTTP contract, with the status each is answered with. `docs/problems.md` lists the same. */
export const problemStatus = {
  invalid_body: 400,
  unauthorized: 401,
  forbidden: 403,
  not_found: 404,
  method_not_allowed: 405,
  conflict: 409,
  conversation_closed: 409,
  message_id_reused: 409,
  precondition_failed: 412,
  body_too_large: 413,
  unsupported_media_type: 415,
  misdirected_request: 421,
  invalid_document: 422,
  identity_provider_ambiguous: 422,
  rate_limited: 429,
  internal: 500,
  unavailable: 503,
} as const;

export type ProblemCode = keyof typeof problemStatus;

/** One invalid place in a request or document: a JSON pointer and what to do about it. */
export interface InvalidPlace {
  pointer: string;
  detail: string;
}

/** A fault that becomes an RFC 9457 problem document. Thrown anywhere, answered once, in `http/`. */
export class Problem extends Error {
  readonly code: ProblemCode;
  readonly errors: readonly InvalidPlace[];

  constructor(code: ProblemCode, detail: string, errors: readonly InvalidPlace[] = []) {
    super(detail);
    this.name = 'Problem';
    this.code = code;
    this.errors = errors;
  }

  get status(): number {
    return problemStatus[this.code];
  }
}
