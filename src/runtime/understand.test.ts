import { createServer, type IncomingMessage, type Server } from 'node:http';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import type { BotDocument, Interaction } from '../bot/document.ts';
import { createEgress } from '../egress/create-egress.ts';
import { dialog, says } from './order-bot.test-parts.ts';
import { recordedScript } from './recorded-script.ts';
import { type Chat, type RuntimeStage, setRuntimeStage } from './stage.test-parts.ts';
import { keepCredential, signingSecret } from './static-credential.test-parts.ts';

/** A recogniser of the brand's: answers what the test says, and keeps what it was sent. */
interface Recogniser {
  url: string;
  answer: { status: number; body: string };
  asked: { body: unknown; headers: IncomingMessage['headers'] }[];
  server: Server;
}

let stage: RuntimeStage;
let brand: Recogniser;
beforeAll(async () => {
  brand = await startRecogniser();
  const { host } = new URL(brand.url);
  stage = await setRuntimeStage({
    change: ({ world }) => ({ egress: createEgress({ allow: [host], clock: world.clock, log: world.log }) }),
  });
  await keepCredential(stage, {
    name: 'signing',
    type: 'webhook_signing',
    secret: signingSecret,
    document: { origins: [brand.url] },
  });
  await stage.runtime.start();
});
afterAll(async () => {
  brand.server.close();
  await stage.close();
});
afterEach(() => {
  brand.asked = [];
});

async function startRecogniser(): Promise<Recogniser> {
  const answer = { status: 200, body: '{}' };
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const body: unknown = JSON.parse(Buffer.concat(chunks).toString());
      brand.asked.push({ body, headers: request.headers });
      response.writeHead(brand.answer.status, { 'content-type': 'application/json' }).end(brand.answer.body);
    });
  });
  await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  const port = typeof address === 'object' && address ? address.port : 0;
  return { url: `http://127.0.0.1:${port}`, answer, asked: [], server };
}

const byIntent = (id: string, intent: string): Interaction => ({ id, name: id, type: 'starter', intent });

const desk = (more: Partial<BotDocument> = {}): BotDocument => ({
  format: 'errand.bot/1',
  name: 'Desk',
  dialogs: [
    dialog('track', byIntent('s1', 'track'), says('t1', 'Tracking {$botContext.slot.number}.')),
    dialog('cancel', byIntent('s2', 'cancel'), says('t2', 'Cancelling.')),
  ],
  intents: [
    { id: 'track', name: 'Track an order', phrases: ['where is my order', 'track my parcel'] },
    { id: 'cancel', name: 'Cancel an order', phrases: ['cancel my order'] },
  ],
  integrations: [
    {
      id: 'nlu',
      name: 'Recogniser',
      type: 'function',
      method: 'POST',
      url: `${brand.url}/recognise`,
      credential: 'signing',
      response_variable: 'nlu',
      timeout_ms: 1_000,
    },
  ],
  ...more,
});

async function said(document: BotDocument, ...messages: string[]): Promise<{ texts: string[]; chat: Chat }> {
  const chat = await stage.chat(await stage.publish(document));
  for (const message of messages) {
    await chat.say(message);
    await chat.quiet();
  }
  return { texts: await chat.texts(), chat };
}

const outside = (): BotDocument => desk({ recogniser: { integration: 'Recogniser' } });

test('LP-115 a bot’s own intents start its dialogs, by words that are only like its training phrases', async () => {
  const { texts, chat } = await said(desk(), 'Where are my orders?', 'please cancel the order');
  expect(texts).toEqual([expect.stringContaining('Tracking'), 'Cancelling.']);
  expect(await chat.trace()).toContainEqual(
    expect.objectContaining({
      kind: 'understood',
      intents: expect.arrayContaining([expect.objectContaining({ id: 'track' })]),
    }),
  );
});

test('LP-130 entities are found in the process, and those of regular expressions in the sandbox', async () => {
  const slots = desk({
    entities: [
      { name: 'city', type: 'list', values: [{ value: 'New York', synonyms: ['nyc'] }] },
      { name: 'number', type: 'regex', regex: '[A-Z]{2}\\d+' },
      { name: 'broken', type: 'regex', regex: '(' },
    ],
    dialogs: [
      dialog(
        'send',
        { id: 's', name: 's', type: 'starter', patterns: ['send *'] },
        { id: 'q1', name: 'q1', type: 'text_question', text: 'Which?', slot: { name: 'number', entity: 'number' } },
        { id: 'q2', name: 'q2', type: 'text_question', text: 'Where to?', slot: { name: 'city', entity: 'city' } },
        says('t', '{$botContext.slot.number} to {$botContext.slot.city}'),
      ),
    ],
  });
  const { texts, chat } = await said(slots, 'send AB12 somewhere', 'to NYC, please');
  expect(texts).toEqual(['Where to?', 'AB12 to New York']);
  expect(JSON.stringify(await chat.trace())).toContain('regular expression 2 is not valid');
});

