import { readFileSync } from 'node:fs';
import { request } from 'node:http';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import {
  type Account,
  type Answer,
  greeter,
  isObject,
  startTestServer,
  type TestServer,
} from '../server.test-parts.ts';
import { processorTime } from '../../world/processor-time.test-parts.ts';

let server: TestServer;
let account: Account;
let bystander: Account;
beforeAll(async () => {
  server = await startTestServer();
  account = await server.account();
  bystander = await server.account();
});
afterAll(() => server.close());

const bots = async (): Promise<unknown[]> => {
  const { items } = (await account.call('GET', '/bots')).body;
  return Array.isArray(items) ? items : [];
};
/** Nothing of what follows is ever stored. */
afterEach(async () => {
  const stored = await bots();
  if (stored.length > 0) throw new Error(`${stored.length} bots were stored`);
});

const example = readFileSync(new URL('../../bot/import/fixtures/everything.json', import.meta.url), 'utf8');
const everything = (): { conversationMessage: Record<string, unknown>[] } & Record<string, unknown> =>
  JSON.parse(example);
const question = (more: object) => ({ id: 'q', name: 'q', type: 'text_question', text: 'q', ...more });
const document = (...interactions: object[]) => ({
  format: 'errand.bot/1',
  name: 'Bot',
  dialogs: [{ id: 'd', name: 'd', type: 'standard', interactions }],
  integrations: [],
});

/** The body goes out as it is written. */
const send = (body: unknown, path = '/bots/import'): Promise<Answer> => account.call('POST', path, { json: body });

/** How long the server's thread was busy at a stretch while this was done, in ms of its own processor time. */
async function longestStall(work: () => Promise<unknown>): Promise<number> {
  let longest = 0;
  let last = processorTime();
  const watch = setInterval(() => {
    const now = processorTime();
    longest = Math.max(longest, now - last);
    last = now;
  }, 5);
  await work();
  clearInterval(watch);
  return longest;
}

const places = ({ body }: Answer): unknown[] =>
  Array.isArray(body['errors']) ? body['errors'].map((one: unknown) => (isObject(one) ? one['pointer'] : one)) : [];

describe('what is no export', () => {
  test.each([
    ['a list', []],
    ['a number', 7],
    ['null', 'null'],
    ['nothing', '{}'],
    ['interactions that are none', { conversationMessage: 7 }],
    ['something else', { name: 'Bot', dialogs: {} }],
    ['no JSON', '{"conversationMessage": ['],
    ['a wrong document', { format: 'errand.bot/2', name: 'Bot', dialogs: [], integrations: [] }],
  ])('%s is refused, whichever door it comes through', async (_, body) => {
    for (const path of ['/bots', '/bots/import']) {
      const answer = await send(body, path);
      expect([400, 422]).toContain(answer.status);
      expect(answer.body).toMatchObject({ code: expect.stringMatching(/^invalid_/), detail: expect.any(String) });
    }
  });
});

describe('what does not parse', () => {
  test('a script of a document is an error at its place, with line and column', async () => {
    const answer = await send(document(question({ pre_process: 'var a = 1;\nvar b = ;' })), '/bots');
    expect(answer).toMatchObject({
      status: 422,
      body: {
        code: 'invalid_document',
        errors: [
          { pointer: '/dialogs/0/interactions/0/pre_process', detail: expect.stringContaining('line 2, column 9') },
        ],
      },
    });
  });

  test('a script of an export is an error at its place in the export', async () => {
    const json = everything();
    const [first] = json.conversationMessage;
    if (first) first['preProcessMessage'] = 'var a = ;';
    const answer = await send(json);
    expect(answer.status).toBe(422);
    expect(places(answer)).toEqual(['/conversationMessage/0/preProcessMessage']);
  });

  test.each(['(', '['.repeat(50_000), '('.repeat(50_000), '`${'.repeat(30_000), '/'.padEnd(90_000, '(')])(
    'a script that is nested without end is no worse than another (%#)',
    async (code) => {
      expect((await send(document(question({ pre_process: code })), '/bots')).status).toBe(422);
    },
  );

  test('a regular expression of an export, too', async () => {
    const json = everything();
    const rules = [{ conditions: [{ matchType: 'REGEX', regexMatch: { regexText: '(' } }], action: {} }];
    Object.assign(json.conversationMessage[3] ?? {}, { responseMatches: rules });
    expect(places(await send(json))).toEqual(['/conversationMessage/3/responseMatches/0']);
  });
});

