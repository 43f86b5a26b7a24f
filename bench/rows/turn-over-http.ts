import type { BotName } from '../errand/bots.ts';
import { medians, ms, perSecond } from '../figures.ts';
import type { BenchOptions, Measurement, Row } from '../measurement.ts';
import { type Program, startProgram } from '../process.ts';
import type { Load, Loaded } from '../programs/load.ts';
import { interleave } from '../rounds.ts';
import { median, ratio } from '../statistics.ts';
import { openConversations, type Server, startErrand, type Where } from './errand.ts';

const cases: { bot: BotName; what: string; clients: number; least: number }[] = [
  { bot: 'text', what: 'durable text turn over HTTP', clients: 1, least: 0.4 },
  { bot: 'text', what: 'durable text turn over HTTP', clients: 32, least: 0.4 },
  { bot: 'script', what: 'the same with one author script', clients: 1, least: 0.25 },
  { bot: 'script', what: 'the same with one author script', clients: 32, least: 0.08 },
];

/** Typebot's viewer, measured once on such a machine; its parts do not run here. */
const typebot = { 1: { turns: 109, times: 10 }, 32: { turns: 193, times: 25 } } as const;

export const turnOverHttp: Measurement = {
  name: 'turn-over-http',
  async run(options) {
    const floor = await startProgram('floor.ts');
    const { server, where } = await startErrand();
    const load = await startProgram('load.ts', { pinned: true });
    const rows: Row[] = [];
    for (const one of cases) rows.push(...(await measure({ floor, server, where, load, options }, one)));
    await Promise.all([floor.end(), server.end(), load.end()]);
    return rows;
  },
};

interface Stage {
  floor: Program;
  server: Server;
  where: Where;
  load: Program;
  options: BenchOptions;
}

async function measure(stage: Stage, { bot, what, clients, least }: (typeof cases)[number]): Promise<Row[]> {
  const { server, load, where, options } = stage;
  const conversations = await openConversations(server, bot, 1_000);
  await server.ask({ do: 'watch', ids: conversations.map(({ id }) => id) });
  const { port } = await stage.floor.ask<{ port: number }>({ do: 'where' });
  const length = options.quick ? 500 : 2_000;
  const p50: number[] = [];
  const p99: number[] = [];

  async function turns(at: Omit<Load, 'clients' | 'ms'>): Promise<number> {
    const loaded = await load.ask<Loaded>({ ...at, clients, ms: length });
    if (at.conversations) {
      p50.push(loaded.p50);
      p99.push(loaded.p99);
    }
    return loaded.rate;
  }

  const rounds = await interleave(options.quick ? 3 : 5, {
    ours: () => turns({ origin: where.url, hookPort: where.hookPort, conversations }),
    limit: () => turns({ origin: `http://127.0.0.1:${port}` }),
  });
  const label = `${what}, ${clients} ${clients === 1 ? 'client' : 'clients'}`;
  const row: Row = {
    what: label,
    against: 'the floor',
    ...medians(rounds, perSecond),
    figure: ratio(rounds),
    unit: '×',
    target: { at: 'least', figure: least },
    note: `p50 ${ms(median(p50))}, p99 ${ms(median(p99))}`,
  };
  return bot === 'text' ? [row, besideTypebot(clients, median(rounds.map((round) => round.ours)))] : [row];
}

function besideTypebot(clients: number, ours: number): Row {
  const { turns, times } = typebot[clients === 1 ? 1 : 32];
  return {
    what: `turn over HTTP, ${clients} ${clients === 1 ? 'client' : 'clients'}`,
    against: `Typebot's viewer, ${clients === 1 ? '1 client' : '16 clients'}, information from another run`,
    ours: perSecond(ours),
    limit: perSecond(turns),
    figure: ours / turns,
    unit: '×',
    target: { at: 'least', figure: times },
  };
}
