import { expect, test } from 'vitest';
import { readScript } from './read-script.ts';

const faultsOf = (json: unknown): string[] => {
  const read = readScript(json);
  return read.ok ? [] : read.faults.map(({ path, message }) => `${path} ${message}`);
};

test('both spellings are read, and unknown keys are ignored', () => {
  const turns = [{ say: 'hi', mood: 'good' }, { expect: [{ text: 'Hello.', colour: 'red' }] }];
  const snake = {
    setup: { lp_customer_info: { balance: 1 }, nlu: [{ utterance: 'hi', intent_id: 'i' }], sign_in: 'grant' },
    turns,
  };
  const camel = {
    setup: { lpCustomerInfo: { balance: 1 }, nlu: [{ utterance: 'hi', intentId: 'i' }], signIn: 'grant' },
    turns,
    x: 1,
  };
  for (const json of [snake, camel])
    expect(readScript(json)).toMatchObject({
      ok: true,
      script: { setup: { lp_customer_info: { balance: 1 }, nlu: [{ intent_id: 'i' }], sign_in: 'grant' } },
    });
  const named = readScript({ setup: { nlu: [{ utterance: 'hi', intentName: 'greet' }] }, turns });
  expect(named).toMatchObject({ script: { setup: { nlu: [{ intent: 'greet' }] } } });
});

test.each([
  [null, ' A conversation script is a JSON object.'],
  [{}, '/turns A script has a list of turns: what is said and what is expected.'],
  [{ turns: [{}] }, '/turns/0 A turn has exactly one of say, tap, advance, expect; `events` goes with `expect`.'],
  [{ turns: [{ say: 'a', tap: 'b' }] }, '/turns/0 A turn has exactly one of'],
  [{ turns: [{ say: 1 }] }, '/turns/0/say must be a text'],
  [
    { turns: [{ say: 'a' }, { expect: [{ text: 'a' }, { buttons: 'b' }] }] },
    '/turns/1/expect/1/buttons must be a list',
  ],
  [{ turns: [{ advance: -1 }] }, '/turns/0/advance'],
  [{ turns: [], setup: { sign_in: 'maybe' } }, '/setup/sign_in must be one of "grant", "decline", "expire", "never"'],
  [{ turns: [], apis: [{ status: 200, match: {} }] }, '/apis/0/match/urlContains is missing'],
  [{ turns: [], apis: [{ match: { urlContains: '/' }, status: 42 }] }, '/apis/0/status'],
  [{ turns: [], expectApiCalls: {} }, '/expectApiCalls must be a list'],
])('%j: a fault names its place', (json, fault) => {
  expect(faultsOf(json).join('\n')).toContain(fault);
});

test('a script that is too deep is refused before it is looked at', () => {
  let deep: unknown = 'x';
  for (let depth = 0; depth < 10_000; depth += 1) deep = [deep];
  expect(faultsOf({ turns: [{ expect: [{ rich: deep }] }] })).toEqual([expect.stringContaining('too large')]);
});
