/**
 * Waiting work, served in turn between tenants, and within a tenant in turn between its lanes (its conversations): a
 * flood makes only those wait longer who make it.
 */
export interface TenantQueue<T> {
  readonly size: number;
  /** Tenants that have work waiting. */
  readonly tenants: number;
  /** How much of a tenant's work waits. */
  sizeOf(tenant: string): number;
  push(from: { tenant: string; lane: string }, item: T): void;
  /** The oldest item of the lane whose turn it is, of the first tenant in turn that may be served. */
  shift(mayBeServed?: (tenant: string) => boolean): T | undefined;
}

// A Map keeps the order of insertion: who was served goes to the end by being inserted anew.
interface Lanes<T> {
  items: Map<string, T[]>;
  size: number;
}

export function createTenantQueue<T>(): TenantQueue<T> {
  const waiting = new Map<string, Lanes<T>>();
  let size = 0;
  return {
    get size() {
      return size;
    },
    get tenants() {
      return waiting.size;
    },
    sizeOf: (tenant) => waiting.get(tenant)?.size ?? 0,
    push({ tenant, lane }, item) {
      const lanes = waiting.get(tenant) ?? { items: new Map<string, T[]>(), size: 0 };
      waiting.set(tenant, lanes);
      const items = lanes.items.get(lane);
      if (items) items.push(item);
      else lanes.items.set(lane, [item]);
      lanes.size += 1;
      size += 1;
    },
    shift(mayBeServed = () => true) {
      const tenant = [...waiting.keys()].find(mayBeServed);
      const lanes = tenant === undefined ? undefined : waiting.get(tenant);
      if (tenant === undefined || !lanes) return undefined;
      const item = shiftLane(lanes);
      waiting.delete(tenant);
      if (lanes.size > 0) waiting.set(tenant, lanes);
      size -= 1;
      return item;
    },
  };
}

function shiftLane<T>(lanes: Lanes<T>): T | undefined {
  const next = lanes.items.entries().next().value;
  if (!next) return undefined;
  const [lane, items] = next;
  const item = items.shift();
  lanes.items.delete(lane);
  if (items.length > 0) lanes.items.set(lane, items);
  lanes.size -= 1;
  return item;
}
