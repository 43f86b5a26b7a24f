/** `Retry-After` (RFC 9110 10.2.3) as milliseconds from `now`, or undefined when it is missing or no sense can be made of it. */
export function retryAfter(value: string | undefined, now: number): number | undefined {
  if (value === undefined || value.length > 100) return undefined;
  if (/^\s*\d{1,9}\s*$/.test(value)) return Number(value) * 1_000;
  // Date.parse reads far more than an HTTP date, such as `-5`; every HTTP date starts with a day's name.
  if (!/^\s*(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun)/.test(value)) return undefined;
  const at = Date.parse(value);
  return Number.isNaN(at) ? undefined : Math.max(0, at - now);
}
