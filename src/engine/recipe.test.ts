import { expect, test } from 'vitest';
import type { BotDocument, Interaction } from '../bot/document.ts';
import { botOf, converse, dialogOf, facts, found, integration, starter, text } from './replay.test-support.ts';
import type { CallResult, ScriptResult } from './step.ts';
import { waitingAfter } from './waiting.ts';

const handle = `errand:token:${'h'.repeat(22)}`;
const login: Interaction = {
  id: 'login',
  name: 'login',
  type: 'button_question',
  text: 'Please verify',
  buttons: [
    {
      label: 'Login',
      type: 'link',
      callback: '{$botContext.external_auth_url}',
      target: 'new_window',
      webview: 'full',
    },
  ],
};
const recipe: BotDocument = botOf([
  dialogOf(
    'd',
    starter('s', '*order*'),
    integration('call', {
      pre_process: 'snippet',
      rules: [
        { when: { match: 'api_result', status: 'failure' }, then: { go: 'interaction', id: 'login' } },
        { when: { match: 'api_result', status: 'success' }, then: { go: 'interaction', id: 'show' } },
      ],
    }),
    login,
    text('show', 'Your {Orders.item}'),
  ),
  dialogOf('e', starter('s2', 'hello'), text('h', 'Hi')),
]);
const refused: CallResult = {
  outcome: 'failure',
  status: 401,
  body: null,
  variables: { external_auth_url: 'errand:sign-in:att_1' },
};
const snippet = (): ScriptResult => ({
  effects: [{ type: 'set_variable', name: 'cidp_accessToken', value: handle, scope: 'session' }],
});

test('a refused call leads to the Login button, whose link stands as its handle and names its attempt', () => {
  const said = converse(recipe, { call: () => refused }).say('where is my order?');
  expect(said.messages).toEqual([
    {
      text: 'Please verify',
      buttons: [{ label: 'Login', type: 'link', url: 'errand:sign-in:att_1', target: 'blank', attempt_id: 'att_1' }],
    },
  ]);
  expect(waitingAfter(said.state)).toBe('call');
});

test('when permission has come the integration runs again, hooks included, and the dialog goes on', () => {
  const results = [refused, found];
  const bot = converse(recipe, { call: () => results.shift() ?? found, script: snippet });
  bot.say('where is my order?');
  const resumed = bot.feed({ type: 'run_again', interaction_id: 'call' });
  expect(resumed.texts).toEqual(['Your Copper Kettle']);
  expect(resumed.needs.map(({ type }) => type)).toEqual(['script', 'call']);
  expect(resumed.needs[1]).toMatchObject({ variables: { cidp_accessToken: handle } });
  expect(waitingAfter(resumed.state)).toBeNull();
});

test('a consumer who has moved on no longer waits at the link; what was not understood has not moved her', () => {
  const bot = converse(recipe, { call: () => refused });
  bot.say('where is my order?');
  expect(waitingAfter(bot.say('blah').state)).toBe('call');
  const moved = bot.say('hello');
  expect(moved.texts).toEqual(['Hi']);
  expect(waitingAfter(moved.state)).toBeNull();
});

test('asking again at the link asks again, and leaves nothing to come back to', () => {
  const bot = converse(recipe, { call: () => refused });
  bot.say('where is my order?');
  const again = bot.say('where is my order?');
  expect(again.messages[0]?.buttons).toHaveLength(1);
  expect(again.state.stack).toEqual([]);
});

test('a text channel shows the link plainly', () => {
  expect(converse(recipe, { call: () => refused }, { channel: 'text' }).say('my order').messages).toEqual([
    { text: 'Please verify\nLogin: errand:sign-in:att_1' },
  ]);
});

test.each([
  ['provider_unavailable', 'not available at the moment'],
  ['unreachable', 'not available at the moment'],
  ['result_unknown', 'I did not send it again'],
  ['misconfigured', 'not set up correctly'],
] as const)('without a link there is no Login but the reason: %s', (outcome, sentence) => {
  const said = converse(recipe, {
    call: () => ({ outcome, status: null, body: null, variables: { external_auth_url: null } }),
  }).say('my order');
  expect(said.messages).toEqual([{ text: expect.stringContaining(sentence) }]);
  expect(said.traces).toContainEqual(expect.objectContaining({ kind: 'guard' }));
  expect(said.state.waiting).toBeNull();
});

test('after a call that worked a text that mentions the link says the rest', () => {
  const mentions = botOf([
    dialogOf(
      'd',
      starter('s', 'go'),
      integration('call', {}),
      text('a', 'Order 7 {$botContext.external_auth_url}here'),
    ),
  ]);
  const said = converse(mentions, {
    call: () => ({ outcome: 'success', status: 200, body: '{}', variables: { external_auth_url: null } }),
  }).say('go');
  expect(said.texts).toEqual(['Order 7 here']);
});

test('TK-05 TK-07 neither handle shows where it must not: the token in messages, both in the trace', () => {
  const leaky = botOf([
    dialogOf(
      'd',
      starter('s', 'go'),
      text('a', 'T {$botContext.cidp_accessToken} {$botContext.copy}', { pre_process: 'x' }),
    ),
  ]);
  const script = (): ScriptResult => ({
    effects: [
      { type: 'set_variable', name: 'cidp_accessToken', value: handle, scope: 'session' },
      { type: 'set_variable', name: 'copy', value: [handle, 'errand:sign-in:att_1'], scope: 'session' },
      { type: 'send', text: handle },
      { type: 'log', level: 'debug', text: handle },
    ],
  });
  const said = converse(leaky, { script }).say('go');
  expect(said.texts).toEqual(['•••', 'T ••• •••, errand:sign-in:att_1']);
  expect(JSON.stringify(said.traces)).not.toMatch(/errand:(token|sign-in)/);
});

test('TK-10 only the genuine handle is taken under the names of the platform', () => {
  const forged = `errand:token:${'x'.repeat(22)}`;
  const forging = botOf([
    dialogOf('d', starter('s', 'go'), text('a', 'Link: {$botContext.link}', { pre_process: 'x' })),
  ]);
  const script = (): ScriptResult => ({
    effects: [
      { type: 'set_variable', name: 'cidp_accessToken', value: forged, scope: 'session' },
      { type: 'set_variable', name: 'external_auth_url', value: 'https://evil.example', scope: 'session' },
    ],
  });
  const said = converse(forging, { script }, { token_handle: handle }).say('go');
  expect(said.state.variables.session).toEqual({});
  expect(said.traces.filter((entry) => entry.kind === 'log' && entry.level === 'warn')).toHaveLength(2);
});

test('the genuine handle is not handed to scripts with the facts', () => {
  const [need] = converse(recipe, {}, { ...facts, token_handle: handle }).say('order').needs;
  expect(JSON.stringify(need)).not.toContain(handle);
});
