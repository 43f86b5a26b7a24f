import type { TurnsRun } from '../errand/in-process.ts';
import { medians, perSecond } from '../figures.ts';
import type { Measurement, Row } from '../measurement.ts';
import { installPeers } from '../peers.ts';
import { startProgram } from '../process.ts';
import { interleave } from '../rounds.ts';
import { ratio } from '../statistics.ts';
import { openConversations, startErrand } from './errand.ts';

const inFlight = 32;
const what = 'dialog turn in process, SQLite FULL, 32 in flight';
const peers = [
  { storage: 'memory', against: 'botbuilder, in memory', least: 1 },
  { storage: 'sqlite', against: 'botbuilder, SQLite FULL', least: 3 },
] as const;

export const dialogTurn: Measurement = {
  name: 'dialog-turn',
  async run({ quick }) {
    if (!installPeers()) return [];
    const { server } = await startErrand();
    const peer = await startProgram('botbuilder.mjs');
    const ids = (await openConversations(server, 'text', 1_000)).map(({ id }) => id);
    const length = quick ? 1_000 : 2_000;
    const rows: Row[] = [];
    for (const { storage, against, least } of peers) {
      const rounds = await interleave(quick ? 3 : 5, {
        ours: async () => (await server.ask<TurnsRun>({ do: 'turns', ids, bot: 'text', inFlight, ms: length })).rate,
        limit: async () => (await peer.ask<TurnsRun>({ storage, inFlight, ms: length })).rate,
      });
      const target = { at: 'least', figure: least } as const;
      rows.push({ what, against, ...medians(rounds, perSecond), figure: ratio(rounds), unit: '×', target });
    }
    await Promise.all([server.end(), peer.end()]);
    return rows;
  },
};
