/** Runs bot authors' JavaScript where it can do no harm. */
import type { Json } from '../world/json.ts';
import type { ScriptAsk } from './script-ask.ts';

export interface SandboxRun {
  /** Which host API the script gets; each is a bundled prelude inside the jail. */
  api: 'bot' | 'regex';
  /** Plain JSON handed in; plain JSON comes out. */
  input: Json;
  /** ms of processor time for the script itself. Default 250; the jail is killed at this plus 400 ms of wall time. */
  limit_ms?: number;
  /** Runs of different tenants never share a process at the same time, and a fresh realm is made for each run. */
  tenant: string;
  /** Whose run it is within the tenant, such as a conversation: what waits is served in turn between lanes. Default: one lane for all. */
  lane?: string;
  /** What the script's clock shows, epoch ms. Default: now. Keep it with the turn, and a replay sees the same times. */
  now?: number;
  /** Seed of the script's `Math.random`, 32 bits. Default: a random one. Keep it with the turn for replays. */
  seed?: number;
  /**
   * Answers what a bot's script has to read of the platform while it runs. The script is then run again from its start
   * with the same clock and seed. Absent: everything it asks is null.
   */
  answer?(ask: ScriptAsk): Promise<Json>;
}

export type SandboxOutcome =
  /** `notes`: what the author should be told although the run went well, such as an invalid regular expression. */
  | { ok: true; output: Json; notes?: string[] }
  /** `timeout`: it ran longer than its limit, or the same code did a moment ago and rests; the message says which. */
  | {
      ok: false;
      kind: 'thrown' | 'syntax' | 'timeout' | 'memory' | 'unavailable';
      message: string;
      line?: number;
      column?: number;
    };

export interface Sandbox {
  run(run: SandboxRun): Promise<SandboxOutcome>;
  /** `unavailable`: the jail cannot be made here; bot code is refused and `/readyz` says so. */
  health(): {
    state: 'ready' | 'starting' | 'unavailable';
    level: string;
    reason?: string;
    /** Jails that hold and take work. */
    jails?: number;
  };
  close(): Promise<void>;
}