describe('what is too much', () => {
  test.each([
    ['lists in lists', '['.repeat(100_000) + ']'.repeat(100_000)],
    ['lists in lists that never end', '['.repeat(1_000_000)],
    ['objects in objects', '{"a":'.repeat(100_000) + '1' + '}'.repeat(100_000)],
    ['content of an export', `{"conversationMessage":[{"id":"a","content":${'['.repeat(90)}${']'.repeat(90)}}]}`],
    ['values', JSON.stringify({ conversationMessage: Array.from({ length: 300_000 }, () => 0) })],
  ])('%s: refused at once', async (_, body) => {
    const answers: Answer[] = [];
    expect(await longestStall(async () => answers.push(await send(body)))).toBeLessThan(500);
    expect([400, 422]).toContain(answers[0]?.status);
    expect(answers[0]?.body).toMatchObject({ detail: expect.stringMatching(/deep|large/) });
  });

  test('more interactions in a dialog than it may have are an error with its place', async () => {
    const messages = Array.from({ length: 10_000 }, (_, i) => ({
      id: `m${i}`,
      interactionType: 'TEXT',
      group: 'g',
      nextMessageId: `m${i + 1}`,
    }));
    const answer = await send({ conversationMessage: messages, groups: [{ id: 'g', name: 'g' }] });
    expect(answer.status).toBe(422);
    expect(answer.body['errors']).toMatchObject([{ pointer: '/groups/0', detail: 'must have at most 5000 entries' }]);
  });

  test.each([true, false])('50 MB are refused while they come, with Content-Length %s', async (announced) => {
    const address = await server.app.listen({ port: 0, host: '127.0.0.1' }).catch(() => '');
    const port = Number(new URL(address || server.app.listeningOrigin).port);
    const status: number[] = [];
    const stall = await longestStall(async () => {
      const [answer] = await Promise.all([upload(port, announced), bystander.call('GET', '/bots')]);
      status.push(answer);
    });
    // A connection that is closed while the rest still comes is a refusal, too: the sender may not get to read why.
    expect([413, 0]).toContain(status[0]);
    expect(stall).toBeLessThan(500);
  });
});

/** 50 MB in parts of 1 MB; the answer's status, or 0 where the connection was closed on them. */
function upload(port: number, announced: boolean): Promise<number> {
  const part = Buffer.alloc(1024 * 1024, ' ');
  const length = announced ? { 'content-length': String(50 * part.length) } : {};
  return new Promise((resolve) => {
    const sent = request(
      {
        port,
        host: '127.0.0.1',
        method: 'POST',
        path: `/v1/accounts/${account.id}/bots/import`,
        headers: {
          host: 'localhost:4300',
          authorization: `Bearer ${account.key}`,
          'content-type': 'application/json',
          ...length,
        },
      },
      (answer) => {
        answer.resume();
        resolve(answer.statusCode ?? 0);
        sent.destroy();
      },
    );
    sent.on('error', () => resolve(0));
    let left = 50;
    const more = (): void => {
      for (; left > 0; left -= 1) if (!sent.write(part)) break;
      if (left > 0) left -= 1;
      else sent.end();
    };
    sent.on('drain', more);
    more();
  });
}

describe('names of object members', () => {
  test('__proto__ is refused in a body, however it is written', async () => {
    for (const name of ['__proto__', '\\u005f_proto__']) {
      const answer = await send(`{"conversationMessage":[],"${name}":{"admin":true}}`);
      expect(answer).toMatchObject({ status: 400, body: { code: 'invalid_body' } });
    }
  });
});

test('a real token in a header of an export is left out, as the command that imports does', async () => {
  const token = 'Bearer 0a1b2c3d4e5f6a7b8c9d';
  const headers = [{ key: 'Authorization', value: token }];
  const responder = [{ name: 'R', method: 'GET', webhook: 'https://a.example', headers }];
  const answer = await send({ conversationMessage: [], responder });
  expect(answer.status).toBe(201);
  expect(answer.text).not.toContain(token);
  expect(answer.text).toContain('/responder/0/headers/0');
  const bot = isObject(answer.body['bot']) ? answer.body['bot'] : {};
  await account.call('DELETE', `/bots/${String(bot['id'])}`);
});

