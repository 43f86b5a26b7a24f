import type { CallTimes, ResumeTimes } from '../errand/calls.ts';
import { ms } from '../figures.ts';
import type { Measurement, Row } from '../measurement.ts';
import { startProgram } from '../process.ts';
import { percentile } from '../statistics.ts';
import { startErrand } from './errand.ts';

interface BrandState {
  origin: string;
  tokenRequests: number;
}

/** What the consumer's permission costs: the call with her token, her return from the provider, a token that is over. */
export const delegated: Measurement = {
  name: 'delegated',
  async run({ quick }) {
    const brand = await startProgram('brand.ts');
    const { origin } = await brand.ask<BrandState>({});
    const { server } = await startErrand(origin);
    const calls = await server.ask<CallTimes>({ do: 'calls', count: quick ? 100 : 500 });
    const resumes = await server.ask<ResumeTimes>({ do: 'resumes', count: quick ? 30 : 100 });
    const { tokenRequests: before } = await brand.ask<BrandState>({});
    const succeeded = await server.ask<number>({ do: 'storm', count: stormCalls });
    const { tokenRequests: after } = await brand.ask<BrandState>({});
    await Promise.all([brand.end(), server.end()]);
    return [...callRows(calls), resumeRow(resumes), stormRow(after - before - 1, succeeded)];
  },
};

const stormCalls = 1_000;
const bare = 'a bare undici.request to the same stub';

function callRows({ step, call, bare: limit }: CallTimes): Row[] {
  const both = 'a call with a delegated token, with both its commits';
  return [
    more({ what: both, against: bare, ours: step, limit, percent: 50, most: 1 }),
    more({ what: both, against: bare, ours: step, limit, percent: 99, most: 5 }),
    more({ what: 'the same without the commits', against: bare, ours: call, limit, percent: 50, most: 1 }),
  ];
}

function resumeRow({ resumed, bare: limit }: ResumeTimes): Row {
  const against = 'the bare token and API requests';
  return more({
    what: 'callback sent → resumed answer committed',
    against,
    ours: resumed,
    limit,
    percent: 95,
    most: 25,
  });
}

function more(row: {
  what: string;
  against: string;
  ours: number[];
  limit: number[];
  percent: number;
  most: number;
}): Row {
  const [ours, limit] = [percentile(row.ours, row.percent), percentile(row.limit, row.percent)];
  return {
    what: `${row.what}, p${row.percent}`,
    against: row.against,
    ours: ms(ours),
    limit: ms(limit),
    figure: ours - limit,
    unit: 'ms more',
    target: { at: 'most', figure: row.most },
    note: `${row.ours.length} rounds`,
  };
}

function stormRow(refreshes: number, succeeded: number): Row {
  return {
    what: '1,000 calls at once on one stale connection',
    against: '–',
    ours: `${refreshes} refreshes`,
    limit: '–',
    figure: refreshes,
    unit: 'refreshes',
    target: { at: 'exactly', figure: 1 },
    note: `${succeeded} calls succeeded`,
  };
}
