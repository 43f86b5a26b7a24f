import { once } from 'node:events';
import { Writable } from 'node:stream';
import { describe, expect, test } from 'vitest';
import type { Runtime, Session, WireEvent } from '../../runtime/runtime.ts';
import { silentLog, systemRandom } from '../../world/world.ts';
import { createManualClock } from '../manual-clock.test-parts.ts';
import { streamEvents } from './event-stream.ts';

const session: Session = { conversation_id: 'conv_1', account_id: 'acc_1', bot_id: 'bot_1', ended: false };

/** A transcript of so many events, and who listens to it: all that a stream asks of the runtime. */
function transcript(length: number) {
  let ears: ((what: 'events' | 'typing' | 'closed') => void)[] = [];
  let reads = 0;
  const events: Runtime['events'] = async (_session, after, limit = 100) => {
    reads += 1;
    const all: WireEvent[] = Array.from({ length }, (_, i) => ({
      seq: i + 1,
      at: '2027-01-01T00:00:00.000Z',
      type: 'message',
      text: 'x'.repeat(1_000),
    }));
    return { events: all.slice(after, after + limit), last_seq: length };
  };
  const listen: Runtime['listen'] = (_id, hear) => {
    ears.push(hear);
    return () => {
      ears = ears.filter((other) => other !== hear);
    };
  };
  const tell = (what: 'events' | 'typing' | 'closed') => {
    for (const hear of ears) hear(what);
  };
  return { runtime: { events, listen }, tell, reads: () => reads, listeners: () => ears.length };
}

/** A socket that takes what is written only when it is told to. */
function socket(takes: boolean) {
  const written: string[] = [];
  const held: (() => void)[] = [];
  const response = new Writable({
    highWaterMark: 16_384,
    decodeStrings: false,
    write(chunk, _encoding, done) {
      written.push(String(chunk));
      if (takes) done();
      else held.push(done);
    },
  });
  return { response, text: () => written.join(''), size: () => response.writableLength };
}

const world = (clock: ReturnType<typeof createManualClock>) => ({ clock, random: systemRandom, log: silentLog });

describe('an event stream', () => {
  test('ST-04: a reader that takes nothing costs one event more than its socket takes, and its socket is closed after 30 s', async () => {
    const clock = createManualClock();
    const story = transcript(10_000);
    const slow = socket(false);
    streamEvents({ runtime: story.runtime, world: world(clock), session, after: 0, response: slow.response });
    await new Promise((resolve) => setImmediate(resolve));
    for (let i = 0; i < 5; i += 1) story.tell('events');
    await new Promise((resolve) => setImmediate(resolve));
    expect(story.reads()).toBe(1);
    expect(slow.size()).toBeLessThan(16_384 + 2_000);
    const closed = once(slow.response, 'close');
    clock.pass(30_000);
    await closed;
    expect(story.listeners()).toBe(0);
  });

  test('a reader that keeps up gets every event once, in order', async () => {
    const clock = createManualClock();
    const story = transcript(1_000);
    const reader = socket(true);
    const end = streamEvents({
      runtime: story.runtime,
      world: world(clock),
      session,
      after: 0,
      response: reader.response,
    });
    story.tell('events');
    await expect.poll(() => reader.text().includes('id: 1000\n')).toBe(true);
    const ids = [...reader.text().matchAll(/^id: (\d+)$/gm)].map(([, id]) => Number(id));
    expect(ids).toEqual(Array.from({ length: 1_000 }, (_, i) => i + 1));
    end();
    expect(story.listeners()).toBe(0);
  });

  test('I8: a conversation that ends while its reader is far behind: the reader still gets everything, then the end', async () => {
    const clock = createManualClock();
    const story = transcript(1_000);
    const reader = socket(true);
    const ended = once(reader.response, 'finish');
    streamEvents({ runtime: story.runtime, world: world(clock), session, after: 0, response: reader.response });
    story.tell('closed');
    await ended;
    const ids = [...reader.text().matchAll(/^id: (\d+)$/gm)].map(([, id]) => Number(id));
    expect(ids).toEqual(Array.from({ length: 1_000 }, (_, i) => i + 1));
  });

  test('ST-08: heartbeats keep it open, and find what a lost wake-up hid', async () => {
    const clock = createManualClock();
    const story = transcript(0);
    const reader = socket(true);
    const end = streamEvents({
      runtime: story.runtime,
      world: world(clock),
      session,
      after: 0,
      response: reader.response,
    });
    await expect.poll(() => story.reads()).toBe(1);
    clock.pass(60_000);
    expect(reader.text().match(/^:$/gm)).toHaveLength(4);
    await expect.poll(() => story.reads()).toBeGreaterThan(1);
    end();
  });

  test('typing has no id, so a client that resumes is not misled', async () => {
    const clock = createManualClock();
    const story = transcript(0);
    const reader = socket(true);
    const end = streamEvents({
      runtime: story.runtime,
      world: world(clock),
      session,
      after: 0,
      response: reader.response,
    });
    story.tell('typing');
    expect(reader.text()).toContain('data: {"type":"typing"}\n\n');
    expect(reader.text()).not.toContain('id:');
    end();
  });
});
