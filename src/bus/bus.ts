/** Wake-ups and live events between processes. Never the only holder of anything: a lost message costs time, not truth. */
export interface Bus {
  /** `topic` is `conversation.<id>` (new events, new inbox rows) or `work` (something to claim). */
  publish(topic: string, body: string): void;
  /** Returns what ends the subscription. */
  subscribe(topic: string, hear: (body: string) => void): () => void;
  close(): Promise<void>;
}
