import { kb } from '../figures.ts';
import type { Measurement } from '../measurement.ts';
import { type Program, startProgram } from '../process.ts';
import type { Readers } from '../programs/idle-readers.ts';
import { openConversations, startErrand } from './errand.ts';

/** Memory of an event stream on which nothing happens. */
export const idleStreams: Measurement = {
  name: 'idle-streams',
  async run({ quick }) {
    const count = quick ? 1_000 : 5_000;
    const { server, where } = await startErrand();
    const floor = await startProgram('idle-floor.ts', { env: { NODE_OPTIONS: '--expose-gc' } });
    const readers = await startProgram('idle-readers.ts', { pinned: true });
    const opened = await openConversations(server, 'text', count);
    const streams = opened.map(({ id, token }) => ({ path: `/v1/conversations/${id}/events`, token }));
    const { origin } = await floor.ask<{ origin: string }>({ do: 'where' });
    const ours = await each(server, readers, { origin: where.url, streams });
    const limit = await each(floor, readers, { origin, streams });
    await Promise.all([server.end(), floor.end(), readers.end()]);
    const target = { at: 'most', figure: 25 } as const;
    const what = `idle event streams, ${count.toLocaleString('en')}`;
    const against = 'a bare node:http stream';
    return [{ what, against, ours: kb(ours), limit: kb(limit), figure: ours / 1_024, unit: 'KB', target }];
  },
};

/** Bytes resident for each stream: the first few hundred make the process grow once and are not counted. */
async function each(holder: Program, readers: Program, all: Readers): Promise<number> {
  const first = Math.floor(all.streams.length / 5);
  await readers.ask({ ...all, streams: all.streams.slice(0, first) });
  const before = await holder.ask<number>({ do: 'memory' });
  await readers.ask({ ...all, streams: all.streams.slice(first) });
  const after = await holder.ask<number>({ do: 'memory' });
  await readers.ask({ close: true });
  return (after - before) / (all.streams.length - first);
}
