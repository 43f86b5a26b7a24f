/** Reading a foreign JSON object: every member may be missing or of another type, and then counts as absent. */
export type ForeignRecord = Readonly<Record<string, unknown>>;

export function isRecord(value: unknown): value is ForeignRecord {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Also a number or a switch that stands where other exports have a text. */
export function textAt(record: ForeignRecord | undefined, key: string): string | undefined {
  return asText(valueAt(record, key));
}

function asText(value: unknown): string | undefined {
  if (typeof value === 'string') return value;
  return typeof value === 'number' || typeof value === 'boolean' ? String(value) : undefined;
}

export function recordAt(record: ForeignRecord | undefined, key: string): ForeignRecord | undefined {
  const value = valueAt(record, key);
  return isRecord(value) ? value : undefined;
}

/** The records of a list; other elements are left out. */
export function recordsAt(record: ForeignRecord | undefined, key: string): ForeignRecord[] {
  const value = valueAt(record, key);
  return Array.isArray(value) ? value.filter(isRecord) : [];
}

/** The same, each with its place in the list. */
export function placedRecordsAt(record: ForeignRecord | undefined, key: string): [at: number, record: ForeignRecord][] {
  const value = valueAt(record, key);
  const list: unknown[] = Array.isArray(value) ? value : [];
  return list.flatMap((one, at) => (isRecord(one) ? [[at, one]] : []));
}

/** A text alone is a list of one. */
export function textsAt(record: ForeignRecord | undefined, key: string): string[] {
  const value = valueAt(record, key);
  return (Array.isArray(value) ? value : [value]).map(asText).filter((one) => one !== undefined);
}

/** A number, or a text of digits: exports spell milliseconds as texts. */
export function numberAt(record: ForeignRecord | undefined, key: string): number | undefined {
  const value = valueAt(record, key);
  const number = typeof value === 'string' && /^\d{1,15}$/.test(value) ? Number(value) : value;
  return typeof number === 'number' && Number.isFinite(number) ? number : undefined;
}

export function valueAt(record: ForeignRecord | undefined, key: string): unknown {
  return record && Object.hasOwn(record, key) ? record[key] : undefined;
}
