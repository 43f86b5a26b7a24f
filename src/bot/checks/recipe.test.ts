import { expect, test } from 'vitest';
import { checkDocument } from '../check.ts';

const snippet = `var t = botContext.getWebViewVariable('cidp_accessToken');
if (t) botContext.setBotVariable('cidp_accessToken', t, true, false);`;
const token = '{$botContext.cidp_accessToken}';

const starter = { id: 's', name: 's', type: 'starter', patterns: ['order'] };
const call = (more: object = {}) => ({
  id: 'c',
  name: 'c',
  type: 'integration',
  integration: 'Orders',
  pre_process: snippet,
  rules: [{ when: { match: 'api_result', status: 'failure' }, then: { go: 'interaction', id: 'l' } }],
  ...more,
});
const login = {
  id: 'l',
  name: 'l',
  type: 'button_question',
  text: 'Verify',
  buttons: [{ label: 'Login', type: 'link', callback: '{$botContext.external_auth_url}' }],
};
const text = (id: string, more: object = {}) => ({ id, name: id, type: 'text', text: id, ...more });

const dialog = (id: string, interactions: object[]) => ({ id, name: id, type: 'standard', interactions });
const bot = (dialogs: object[], more: object = {}) => ({
  format: 'errand.bot/1',
  name: 'Bot',
  dialogs,
  integrations: [
    {
      id: 'i',
      name: 'Orders',
      type: 'api',
      method: 'GET',
      url: 'https://api.example/orders',
      response_variable: 'Orders',
      credential: 'Brand',
      headers: [{ key: 'Authorization', value: `Bearer ${token}` }],
    },
  ],
  ...more,
});
/** Places at which the link is said to be empty, or the code to be missing. */
const told = (document: object) =>
  checkDocument(document).problems.flatMap(({ path, message }) =>
    /link will be empty|pre-process code/.test(message) ? [path] : [],
  );

test('LP-12 the recipe as its page has it is right', () => {
  const end = { next: { go: 'end' } };
  expect(told(bot([dialog('d', [starter, call(), text('found', end), login])]))).toEqual([]);
});

test('LP-12 a link that a way leads to past every call that asks will be empty, wherever it stands', () => {
  const at = (n: number, in_ = 0) => [`/dialogs/${in_}/interactions/${n}`];
  // The button first, and the call behind it, whose failures lead back.
  expect(told(bot([dialog('d', [starter, login, call()])]))).toEqual(at(1));
  expect(told(bot([dialog('d', [starter, call({ enabled: false }), login])]))).toEqual(at(2));
  const asks = { id: 'q', name: 'q', type: 'text_question', text: 'Go on?' };
  const yes = (id: string) => ({
    rules: [{ when: { match: 'pattern', patterns: ['y'] }, then: { go: 'dialog', id } }],
  });
  // In another dialog, and only reached after the call.
  const other = dialog('e', [text('to'), login]);
  expect(told(bot([dialog('d', [starter, call({ rules: [] }), text('a'), { ...asks, ...yes('e') }]), other]))).toEqual(
    [],
  );
  const ownWords = dialog('e', [{ ...starter, id: 'z', name: 'z', patterns: ['log in'] }, login]);
  expect(told(bot([dialog('d', [starter, call({ rules: [] }), { ...asks, ...yes('e') }]), ownWords]))).toEqual(
    at(1, 1),
  );
  expect(told(bot([dialog('d', [starter, text('a'), login])], { integrations: [] }))).toEqual(at(2));
});

test('LP-12 a token that is kept in a variable of another name is sent all the same', () => {
  const document = bot([dialog('d', [starter, call(), text('found', { next: { go: 'end' } }), login])]);
  const headers = (value: string) => [{ key: 'Authorization', value }];
  const told = (value: string) =>
    checkDocument({
      ...document,
      integrations: document.integrations.map((one) => ({ ...one, headers: headers(value) })),
    }).problems.filter(({ path }) => path === '/integrations/0/headers');
  expect(told('Bearer {$botContext.tok}')).toEqual([]);
  expect(told('Basic')).toHaveLength(1);
});

test.each([
  ['', 1],
  ["botContext.getBotVariable('cidp_accessToken')", 1],
  ["botContext.getWebViewVariable('cidp_accessToken')", 1],
  ["botContext.setBotVariable('token', botContext.getWebViewVariable('cidp_accessToken'), true, false)", 1],
  ["botContext.setBotVariable('cidp_accessToken', 'x', true, false)", 1],
  [snippet, 0],
  ["botContext.setBotVariable('cidp_accessToken', botContext.getWebViewVariables().cidp_accessToken, false, false)", 0],
  ["put(botContext, botContext.getWebViewVariable('cidp_accessToken'))", 0],
])('LP-12 the code before the call must set what the header sends: %s', (pre_process, times) => {
  const inPlace = bot([dialog('d', [starter, call({ pre_process }), text('a', { next: { go: 'end' } }), login])]);
  expect(told(inPlace)).toHaveLength(times);
  const end = text('a', { next: { go: 'end' } });
  const shared = bot([dialog('d', [starter, call({ pre_process: 'keep();' }), end, login])], {
    global_functions: `function keep() { ${pre_process} }`,
  });
  expect(told(shared)).toHaveLength(times);
});
