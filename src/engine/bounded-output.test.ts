import { expect, test } from 'vitest';
import type { Interaction } from '../bot/document.ts';
import type { Json } from '../world/json.ts';
import {
  asStored,
  botOf,
  converse,
  dialogOf,
  found,
  integration,
  orders,
  starter,
  text,
} from './replay.test-support.ts';
import type { ScriptEffect } from './step.ts';
import { expand } from './template.ts';

const large = 'x'.repeat(200_000);
const sets = (name: string, value: Json): ScriptEffect => ({ type: 'set_variable', name, value, scope: 'session' });
/** Runs the effects in the hook of the first interaction after the starter. */
const doing = (effects: ScriptEffect[], ...interactions: Interaction[]) =>
  converse(
    botOf([
      dialogOf('d', starter('s', 'go'), text('first', 'BLANK_MESSAGE', { pre_process: 'code' }), ...interactions),
    ]),
    {
      script: () => ({ effects }),
    },
  );
const warned = (part: string) =>
  expect.objectContaining({ kind: 'log', level: 'warn', text: expect.stringContaining(part) });

test('a large variable named a thousand times is read once: the rest of the text is beyond the limit anyway', () => {
  let reads = 0;
  const expanded = expand('{$botContext.b}'.repeat(1_000), () => {
    reads += 1;
    return large;
  });
  expect(reads).toBe(1);
  expect(expanded).toMatchObject({ cut: true });
  expect(expanded.text).toHaveLength(20_000);
});

test('a cut never leaves half a surrogate pair', () => {
  expect(expand('{$botContext.b}', () => '😀'.repeat(20), 5).text).toBe('😀😀');
});

test('a message that its variables make too long is cut, with a warning in the trace', () => {
  const said = doing([sets('b', large)], text('t', '{$botContext.b}'.repeat(1_000))).say('go');
  expect(said.texts.join('')).toHaveLength(20_000);
  expect(said.traces).toContainEqual(warned('a text was cut'));
});

test('a link that would be cut is not shown: half a URL leads elsewhere', () => {
  const link: Interaction = {
    id: 'q',
    name: 'q',
    type: 'button_question',
    text: 'Press',
    buttons: [{ label: 'Shop', type: 'link', callback: 'https://shop.example/{$botContext.b}' }],
  };
  const said = doing([sets('b', large)], link).say('go');
  expect(said.messages).toHaveLength(1);
  expect(said.messages[0]?.buttons).toBeUndefined();
});

test.each([
  ['URL', { url: 'https://api.example/{$botContext.b}' }],
  ['URL', { url: 'https://api.example/', parameters: [{ key: 'q', value: '{$botContext.b}' }] }],
  ['header', { headers: [{ key: 'x', value: '{$botContext.b}' }] }],
  ['body', { body: '{$botContext.b}{$botContext.b}' }],
])('a request whose %s its variables make too long is misconfigured, never cut, and never made', (part, more) => {
  const document = botOf(
    [
      dialogOf(
        'd',
        starter('s', 'go'),
        text('first', 'BLANK_MESSAGE', { pre_process: 'code' }),
        integration('call', {
          rules: [{ when: { match: 'outcome', outcome: 'misconfigured' }, then: { go: 'next' } }],
        }),
        text('t', 'Not called: {Orders.item} {$botContext.api_OrdersStatus}'),
      ),
    ],
    { integrations: [{ ...orders, method: 'POST', ...more }] },
  );
  const effects = [sets('b', large), sets('Orders.item', 'old'), sets('api_OrdersStatus', 200)];
  const said = converse(document, { script: () => ({ effects }) }).say('go');
  expect(said.needs.map(({ type }) => type)).toEqual(['script']);
  expect(said.traces).toContainEqual(warned(`its ${part} is too long`));
  expect(said.texts).toEqual(['Not called: {Orders.item} {$botContext.api_OrdersStatus}']);
});

test('a variable that is too large is dropped with a warning that names it, and the old value with it', () => {
  const said = doing([sets('big', 'old'), sets('big', 'x'.repeat(300_000))], text('t', '[{$botContext.big}]')).say(
    'go',
  );
  expect(said.traces).toContainEqual(warned('"big" was not set'));
  expect(said.texts).toEqual(['[{$botContext.big}]']);
});

test('all variables of a conversation together stay within 2 MB, whatever their scope', () => {
  const scopes = ['request', 'dialog', 'session', 'forever'] as const;
  const effects = Array.from({ length: 20 }, (_, i) => ({
    ...sets(`v${i}`, large),
    scope: scopes[i % 4] ?? 'session',
  })) satisfies ScriptEffect[];
  const said = doing([...effects, sets('v0', 'small'), sets('last', 'also small')]).say('go');
  expect(JSON.stringify(said.state.variables).length).toBeLessThan(2_200_000);
  expect(said.traces.filter((entry) => entry.kind === 'log' && entry.text.includes('all variables'))).toHaveLength(10);
  expect(said.state.variables.session).toMatchObject({ v0: 'small', last: 'also small' });
});

test('a stored state above the limit, from before there was one, goes on and may only shrink', () => {
  const bot = doing([sets('more', large), sets('v3', 'less')], text('t', 'On'));
  const before = bot.say('hm').state;
  const many = Object.fromEntries(Array.from({ length: 12 }, (_, i) => [`v${i}`, large]));
  const grown = asStored({ ...before, variables: { ...before.variables, session: many } });
  const said = bot.feed({ type: 'message', text: 'go', at: 1_000 }, grown);
  expect(said.texts).toEqual(['On']);
  expect(said.state.variables.session.more).toBeUndefined();
  expect(said.state.variables.session.v3).toBe('less');
});

test('an answer of 1 MB fits where answers are kept; the same in another variable does not', () => {
  const body = JSON.stringify({ item: 'y'.repeat(1_000_000) });
  const bot = converse(botOf([dialogOf('d', starter('s', 'go'), integration('call'))]), {
    call: () => ({ ...found, body }),
  });
  const said = bot.say('go');
  expect(JSON.stringify(said.state.variables.session.api_Orders)).toContain('yyy');
  expect(said.traces).toContainEqual(warned('"Orders.item" was not set'));
  expect(doing([sets('api_Else', 'x'.repeat(300_000))]).say('go').state.variables.session).toEqual({});
});

test('a turn says at most 50 messages, and the trace says that it was stopped', () => {
  const said = doing(Array.from({ length: 200 }, (_, i): ScriptEffect => ({ type: 'send', text: `${i}` }))).say('go');
  expect(said.texts).toHaveLength(50);
  expect(said.traces.filter(({ kind }) => kind === 'guard')).toHaveLength(1);
});

test('and at most 500,000 characters', () => {
  const replies = Array.from({ length: 24 }, () => ({ title: 't', payload: 'p'.repeat(2_000) }));
  const effects = Array.from({ length: 40 }, (): ScriptEffect => ({ type: 'send_quick_replies', text: 'T', replies }));
  expect(doing(effects).say('go').texts).toHaveLength(10);
});
