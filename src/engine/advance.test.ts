import fc from 'fast-check';
import { expect, test } from 'vitest';
import { advance, initialState } from './advance.ts';
import { compile } from './compile.ts';
import { botOf, dialogOf, facts, found, starter, text } from './replay.test-support.ts';

test('TK-08 nothing a consumer types is evaluated: it is shown as it was typed', () => {
  const echo = compile(
    botOf([
      {
        id: 'f',
        name: 'f',
        type: 'fallback',
        interactions: [{ id: 't', name: 't', type: 'text', text: '{$userMessage}|{$botContext.kept}', rules: [] }],
      },
    ]),
  );
  const state = {
    ...initialState(),
    initialised: true,
    variables: { ...initialState().variables, session: { secret: 'S3CRET', kept: 'k' } },
  };
  fc.assert(
    fc.property(
      fc.array(
        fc.constantFrom('{$botContext.secret}', '{$env.host}', '${secret}', '{', '}', '<script>', '(*|*)', 'x'),
        { minLength: 1, maxLength: 6 },
      ),
      (typed) => {
        const text = typed.join('');
        const step = advance({ bot: echo, facts }, state, { type: 'message', text, at: 0 });
        expect(step.emitted).toContainEqual({ type: 'message', message: { text: `${text}|k` } });
        expect(JSON.stringify(step.emitted)).not.toContain('S3CRET');
      },
    ),
  );
});

test('a result nobody waits for changes nothing', () => {
  const bot = compile(botOf([]));
  const step = advance({ bot, facts }, initialState(), { type: 'call_ended', result: found });
  expect(step.state).toEqual(initialState());
  expect(step.need).toBeUndefined();
});

test('nor does it change what is under way: the result that is waited for still counts', () => {
  const hooked = dialogOf('d', starter('s', 'go'), text('t', 'Hi', { pre_process: 'js' }));
  const bot = compile(botOf([hooked]));
  const asked = advance({ bot, facts }, initialState(), { type: 'message', text: 'go', at: 0 });
  const odd = advance({ bot, facts }, asked.state, { type: 'call_ended', result: found });
  expect(odd.state).toEqual(asked.state);
  const page = advance({ bot, facts }, odd.state, { type: 'web_view', variables: { x: '1' } });
  const done = advance({ bot, facts }, page.state, { type: 'script_ended', result: { effects: [] } });
  expect(done.emitted).toContainEqual({ type: 'message', message: { text: 'Hi' } });
});
