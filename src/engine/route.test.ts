import { expect, test } from 'vitest';
import type { Interaction } from '../bot/document.ts';
import { compile } from './compile.ts';
import { botOf, converse, dialogOf, question, starter, text } from './replay.test-support.ts';
import { groupBudget, understands } from './route.ts';

const to = (more: Partial<Extract<Interaction, { type: 'route' }>> = {}): Interaction => ({
  id: 'x',
  name: 'x',
  type: 'route',
  bot: 'Orders {$botContext.region}',
  ...more,
});
const routes = (replayed: ReturnType<ReturnType<typeof converse>['say']>) =>
  replayed.needs.filter(({ type }) => type === 'route');

test('LP-110 a hand-over to another bot names it, and what it is to hear', () => {
  const chat = converse(botOf([dialogOf('d', starter('s', '*order*'), to({ text: 'One moment.' }))]));
  const asked = chat.say('my order');
  expect(asked.texts[0]).toBe('One moment.');
  const need = { type: 'route', interaction_id: 'x', bot: 'Orders', message: 'my order', intent: null };
  expect(routes(asked)).toEqual([{ ...need, bot: expect.stringMatching(/^Orders/) }]);
});

test('what a script has set for the hand-over wins, once', () => {
  const pre_process = 'botContext.setBotTransferUserMessage("late")';
  const interaction = to({ bot: 'B', message: 'said {$userMessage}', intent: 'other', pre_process });
  let set = true;
  const chat = converse(botOf([dialogOf('d', starter('s', 'go'), interaction)]), {
    script: () => {
      const effects = set ? [{ type: 'bot_transfer' as const, message: 'late', intent: 'delivery' }] : [];
      set = false;
      return { effects };
    },
  });
  expect(routes(chat.say('go'))).toMatchObject([{ message: 'late', intent: 'delivery' }]);
  expect(routes(chat.say('go'))).toMatchObject([{ message: 'said go', intent: 'other' }]);
});

test('a bot that is not there takes the failure rule, or is said', () => {
  const rules = [{ when: { match: 'outcome', outcome: 'setup_error' } as const, then: { go: 'next' } as const }];
  const say = (interaction: Interaction) =>
    converse(botOf([dialogOf('d', starter('s', 'go'), interaction, text('t', 'Not here.'))])).say('go').texts;
  expect(say(to({ rules }))).toEqual(['Not here.']);
  expect(say(to())).toEqual([expect.stringContaining('not set up correctly')]);
});

test('a bot of a group asks it once before it falls back, with or without an open question', () => {
  const document = botOf(
    [
      dialogOf('d', starter('s', 'paint'), question('q', 'Which colour?', { rules: [], next: { go: 'end' } })),
      dialogOf(
        'e',
        starter('e-s', 'ask'),
        question('e-q', 'Sure?', { rules: [{ when: { match: 'exact', value: 'yes' }, then: { go: 'end' } }] }),
      ),
    ],
    { group: 'shop' },
  );
  const chat = converse(document);
  const lost = chat.say('what?');
  expect(routes(lost)).toMatchObject([{ group: 'shop', message: 'what?', bot: '' }]);
  expect(lost.texts).toEqual([expect.stringContaining('Not able to understand')]);
  chat.say('ask');
  const open = chat.say('what?');
  expect(routes(open)).toHaveLength(1);
  expect(open.state.waiting?.interaction).toBe('e-q');
  expect(routes(chat.say('yes'))).toEqual([]);
  expect(routes(converse(botOf([])).say('what?'))).toEqual([]);
});

test('an intent that another bot names starts its dialog, before any pattern is tried', () => {
  const chat = converse(
    botOf([
      dialogOf('d', starter('s', '*order*'), text('t', 'By pattern.')),
      dialogOf('e', { id: 'e-s', name: 'e-s', type: 'starter', intent: 'delivery' }, text('e-t', 'By intent.')),
    ]),
  );
  const say = (intent: string) => chat.feed({ type: 'message', text: 'my order', at: 1, intent }).texts;
  expect(say('delivery')).toEqual(['By intent.']);
  expect(say('unknown')).toEqual(['By pattern.']);
});

test('how well a bot understands: what is literal weighs more, a certain intent counts, a guess does not', () => {
  const bot = compile(
    botOf([
      dialogOf('d', starter('s', '*order*'), text('t', 'x')),
      dialogOf('e', { id: 'e-s', name: 'e-s', type: 'starter', intent: 'delivery', exclude: ['never'] }),
    ]),
  );
  const intent = (rank: 'good' | 'fair', score = 0.8) => ({
    intents: [{ id: 'delivery', name: 'delivery', score, rank }],
    entities: [],
  });
  expect(understands(bot, { text: 'my order', budget: groupBudget() })).toEqual({ by: 'pattern', weight: 5 });
  expect(understands(bot, { text: 'when?', understanding: intent('good'), budget: groupBudget() })).toEqual({
    by: 'intent',
    weight: 0.8,
  });
  expect(understands(bot, { text: 'when?', understanding: intent('fair'), budget: groupBudget() })).toBeUndefined();
  expect(understands(bot, { text: 'never', understanding: intent('good'), budget: groupBudget() })).toBeUndefined();
  expect(understands(bot, { text: 'when?', budget: groupBudget() })).toBeUndefined();
  expect(understands(bot, { text: 'my order', budget: { left: 0 } })).toBeUndefined();
});
