/** What the server and a jail say to each other: one JSON text a line. Types only, so the jail reads no file for it. */
import type { DoorReport } from './self-test.ts';

export interface BotRequest {
  api: 'bot';
  limit_ms: number;
  /** What the script's clock shows, epoch ms. */
  now: number;
  seed: number;
  input: {
    code: string;
    globals: string;
    hook: string;
    scope: Record<string, unknown>;
    /** What the script asked before, by the JSON of the ask: the answer's JSON. */
    known: Record<string, string>;
  };
}

export interface RegexRequest {
  api: 'regex';
  limit_ms: number;
  now: number;
  seed: number;
  input: { text: string; regexes: { source: string; flags: string }[]; find: boolean };
}

export type JailRequest = BotRequest | RegexRequest;

export type JailReply =
  /** `output` is JSON text, not yet parsed: whoever reads it checks its size and depth first. */
  { ok: true; output: string } | { ok: false; kind: 'timeout' | 'memory'; message: string };

/** The first line of a jail, before it takes any work. */
export interface JailReport {
  doors: DoorReport;
}
