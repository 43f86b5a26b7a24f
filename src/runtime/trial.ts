import type { BotDocument, Integration } from '../bot/document.ts';
import type { Outcome } from '../bot/outcome.ts';
import type { CallResult } from '../engine/step.ts';
import type { CallEvent } from '../integration/call.ts';
import type { Json } from '../world/json.ts';

/** A call of an integration outside of any conversation. */
export interface Trial {
  account_id: string;
  integration: Integration;
  /** Bot variables, as templates and the transform read them. */
  variables: Record<string, Json>;
  environment: Record<string, string>;
  /** The bot whose integration it is. */
  bot?: { id: string; document: BotDocument };
}

/** What a test's call came to. Secrets are masked in all that is shown. */
export interface Tried {
  result: CallResult;
  outcome: Outcome | 'needs_sign_in';
  /** Why nothing was sent. */
  detail?: string;
  request: { method: string; url: string; headers: Record<string, string>; body?: string } | null;
  answer: { status: number; content_type: string; body: string } | null;
  events: CallEvent[];
}

/** With what a conversation's variables would hold then. */
export interface TrialResult extends Tried {
  status: number | null;
  /** Custom data fields by their keys, and how many each found as `<key>.count`. */
  fields: Record<string, Json>;
  /** What the call and its transform have set. */
  variables: Record<string, Json>;
  /** What the author's code logged, and where it failed. */
  log: string[];
  ms: number;
}
