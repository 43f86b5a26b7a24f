/** `status` 0: no answer came. `retryAfter` in ms, 0 when the server named none. */
export type Refusal = { ok: false; status: number; code: string; retryAfter: number };
export type Answer<T> = { ok: true; value: T } | Refusal;
