import { expect, test } from 'vitest';
import type { Interaction } from '../bot/document.ts';
import { botOf, converse, dialogOf, starter, text } from './replay.test-support.ts';

const handOver = (more: Partial<Extract<Interaction, { type: 'transfer' }>> = {}): Interaction => ({
  id: 'x',
  name: 'x',
  type: 'transfer',
  text: 'One moment.',
  skill: 'skill {$userMessage}',
  ...more,
});
const bot = (interaction: Interaction, takes: boolean) =>
  converse(
    botOf([
      dialogOf('d', starter('s', '*human*'), interaction, text('sorry', 'Nobody is there.')),
      dialogOf('f', starter('g', '__agent_escalation_failed__'), text('t', 'They could not take it.')),
      dialogOf('h', starter('i', 'hi'), text('j', 'Hello.')),
    ]),
    { transfer: () => takes },
  );
const transfers = (replayed: ReturnType<ReturnType<typeof bot>['say']>) =>
  replayed.needs.flatMap((need) => (need.type === 'transfer' ? [need] : []));

test('LP-110 a hand-over says its text, and once it is taken the bot is silent', () => {
  const chat = bot(handOver(), true);
  const asked = chat.say('human');
  expect(asked.texts).toEqual(['One moment.']);
  expect(transfers(asked)).toMatchObject([{ skill: 'skill human', agent: null, variables: null }]);
  expect(asked.state.with_people).toBe(true);
  expect(chat.say('hi').texts).toEqual([]);
  chat.feed({ type: 'given_back' });
  expect(chat.say('hi').texts).toEqual(['Hello.']);
});

test('its text has a default, and BLANK_MESSAGE is none', () => {
  const { text: _, ...plain } = { id: 'x', name: 'x', type: 'transfer', text: '' } as const;
  expect(bot(plain, true).say('human').texts).toEqual(['Transferring to an agent...']);
  expect(bot(handOver({ text: 'BLANK_MESSAGE' }), true).say('human').texts).toEqual([]);
});

test('the session’s variables go along only where the author says so, and no token among them', () => {
  const [need] = transfers(bot(handOver({ context: true }), true).say('human'));
  expect(need?.variables).toEqual({});
});

test('a refused hand-over takes its failure rule, or says so', () => {
  const rules = [{ when: { match: 'api_result', status: 'failure' } as const, then: { go: 'next' } as const }];
  expect(bot(handOver({ rules }), false).say('human').texts).toEqual(['One moment.', 'Nobody is there.']);
  expect(bot(handOver(), false).say('human').texts).toEqual([
    'One moment.',
    'Not able to transfer to Agent at this time. Please try later.',
  ]);
});

test('LP-121 a hand-over that fails later is heard by the bot; the fourth failure ends with its text', () => {
  const chat = bot(handOver(), true);
  for (let time = 0; time < 3; time += 1) {
    chat.say('human');
    expect(chat.feed({ type: 'transfer_failed', at: 2_000 }).texts).toEqual(['They could not take it.']);
  }
  expect(chat.say('human').texts).toEqual(['One moment.']);
  const fourth = chat.feed({ type: 'transfer_failed', at: 2_000 });
  expect(fourth.texts).toEqual(['Not able to transfer to Agent at this time. Please try later.']);
  chat.say('human');
  expect(chat.feed({ type: 'transfer_failed', at: 2_000 }).texts).toEqual(['They could not take it.']);
});

test('a consumer who types the platform’s words gives nothing back', () => {
  const chat = bot(handOver(), true);
  chat.say('human');
  expect(chat.say('__agent_escalation_failed__').texts).toEqual([]);
  expect(chat.feed({ type: 'given_back' }).state.failed_transfers ?? 0).toBe(0);
});

test('LP-121 hand-overs that are refused at once count too, and the fourth takes no rule', () => {
  const rules = [{ when: { match: 'api_result', status: 'failure' } as const, then: { go: 'next' } as const }];
  const chat = bot(handOver({ rules }), false);
  for (let time = 0; time < 3; time += 1) expect(chat.say('human').texts).toEqual(['One moment.', 'Nobody is there.']);
  expect(chat.say('human').texts).toEqual([
    'One moment.',
    'Not able to transfer to Agent at this time. Please try later.',
  ]);
});

test('a hand-over that people do not have cannot fail, and calls set aside do not speak into what people say', () => {
  const chat = bot(handOver(), true);
  expect(chat.feed({ type: 'transfer_failed', at: 2_000 }).texts).toEqual([]);
  chat.say('human');
  const result = { outcome: 'success', status: 200, body: '{}' } as const;
  expect(chat.feed({ type: 'parked_call_ended', call_id: 'c', result }).texts).toEqual([]);
  expect(chat.feed({ type: 'run_again', interaction_id: 'j' }).texts).toEqual([]);
});

test('a bot that takes no failed hand-over up says that nobody is there', () => {
  const chat = converse(botOf([dialogOf('d', starter('s', '*human*'), handOver())]));
  chat.say('human');
  const { texts, state } = chat.feed({ type: 'transfer_failed', at: 2_000 });
  expect(texts).toEqual(['Not able to transfer to Agent at this time. Please try later.']);
  expect(state.fallbacks).toBe(0);
});
