import type { Errand } from '../../src/main/assemble.ts';
import { onReply } from './commit-hook.ts';

export interface TurnsRun {
  /** Turns per second. */
  rate: number;
  turns: number;
}

/** Turns without HTTP: each of `inFlight` loops says something and waits until the reply is committed. */
export async function runTurns(
  errand: Errand,
  run: { ids: string[]; bot_id: string; inFlight: number; ms: number },
): Promise<TurnsRun> {
  const places = run.ids.map((id) => ({
    session: { conversation_id: id, account_id: '', bot_id: run.bot_id, ended: false },
    wake() {},
  }));
  const stops = places.map((place) => onReply(errand.bus, place.session.conversation_id, () => place.wake()));
  const started = performance.now();
  const until = started + run.ms;
  let turns = 0;
  async function loop(first: number): Promise<void> {
    for (let at = first; performance.now() < until; at = (at + run.inFlight) % places.length) {
      const place = places[at];
      if (!place) return;
      const replied = new Promise<void>((resolve) => {
        place.wake = resolve;
      });
      turns += 1;
      await errand.runtime.accept(place.session, { id: `m${performance.now()}.${turns}`, text: 'hello there' });
      await replied;
    }
  }
  await Promise.all(Array.from({ length: run.inFlight }, (_, i) => loop(i)));
  const seconds = (performance.now() - started) / 1_000;
  for (const stop of stops) stop();
  return { rate: turns / seconds, turns };
}

/** One conversation, one turn after the other; ms of each. */
export async function turnTimes(errand: Errand, run: { id: string; turns: number }): Promise<number[]> {
  const session = { conversation_id: run.id, account_id: '', bot_id: '', ended: false };
  const times: number[] = [];
  for (let turn = 0; turn < run.turns; turn += 1) {
    const from = performance.now();
    const replied = new Promise<void>((resolve) => {
      const stop = onReply(errand.bus, run.id, () => {
        stop();
        resolve();
      });
    });
    await errand.runtime.accept(session, { id: `t${from}`, text: 'hello there' });
    await replied;
    times.push(performance.now() - from);
  }
  return times;
}
