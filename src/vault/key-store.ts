/** A data key as stored: never in clear, always wrapped by a root key. */
export interface DataKeyRecord {
  id: string;
  /** Whose secrets it seals; `''` for the instance's own key, from which the keyed hashes come. */
  account_id: string;
  /** 1, 2, 3, … within the account. */
  version: number;
  root_key_id: string;
  wrapped: string;
  created_at: number;
}

/** Where the vault keeps its data keys. `store` implements it; both are joined in `main`. */
export interface KeyStore {
  find(id: string): Promise<DataKeyRecord | undefined>;
  /** The key that seals new secrets of the account. */
  active(account_id: string): Promise<DataKeyRecord | undefined>;
  /** All of them, old ones included. */
  all(): Promise<DataKeyRecord[]>;
  /** Ids of the root keys that some data key is wrapped by. */
  rootKeyIds(): Promise<string[]>;
  /** Stores `key` as the account's active one and the former as open-only. False when that version is there already. */
  add(key: DataKeyRecord): Promise<boolean>;
  /** Replaces the wrapping, if it still is the one that was read. */
  rewrap(key: DataKeyRecord, to: Pick<DataKeyRecord, 'root_key_id' | 'wrapped'>): Promise<boolean>;
}
