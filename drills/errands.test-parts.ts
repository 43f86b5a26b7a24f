import { expect } from 'vitest';
import type { SeenEvent } from '../acceptance/support/consumer.ts';
import { sentence } from '../src/api/sentences.ts';
import { openPatiently, type PatientConsumer } from './patient-consumer.test-parts.ts';
import type { Town } from './town.test-parts.ts';

const text = (event: SeenEvent) => event.text ?? '';
const isFromBot = (event: SeenEvent) => event.type === 'message' && event.from === 'bot';
const isOffer = (event: SeenEvent) => event.type === 'sign_in' && event.status === 'offered';
const isEnd = (event: SeenEvent) =>
  event.type === 'sign_in' && (event.status === 'completed' || event.status === 'ended');
const mostTries = 8;

/** Says so many things in a row without waiting for answers, and gets each answer once, in order. */
export async function chatter(
  town: Town,
  messages: number,
  at: { urls?: readonly string[]; heard?: () => void } = {},
): Promise<PatientConsumer> {
  const consumer = await openPatiently(at.urls ?? [town.server.url], town.bots.echo, at.heard);
  for (let n = 0; n < messages; n += 1) await consumer.say(`message ${n}`);
  for (let n = 0; n < messages; n += 1) {
    const answer = await consumer.next(isFromBot);
    expect(text(answer)).toBe(`You said message ${n}`);
  }
  return consumer;
}

/** Asks until the answer holds what only this customer may see, signing in as often as she is asked to. */
async function ask(town: Town, consumer: PatientConsumer, wanted: { question: string; as: number; answer: RegExp }) {
  const user = town.brand.users[wanted.as];
  if (!user) throw new Error('no such user');
  for (let tries = 0; tries < mostTries; tries += 1) {
    await consumer.say(wanted.question);
    const answered = await untilAnswered(consumer, { user, answer: wanted.answer });
    if (answered) return answered;
  }
  throw new Error(`no answer to "${wanted.question}": ${JSON.stringify(consumer.seen).slice(-3_000)}`);
}

async function untilAnswered(
  consumer: PatientConsumer,
  wanted: { user: { login: string; password: string }; answer: RegExp },
): Promise<SeenEvent | undefined> {
  for (;;) {
    const event = await consumer.next((one) => isOffer(one) || (isFromBot(one) && !one.buttons));
    if (!isOffer(event)) return wanted.answer.test(text(event)) ? event : undefined;
    const page = await consumer.signIn(event.url ?? '', wanted.user);
    const end = await consumer.next((one) => isEnd(one) && one.attempt_id === event.attempt_id);
    // The page and the chat tell the same, whatever died in between.
    expect(page).toBe(end.outcome);
    if (end.status === 'ended' && (await consumer.next(isFromBot))) return undefined;
  }
}

/** The order, again after its token expired, and the end of the permission. */
export async function whereIsMyOrder(town: Town, bot: 'managed' | 'recipe', as: number): Promise<PatientConsumer> {
  const consumer = await openPatiently([town.server.url], town.bots[bot]);
  const answer = new RegExp(town.brand.users[as]?.expects ?? 'nobody');
  await ask(town, consumer, { question: 'where is my order?', as, answer });
  town.brand.control.expireTokens();
  await ask(town, consumer, { question: 'where is my order?', as, answer });
  const asked = consumer.acknowledged.filter((said) => said.text.startsWith('where')).length;
  const answered = consumer.seen.filter((event) => isFromBot(event) && answer.test(text(event))).length;
  expect(answered).toBeLessThanOrEqual(asked);
  for (const [n, other] of town.brand.users.entries())
    if (n !== as) expect(JSON.stringify(consumer.seen)).not.toContain(other.expects);
  await consumer.say('sign out');
  await consumer.next((event) => isFromBot(event) && /signed out|not signed in/.test(text(event)));
  await consumer.revoked();
  return consumer;
}

/** Asks, and refuses at the brand: the page and the chat say so. */
export async function declined(town: Town, as: number): Promise<PatientConsumer> {
  const consumer = await openPatiently([town.server.url], town.bots.managed);
  const user = town.brand.users[as];
  if (!user) throw new Error('no such user');
  await consumer.say('where is my order?');
  const { url, attempt_id } = await consumer.next(isOffer);
  expect(await consumer.signIn(url ?? '', user, 'Refuse')).toBe('declined');
  await consumer.next((event) => isEnd(event) && event.attempt_id === attempt_id && event.outcome === 'declined');
  const sentences = () => consumer.seen.filter((event) => text(event) === sentence('en', 'outcome.declined'));
  await consumer.next((event) => text(event) === sentence('en', 'outcome.declined'));
  expect(sentences()).toHaveLength(1);
  return consumer;
}

/** As far as "shall I?". */
export async function askedToConfirm(town: Town, as: number): Promise<PatientConsumer> {
  const consumer = await openPatiently([town.server.url], town.bots.managed);
  await ask(town, consumer, { question: 'cancel my order', as, answer: /Shall I\?/ });
  return consumer;
}

export type Told = 'done' | 'unknown' | 'refused';

/** "Cancel my order", one "shall I?", one yes: and what the consumer is told in the end. */
export async function cancelMyOrder(town: Town, as: number): Promise<{ consumer: PatientConsumer; told: Told }> {
  const consumer = await openPatiently([town.server.url], town.bots.managed);
  const answer = /Shall I\?|Done|cannot be cancelled|do not know whether/;
  for (let tries = 0; tries < mostTries; tries += 1) {
    const question = await ask(town, consumer, { question: 'cancel my order', as, answer });
    const end = question.quick_replies ? await yesTo(town, consumer, as) : question;
    if (/Done/.test(text(end))) return { consumer, told: 'done' };
    if (/cannot be cancelled/.test(text(end))) return { consumer, told: 'refused' };
    if (text(end) === sentence('en', 'outcome.result_unknown')) return { consumer, told: 'unknown' };
  }
  throw new Error(`no end: ${JSON.stringify(consumer.seen).slice(-3_000)}`);
}

async function yesTo(town: Town, consumer: PatientConsumer, as: number): Promise<SeenEvent> {
  const user = town.brand.users[as];
  await consumer.say('yes');
  const answered = user && (await untilAnswered(consumer, { user, answer: /./ }));
  if (!answered) throw new Error('no answer to a yes');
  return answered;
}
