import type { Socket } from 'node:net';
import { afterEach, describe, expect, test } from 'vitest';
import type { Integration } from '../bot/document.ts';
import { createEgress } from '../egress/create-egress.ts';
import { http, type RawServer, startRawServer } from '../egress/raw-server.test-parts.ts';
import { type Clock, silentLog, systemClock } from '../world/world.ts';
import { buildRequest } from './build-request.ts';
import { callIntegration, type CallParts, send, type ToSend } from './call.ts';
import { outcomeOf } from './outcome-of.ts';

const closing: (() => Promise<void>)[] = [];

afterEach(async () => {
  for (const close of closing.splice(0)) await close();
});

/** Each answer in turn, the last one from then on. */
async function server(...answers: ((socket: Socket) => void)[]): Promise<RawServer> {
  let next = 0;
  const raw = await startRawServer((socket) => answers[Math.min(next++, answers.length - 1)]?.(socket));
  closing.push(raw.close);
  return raw;
}

function partsFor(...places: string[]): CallParts & { waits: number[] } {
  const waits: number[] = [];
  const egress = createEgress({ allow: places, clock: systemClock, log: silentLog });
  closing.push(egress.close);
  const clock: Clock = {
    now: systemClock.now,
    alarm(ms, ring) {
      waits.push(ms);
      queueMicrotask(ring);
      return () => {};
    },
  };
  return { egress, clock, waits, random: { bytes: (length) => new Uint8Array(length).fill(255) } };
}

function call(raw: RawServer, more: Partial<ToSend> = {}, method = 'GET'): ToSend {
  const request = { method, url: raw.url(), headers: {}, timeout_ms: 2_000 };
  return { request, idempotency_key: 'step_1', repeatable: method === 'GET', ...more };
}

const ok = (socket: Socket) => void socket.end(http('200 OK', [], '{}'));
const down =
  (...headers: string[]) =>
  (socket: Socket) =>
    void socket.end(http('503 Down', headers));
const reset = (socket: Socket) => void socket.resetAndDestroy();

describe('send', () => {
  test.each([
    ['a 5xx', down()],
    ['a reset', reset],
    ['a cut answer', (socket: Socket) => void socket.end('HTTP/1.1 200 OK\r\ncontent-length: 9\r\n\r\nabc')],
  ])('a repeatable call is sent again after %s, with the same key', async (_name, bad) => {
    const raw = await server(bad, bad, ok);
    const { answer } = await send(partsFor(raw.place), call(raw));
    expect(answer).toMatchObject({ status: 200 });
    expect(raw.requests().length).toBe(3);
    for (const request of raw.requests()) expect(request).toContain('idempotency-key: step_1\r\n');
  });

  test('UP-02: three tries are all there are', async () => {
    const raw = await server(down());
    const { answer, events } = await send(partsFor(raw.place), call(raw));
    expect(answer).toMatchObject({ status: 503 });
    expect(raw.requests().length).toBe(3);
    expect(events.map((event) => event.what)).toEqual(['answer', 'retry', 'answer', 'retry', 'answer']);
  });

  test.each([
    ['a 5xx', down()],
    ['a reset', reset],
    ['a cut answer', (socket: Socket) => void socket.end('HTTP/1.1 200 OK\r\ncontent-length: 9\r\n\r\nabc')],
  ])('I4, X10: a call that is not repeatable is never sent again after %s', async (_name, bad) => {
    const raw = await server(bad, ok);
    await send(partsFor(raw.place), call(raw, {}, 'POST'));
    expect(raw.requests().length).toBe(1);
  });

  test.each([400, 401, 403, 404, 429, 302])('%i is an answer, not a reason to try again', async (status) => {
    const raw = await server((socket) => void socket.end(http(`${status} X`, [])), ok);
    expect((await send(partsFor(raw.place), call(raw))).answer).toMatchObject({ status });
    expect(raw.requests().length).toBe(1);
  });

  test('any call is tried again while nothing was sent', async () => {
    const raw = await startRawServer(() => {});
    await raw.close();
    const parts = partsFor(raw.place);
    const { answer, events } = await send(parts, call(raw, {}, 'POST'));
    expect(answer).toMatchObject({ failed: 'unreachable', sent: false });
    expect(events.length).toBe(5);
  });

  test('a refused call is not tried again', async () => {
    const raw = await server(ok);
    const { answer, events } = await send(partsFor(), call(raw));
    expect(answer).toMatchObject({ failed: 'blocked' });
    expect(events.length).toBe(1);
  });

  test('UP-04: Retry-After is kept when short, and ends the tries when long', async () => {
    const short = await server(down('retry-after: 1'), ok);
    const parts = partsFor(short.place);
    expect((await send(parts, call(short))).answer).toMatchObject({ status: 200 });
    expect(parts.waits).toEqual([1_000]);
    const long = await server(down('retry-after: 86400'), ok);
    expect((await send(partsFor(long.place), call(long))).answer).toMatchObject({ status: 503 });
    const odd = await server(down('retry-after: -5'), ok);
    expect((await send(partsFor(odd.place), call(odd))).answer).toMatchObject({ status: 200 });
  });

  test('UP-08: all tries together stay within the time of the call', async () => {
    const raw = await server((socket) => void setTimeout(() => down()(socket), 150));
    const request = { ...call(raw).request, timeout_ms: 250 };
    await send(partsFor(raw.place), call(raw, { request }));
    // Each takes 150 ms: a third would be beyond the time of the call.
    expect(raw.requests().length).toBeLessThan(3);
  });

  test('LP-85 20 seconds and three tries are usual; an integration may say otherwise, within them', async () => {
    const usual: Integration = {
      id: 'i',
      name: 'O',
      type: 'api',
      method: 'GET',
      url: 'https://a.example',
      response_variable: 'o',
    };
    const built = (more: Partial<Integration>) => buildRequest({ integration: { ...usual, ...more }, view: {} });
    expect(built({})).toMatchObject({ request: { timeout_ms: 20_000 } });
    expect(built({ timeout_ms: 700, retries: 0 })).toMatchObject({ request: { timeout_ms: 700, retries: 0 } });
    for (const retries of [0, 1, 3]) {
      const raw = await server(down());
      const request = { ...call(raw).request, retries };
      await send(partsFor(raw.place), call(raw, { request }));
      expect(raw.requests().length).toBe(retries + 1);
    }
    const posted = await server(down());
    await send(
      partsFor(posted.place),
      call(posted, { request: { ...call(posted, {}, 'POST').request, retries: 3 } }, 'POST'),
    );
    expect(posted.requests().length).toBe(1);
  });

  test("an author's own key stays", async () => {
    const raw = await server(ok);
    const request = { ...call(raw).request, headers: { 'idempotency-key': 'mine' } };
    await send(partsFor(raw.place), call(raw, { request }));
    expect(raw.requests()[0]).toContain('idempotency-key: mine');
    expect(raw.requests()[0]).not.toContain('step_1');
  });
});

