import fc from 'fast-check';
import { expect, test } from 'vitest';
import { readEventStream, type StreamEvent } from './event-stream.ts';

async function read(chunks: Uint8Array[]): Promise<StreamEvent[]> {
  const body = new ReadableStream<Uint8Array>({
    start(controller) {
      for (const chunk of chunks) controller.enqueue(chunk);
      controller.close();
    },
  });
  const events: StreamEvent[] = [];
  for await (const event of readEventStream(body)) events.push(event);
  return events;
}

const text = ': hello\n\nid: 4\ndata: {"a":\ndata: "ü€😀"}\n\nevent: typing\r\ndata: {}\r\n\r\ndata: cut off';
const bytes = new TextEncoder().encode(text);

test('comments are skipped, lines of data joined, an unfinished event is dropped', async () => {
  expect(await read([bytes])).toEqual([
    { event: 'message', data: '{"a":\n"ü€😀"}' },
    { event: 'typing', data: '{}' },
  ]);
});

test('however the bytes are cut into chunks, the events are the same', async () => {
  const whole = await read([bytes]);
  await fc.assert(
    fc.asyncProperty(fc.array(fc.integer({ min: 0, max: bytes.length }), { maxLength: 20 }), async (cuts) => {
      const places = [0, ...cuts.toSorted((a, b) => a - b), bytes.length];
      const chunks = places.slice(1).map((end, index) => bytes.slice(places[index], end));
      expect(await read(chunks)).toEqual(whole);
    }),
  );
});