test('what became of an export is told however it comes, and not kept', async () => {
  const headers = [{ key: 'x-api-key', value: 'hunter2' }];
  const json = { conversationMessage: [], responder: [{ name: 'R', webhook: 'https://a.example', headers }] };
  const created = await account.call('POST', '/bots', { json });
  const path = `/bots/${String(created.body['id'])}`;
  const replaced = await account.call('PUT', path, { json: { document: json } });
  const ignored = [{ path: '/responder/0/headers/0', message: expect.stringMatching(/real token.*credential/) }];
  for (const answer of [created, replaced]) expect(answer.body).toMatchObject({ report: { ignored } });
  const read = await account.call('GET', path);
  expect(read.body).not.toHaveProperty('report');
  expect(await account.call('PUT', path, { json: read.body })).toMatchObject({ status: 200 });
  expect(await account.call('PUT', path, { json: replaced.body })).toMatchObject({ status: 200 });
  await account.call('DELETE', path);
});

describe('what is odd and still a bot', () => {
  /** How it went to store it, and to delete it again. */
  async function storedAndDeleted(answer: Answer): Promise<number[]> {
    const bot = isObject(answer.body['bot']) ? answer.body['bot'] : answer.body;
    return [answer.status, (await account.call('DELETE', `/bots/${String(bot['id'])}`)).status];
  }

  test('ids and names like those of objects, circles, equal ids and wrong types', async () => {
    const answer = await send({
      conversationMessage: [
        {
          id: '__proto__',
          name: 'constructor',
          interactionType: 'toString',
          nextMessageId: 'hasOwnProperty',
          group: '__proto__',
        },
        { id: 'hasOwnProperty', interactionType: 'TEXT', nextMessageId: '__proto__', group: '__proto__' },
        { id: 'hasOwnProperty', interactionType: 'TEXT', responseMatches: 'x', quickReplies: [null, 7] },
        7,
        null,
      ],
      groups: [{ id: '__proto__', name: 'constructor' }, null, { id: 5 }],
      responder: [{ name: '__proto__', webhook: 'https://a.example' }],
      bot: null,
      globalFunctions: [],
    });
    expect(await storedAndDeleted(answer)).toEqual([201, 204]);
  });

  test('LP-148 an export without any of the top-level keys but its interactions', async () => {
    const answer = await send({ conversationMessage: everything().conversationMessage });
    expect(await storedAndDeleted(answer)).toEqual([201, 204]);
  });

  test('patterns and regular expressions that try for ever slow nobody down', async () => {
    const regexes = Array.from({ length: 40 }, (_, i) => ({
      when: { match: 'regex', regex: `^(a+)+(b|c*)*${i}$` },
      then: { go: 'end' },
    }));
    const stall = await longestStall(async () => {
      const answer = await send(document(question({ rules: regexes })), '/bots');
      expect(JSON.stringify(answer.body['warnings'])).toContain('for ever');
      expect(await storedAndDeleted(answer)).toEqual([201, 204]);
    });
    expect(stall).toBeLessThan(500);
  });

  test('a bot of 4 MB of the densest script is checked beside the thread that answers others', async () => {
    const dense = Array.from({ length: 40 }, (_, i) => ({
      ...question({ pre_process: 'a;'.repeat(50_000) }),
      id: `q${i}`,
      name: `q${i}`,
    }));
    let answered = 0;
    const stall = await longestStall(async () => {
      const save = send(document(...dense), '/bots');
      const done = save.then(() => true);
      while (!(await Promise.race([done, nextAnswer()]))) answered += 1;
      expect(await storedAndDeleted(await save)).toEqual([201, 204]);
    });
    expect(answered).toBeGreaterThan(5);
    expect(stall).toBeLessThan(500);
  }, 30_000);
});

/** Another account is served, on another turn of the event loop. */
async function nextAnswer(): Promise<boolean> {
  await new Promise((resolve) => setImmediate(resolve));
  // Too many requests is an answer, too.
  expect([200, 429]).toContain((await bystander.call('GET', '/bots')).status);
  return false;
}

test('a bot that is well is saved as before', async () => {
  const answer = await send(greeter(), '/bots');
  expect(answer).toMatchObject({ status: 201, body: { warnings: [] } });
  await account.call('DELETE', `/bots/${String(answer.body['id'])}`);
});
