/**
 * What a script reads of the platform while it runs. The jail has no door to ask through: a read whose answer is not at
 * hand ends the run, the answer is fetched outside, and the script runs again from its start.
 */
import type { SandboxOutcome, SandboxRun } from './sandbox.ts';
import type { ScriptAsk } from './script-ask.ts';

/** Answers by the JSON of the ask, as JSON texts. */
export type Known = Record<string, string>;

const mostAsks = 12;
/** UTF-16 units of all answers together. */
const longestAnswers = 2_000_000;

/** Runs a script until it asks nothing more. */
export async function answering(
  run: SandboxRun,
  once: (known: Known) => Promise<SandboxOutcome>,
): Promise<SandboxOutcome> {
  const known: Known = {};
  let size = 0;
  for (let count = 0; ; count += 1) {
    const outcome = await once(known);
    const ask = askIn(outcome);
    if (!ask) return outcome;
    const key = JSON.stringify([ask.ask, ...ask.args]);
    if (Object.hasOwn(known, key)) return failed('thrown', 'the script tampered with its own results');
    if (count === mostAsks) return failed('thrown', `the script reads more than ${mostAsks} things of the platform`);
    const answer = JSON.stringify((await run.answer?.(ask)) ?? null);
    size += answer.length;
    if (size > longestAnswers)
      return failed('memory', `the script reads more than ${longestAnswers} characters of the platform`);
    known[key] = answer;
  }
}

function askIn(outcome: SandboxOutcome): ScriptAsk | undefined {
  if (!outcome.ok || typeof outcome.output !== 'object' || outcome.output === null) return undefined;
  if (Array.isArray(outcome.output) || !Array.isArray(outcome.output.asks)) return undefined;
  // The output's shape was checked on its way out of the jail.
  return outcome.output.asks[0] as ScriptAsk | undefined;
}

function failed(kind: 'thrown' | 'memory', message: string): SandboxOutcome {
  return { ok: false, kind, message };
}