describe('a form with a file', () => {
  test('goes out whole, and no name in it can end its part', async () => {
    const raw = await server(ok);
    const bytes = new TextEncoder().encode('%PDF-1.7 content');
    const upload = {
      file: { name: 'a"\r\nx-b: c.pdf', type: 'application/pdf', bytes },
      fields: [['note', 'one"; name="admin'] as const],
    };
    const request = { ...call(raw, {}, 'POST').request, upload };
    await send(partsFor(raw.place), call(raw, { request }, 'POST'));
    const sent = raw.requests()[0] ?? '';
    expect(sent).toMatch(/content-type: multipart\/form-data; boundary=/);
    expect(sent).toContain('name="file"; filename="a%22%0D%0Ax-b: c.pdf"\r\nContent-Type: application/pdf\r\n');
    expect(sent).toContain('%PDF-1.7 content\r\n');
    expect(sent).not.toMatch(/^x-b/m);
    expect(sent.match(/name="note"/g)?.length).toBe(1);
  });
});

describe('callIntegration', () => {
  const integration = { id: 'i', name: 'Orders', type: 'api', method: 'GET', response_variable: 'o' } as const;

  test('builds, sends and says how it ended', async () => {
    const raw = await server(ok);
    const parts = partsFor(raw.place);
    const plain = {
      integration: { ...integration, url: `${raw.url('/o/')}{$botContext.id}` },
      view: { id: 'a b' },
      idempotency_key: 'k',
    };
    const { result, request } = await callIntegration(parts, plain);
    expect(result).toEqual({ outcome: 'success', status: 200, body: '{}' });
    expect(request?.url).toBe(raw.url('/o/a%20b'));
  });

  test('X4: a line break ends it before anything is sent', async () => {
    const raw = await server(ok);
    const plain = {
      integration: { ...integration, url: `${raw.url('/o/')}{$botContext.id}` },
      view: { id: 'a\nb' },
      idempotency_key: 'k',
    };
    const { result, request } = await callIntegration(partsFor(raw.place), plain);
    expect(result).toEqual({ outcome: 'misconfigured', status: null, body: null });
    expect(request).toBeNull();
    expect(raw.hits()).toBe(0);
  });

  test('never answers: a GET has timed out, a POST is unknown', async () => {
    const raw = await server(() => {});
    const parts = partsFor(raw.place);
    for (const [method, outcome] of [
      ['GET', 'timed_out'],
      ['POST', 'result_unknown'],
    ] as const) {
      // Long enough to be sent: a request that was still waiting for its connection is not unknown.
      const request = { method, url: raw.url(), headers: {}, timeout_ms: 1_000 };
      const { answer } = await send(parts, { request, idempotency_key: 'k', repeatable: method === 'GET' });
      expect(outcomeOf(answer, method === 'GET')).toBe(outcome);
    }
  });
});
