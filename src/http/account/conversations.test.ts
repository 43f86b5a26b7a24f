import { Check } from 'typebox/value';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { AuditPage } from '../../api/audit.ts';
import { Bot, BotPage, BotVersionPage } from '../../api/bot.ts';
import {
  ConnectionReportPage,
  ConversationReport,
  ConversationSummaryPage,
  TracePage,
} from '../../api/conversation-report.ts';
import { EventPage } from '../../api/event.ts';
import { appendEvent } from '../../store/event.ts';
import { appendTrace } from '../../store/trace.ts';
import { type Account, startTestServer, type TestServer } from '../server.test-parts.ts';

let server: TestServer;
let account: Account;
let bot: string;
let conversation: string;
let token: string;

beforeAll(async () => {
  server = await startTestServer();
  account = await server.account();
  bot = await server.publishedBot(account);
  const { body } = await server.call('POST', `/v1/bots/${bot}/conversations`, { json: {} });
  conversation = String(body['conversation_id']);
  token = String(body['session_token']);
});
afterAll(() => server.close());

describe('what an account sees of its conversations', () => {
  test('S1, TK-05: handles of tokens and sign-in links are masked in the transcript and the trace', async () => {
    const [link, handle] = [`errand:sign-in:att_${'a'.repeat(25)}`, `errand:token:${'h'.repeat(22)}`];
    await server.db.write(async (tx) => {
      const body = { from: 'bot', text: `go to ${link}`, buttons: [{ label: 'Login', type: 'link', url: link }] };
      await appendEvent(tx, { conversation_id: conversation, type: 'message', body, at: 1 });
      await appendTrace(tx, conversation, {
        at: 1,
        entries: [
          { kind: 'note', text: `header ${handle}` },
          { kind: 'call', steps: [{ at: 2, what: 'answer' }] },
        ],
      });
    });
    const report = await account.call('GET', `/conversations/${conversation}`);
    expect(report.body).toMatchObject({
      bot_id: bot,
      status: 'open',
      transcript: [{ seq: 1, type: 'message', text: 'go to •••' }],
    });
    const trace = await account.call('GET', `/conversations/${conversation}/trace`);
    expect(trace.body).toMatchObject({
      items: [
        { n: 1, kind: 'note', text: 'header •••' },
        { n: 2, kind: 'call' },
      ],
      next: null,
    });
    for (const { text } of [report, trace]) expect(text).not.toMatch(/errand:|session_hash|browser_hash|state/);
  });

  test('times in a trace are RFC 3339, those of the steps of a call, too', async () => {
    const { body } = await account.call('GET', `/conversations/${conversation}/trace`);
    const steps = [{ at: '1970-01-01T00:00:00.002Z', what: 'answer' }];
    expect(body['items']).toContainEqual(expect.objectContaining({ at: '1970-01-01T00:00:00.001Z', steps }));
  });

  test('conversations are listed, by bot where that is asked', async () => {
    const listed = await account.call('GET', `/conversations?bot_id=${bot}`);
    expect(listed.body).toMatchObject({ items: [{ id: conversation, turns: expect.any(Number) }] });
    expect((await account.call('GET', '/conversations?bot_id=bot_other')).body).toMatchObject({ items: [] });
  });

  test('answers are what the documented schemas say', async () => {
    const answers = [
      [ConversationSummaryPage, '/conversations'],
      [ConversationReport, `/conversations/${conversation}`],
      [TracePage, `/conversations/${conversation}/trace`],
      [ConnectionReportPage, '/connections'],
      [AuditPage, '/audit'],
      [BotPage, '/bots'],
      [Bot, `/bots/${bot}`],
      [BotVersionPage, `/bots/${bot}/versions`],
    ] as const;
    for (const [schema, path] of answers) {
      const { body, text } = await account.call('GET', path);
      expect(Check(schema, body), `${path} ${text}`).toBe(true);
    }
    const { body } = await server.call('GET', `/v1/conversations/${conversation}/events`, { token });
    expect(Check(EventPage, body)).toBe(true);
  });
});

test('the limit of a trace counts turns, as its description says', async () => {
  const fresh = String(
    (await server.call('POST', `/v1/bots/${bot}/conversations`, { json: {} })).body['conversation_id'],
  );
  const entries = [
    { kind: 'note', text: 'one' },
    { kind: 'note', text: 'two' },
  ];
  for (const at of [1, 2]) await server.db.write((tx) => appendTrace(tx, fresh, { at, entries }));
  const read = (query: string) => account.call('GET', `/conversations/${fresh}/trace?${query}`);
  const first = await read('limit=1');
  expect(first.body).toMatchObject({ items: entries, next: expect.any(String) });
  expect((await read(`limit=1&after=${String(first.body['next'])}`)).body).toMatchObject({
    items: entries,
    next: null,
  });
  const { text } = await server.call('GET', '/openapi.json');
  expect(text).toContain('1 to 200 turns, each with all of its entries; default 50');
});
