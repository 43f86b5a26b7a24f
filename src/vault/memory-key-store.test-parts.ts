import type { DataKeyRecord, KeyStore } from './key-store.ts';

/** A key store in memory, with the rules of the stored one: one active key per account, versions unique. */
export function createMemoryKeyStore(): KeyStore & { rows: Map<string, DataKeyRecord> } {
  const rows = new Map<string, DataKeyRecord>();
  const ofAccount = (account_id: string) => [...rows.values()].filter((row) => row.account_id === account_id);
  return {
    rows,
    find: async (id) => rows.get(id),
    active: async (account_id) => ofAccount(account_id).sort((a, b) => b.version - a.version)[0],
    all: async () => [...rows.values()],
    rootKeyIds: async () => [...new Set([...rows.values()].map((row) => row.root_key_id))],
    async add(key) {
      if (ofAccount(key.account_id).some(({ version }) => version === key.version)) return false;
      rows.set(key.id, key);
      return true;
    },
    async rewrap(key, to) {
      if (rows.get(key.id)?.wrapped !== key.wrapped) return false;
      rows.set(key.id, { ...key, ...to });
      return true;
    },
  };
}
