import type { TurnsRun } from '../errand/in-process.ts';
import { medians, ms, perSecond } from '../figures.ts';
import type { BenchOptions, Measurement, Row } from '../measurement.ts';
import { interleave } from '../rounds.ts';
import { median, ratio } from '../statistics.ts';
import { openConversations, type Server, startErrand } from './errand.ts';

/** A turn costs the same late in a long conversation, and among many conversations. */
export const growth: Measurement = {
  name: 'growth',
  async run(options) {
    const { server: few } = await startErrand();
    const { server: many } = await startErrand();
    const rows = [await longConversation(few, options), await manyConversations({ few, many }, options)];
    await Promise.all([few.end(), many.end()]);
    return rows;
  },
};

async function longConversation(server: Server, { quick }: BenchOptions): Promise<Row> {
  const rounds = quick ? 20 : 60;
  const [old, ...young] = (await openConversations(server, 'text', rounds + 2)).map(({ id }) => id);
  const turns = async (id = '') => median((await server.ask<number[]>({ do: 'times', id, turns: 15 })).slice(5));
  await turns(old);
  await server.ask({ do: 'age', id: old ?? '', turns: 10_000 });
  const measured = await interleave(rounds, { ours: () => turns(old), limit: () => turns(young.pop()) });
  return {
    what: "one conversation's 10,000th turn",
    against: 'the 10th turn of others',
    ...medians(measured, ms),
    figure: ratio(measured),
    unit: '×',
    target: { at: 'most', figure: 1.3 },
  };
}

async function manyConversations(
  { few, many }: { few: Server; many: Server },
  { quick, full }: BenchOptions,
): Promise<Row> {
  const stored = full ? 1_000_000 : quick ? 20_000 : 200_000;
  const turns = async (server: Server) => {
    const ids = (await openConversations(server, 'text', 1_000)).map(({ id }) => id);
    const run = { do: 'turns', ids, bot: 'text', inFlight: 32, ms: quick ? 700 : 1_500 } as const;
    const once = async () => 1_000 / (await server.ask<TurnsRun>(run)).rate;
    await once();
    return once;
  };
  const amongFew = await turns(few);
  const amongMany = await turns(many);
  await many.ask({ do: 'fill', conversations: stored });
  const measured = await interleave(quick ? 3 : 5, { ours: amongMany, limit: amongFew });
  return {
    what: `a turn among ${stored.toLocaleString('en')} stored conversations`,
    against: 'among 1,000',
    ...medians(measured, (time) => perSecond(1_000 / time)),
    figure: ratio(measured),
    unit: '×',
    target: { at: 'most', figure: 1.3 },
    note: 'the times compared, 32 in flight',
  };
}