test('an entity whose expression would backtrack for ever is given up, and the conversation goes on', async () => {
  const evil = desk({ entities: [{ name: 'number', type: 'regex', regex: '^(a+)+$' }] });
  const { texts, chat } = await said(evil, `${'a'.repeat(40)}!`);
  expect(texts).toHaveLength(1);
  expect(JSON.stringify(await chat.trace())).toContain('an entity could not be looked for');
});

test('a recogniser of the brand’s is asked by a signed webhook, and what it says counts', async () => {
  brand.answer = {
    status: 200,
    body: JSON.stringify({
      intents: [
        { name: 'Cancel an order', score: 0.72 },
        { intent_id: 'track', score: 0.9 },
      ],
      entities: [{ entity: 'number', value: 'AB12' }],
    }),
  };
  const { texts, chat } = await said(outside(), 'my stuff');
  expect(texts).toEqual([expect.stringContaining('Tracking')]);
  const [asked] = brand.asked;
  expect(asked?.headers['webhook-signature']).toMatch(/^v1,/);
  expect(asked?.body).toMatchObject({
    conversation_id: chat.conversation_id,
    payload: { text: 'my stuff', locale: 'en', intents: ['Track an order', 'Cancel an order'] },
  });
  expect(await chat.trace()).toContainEqual(
    expect.objectContaining({ kind: 'understood', entities: [{ entity: 'number', value: 'AB12', phrase: 'AB12' }] }),
  );
});

test('a recording has its intents, and notes the entities that the bot would not find by itself', async () => {
  const values = [{ value: 'New York', synonyms: ['nyc'] }];
  const document = desk({
    recogniser: { integration: 'Recogniser' },
    entities: [{ name: 'city', type: 'list', values }],
  });
  const entities = [{ entity: 'number', value: 'AB12' }];
  brand.answer = { status: 200, body: JSON.stringify({ intents: [{ id: 'track', score: 0.9 }], entities }) };
  const { chat } = await said(document, 'my stuff in nyc');
  const about = { environment: {}, channel: 'web', locale: 'en', events: [], trace: await chat.trace() } as const;
  const { setup, notes } = recordedScript({ ...about, document });
  expect(setup?.nlu).toMatchObject([{ utterance: 'my stuff in nyc', intent_id: 'track', score: 0.9 }]);
  expect(notes).toContain('entities (number) that no script can give');
  expect(recordedScript({ ...about, document: desk() })).not.toHaveProperty('notes');
});

test.each([
  ['an answer that is no JSON', 200, 'hello'],
  ['an answer of another shape', 200, '{"intents":[{"id":"track","score":"high"}]}'],
  ['a score that is none', 200, '{"intents":[{"id":"track","score":7}]}'],
  [
    'more intents than there can be',
    200,
    JSON.stringify({ intents: Array.from({ length: 51 }, () => ({ id: 'track', score: 1 })) }),
  ],
  ['an error', 500, '{"intents":[{"id":"track","score":1}]}'],
])('%s is understood as nothing, and the trace says why', async (_what, status, body) => {
  brand.answer = { status, body };
  const { texts, chat } = await said(outside(), 'where is my order');
  expect(texts[0]).toContain('re-phrase');
  expect(JSON.stringify(await chat.trace())).toContain('the recogniser Recogniser was of no help');
});

test('a recogniser that is no function, or whose credential is missing, is a note in the trace', async () => {
  const integrations = desk().integrations.map((one) => ({ ...one, credential: 'nobody' }));
  const missing = await said({ ...outside(), integrations }, 'where is my order');
  expect(JSON.stringify(await missing.chat.trace())).toContain('no credential of the account is named \\"nobody\\"');
  const gone = await said(desk({ recogniser: { integration: 'Gone' } }), 'where is my order');
  expect(JSON.stringify(await gone.chat.trace())).toContain('there is no function integration \\"Gone\\"');
  expect(brand.asked).toEqual([]);
});
