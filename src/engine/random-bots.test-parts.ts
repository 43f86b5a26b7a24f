/** Arbitrary bots of every kind the document's schema knows, and what may happen to them. */
import fc from 'fast-check';
import type { Action, BotDocument, Condition, Dialog, Integration, Interaction, Rule } from '../bot/document.ts';
import type { Json } from '../world/json.ts';
import { botOf, found, orders } from './replay.test-support.ts';
import type { CallResult, FoundEntity, Input, ScriptEffect, UnderstoodIntent } from './step.ts';

const is = <const T>(value: T): fc.Arbitrary<T> => fc.constant(value);
/** The same where a list must stay one that may be changed. */
const plain = <T>(value: T): fc.Arbitrary<T> => fc.constant<T>(value);
const few = <T>(one: fc.Arbitrary<T>, maxLength = 3): fc.Arbitrary<T[]> => fc.array(one, { maxLength });

const names = ['a', 'b', 'c', 'd'];
const ids = names.flatMap((name) => ['0', '1', '2', '3'].map((at) => `${name}${at}`));
const id = fc.constantFrom(...ids, 'nowhere');
const dialogId = fc.constantFrom(...names, 'nowhere');
const intent = fc.constantFrom('i1', 'i2', 'Second', 'elsewhere');
const entity = fc.constantFrom('city', 'number', 'unheard');
export const words = fc.constantFrom(
  'hi',
  'yes',
  'no',
  '7',
  'order',
  'Rome',
  '1',
  'User Selected: x',
  '__proto__',
  '',
  '{$botContext.x}',
);
const template = fc.constantFrom(
  'Hi',
  '{$userMessage}',
  '{$botContext.x} {$botContext.slot.s}',
  '{Orders.all}',
  'BLANK_MESSAGE',
  'LP_CLOSEDIALOG',
  'SET_USER_PROFILE | {"name":"{$userMessage}"}',
  '{$botContext.external_auth_url}',
  '{$errand.escalate}',
);
const label = fc.constantFrom('Yes', '{$botContext.x}', 'no');
const scope = fc.constantFrom('request', 'dialog', 'session', 'forever');
const patterns = few(fc.constantFrom('*', 'hi*', '(yes|no)', 'order', '*a*(|b)', ')', '7'), 2);

const action: fc.Arbitrary<Action> = fc.oneof(
  { weight: 6, arbitrary: fc.record({ go: fc.constantFrom('next', 'current', 'end') }) },
  { weight: 1, arbitrary: fc.record({ go: fc.constantFrom('close_dialog', 'close_conversation') }) },
  { weight: 3, arbitrary: fc.record({ go: is('interaction'), id }) },
  { weight: 2, arbitrary: fc.record({ go: is('dialog'), id: dialogId }) },
);
const condition: fc.Arbitrary<Condition> = fc.oneof(
  fc.record({ match: is('pattern'), patterns, exclude: patterns }),
  fc.record({ match: is('regex'), regex: fc.constantFrom('^[0-9]+$', 'y', '('), exclude: patterns }),
  fc.record({ match: fc.constantFrom('exact', 'option'), value: words }),
  fc.record({ match: is('intent'), intent }),
  fc.record({ match: is('no_match'), message: template }),
  fc.record({ match: is('api_result'), status: fc.constantFrom('success', 'failure') }),
  fc.record({ match: is('outcome'), outcome: fc.constantFrom('timed_out', 'brand_unavailable', 'failure') }),
);
const variableCondition = fc.record({
  variable: fc.constantFrom('x', 'slot.s', '{$userMessage}'),
  match: fc.constantFrom('any', 'contains', 'not_contains', 'equals', 'not_equals'),
  value: words,
});
const rule: fc.Arbitrary<Rule> = fc.record(
  {
    name: is('r'),
    when: condition,
    variables: few(variableCondition, 2),
    variables_match: fc.constantFrom('all', 'any'),
    set: few(fc.record({ name: fc.constantFrom('x', 'slot.s', '__proto__'), value: template, scope }), 2),
    slot: fc.oneof(fc.record({ name: is('s'), entity }), fc.record({ name: is('s'), value: template })),
    then: action,
  },
  { requiredKeys: ['then'] },
);

const button = fc.oneof(
  fc.record({
    label,
    type: is('link'),
    callback: fc.constantFrom('https://a.example', '{$botContext.external_auth_url}'),
  }),
  fc.record({ label, type: is('postback'), callback: words }),
);
const pictures = fc.constantFrom('https://a.example/{$botContext.x}.png', 'javascript:alert(1)', '{Orders.all}');
const contents = fc.constantFrom(
  '{"type":"vertical","elements":[{"type":"text","text":"{$userMessage}"}]}',
  '{"type":"text"',
  '{$botContext.x}',
);
const tile = fc.record({
  title: fc.constantFrom('T', '{Orders.all}'),
  subtitle: label,
  image: pictures,
  item_url: pictures,
  buttons: few(button, 2),
});

/** By type: what an interaction of that kind has of its own. Question or not, it also has what all have. */
const kinds = {
  starter: fc.record({ patterns, exclude: patterns, intent }, { requiredKeys: [] }),
  text: fc.record({ text: template }),
  image: fc.record({ url: pictures, alt: is('A picture') }),
  text_question: fc.record({ text: template }),
  button_question: fc.record({ text: template, buttons: few(button) }),
  quick_reply: fc.record({
    text: template,
    replies: few(fc.record({ title: label, payload: words })),
    replies_per_row: is(2),
  }),
  multiple_choice: fc.record({
    text: template,
    choices: fc.array(label, { minLength: 1, maxLength: 3 }),
    display: fc.constantFrom('buttons', 'quick_replies'),
    list_style: fc.constantFrom('numbers', 'letters'),
  }),
  structured: fc.record({ tiles: fc.array(tile, { minLength: 1, maxLength: 2 }), display: is('horizontal') }),
  universal: fc.record({ content: contents }),
  list_picker: fc.record({
    text: template,
    sections: is([{ title: 'S', items: [{ title: 'One' }, { title: '{$botContext.x}' }] }]),
    multiple: fc.boolean(),
  }),
  time_picker: fc.record({
    text: template,
    slots: is([{ start: '2026-04-30T13:30+0000', duration_minutes: 30 }, { start: '{$botContext.x}' }]),
  }),
  file_upload: fc.record({ text: template, accept: is(['pdf']), integration: fc.constantFrom('Files', 'nowhere') }),
  integration: fc.record({ integration: fc.constantFrom('Orders', 'Function', 'nowhere') }),
  transfer: fc.record({ text: template, skill: template, context: fc.boolean() }),
  route: fc.record({ bot: fc.constantFrom('Other', '{$botContext.x}'), message: template, intent: template }),
  opaque: is({ imported_type: 'APPLE_PAY', content: { any: [1, null] } }),
} satisfies Record<Interaction['type'], fc.Arbitrary<object>>;

const statements: readonly string[] = ['starter', 'text', 'image', 'integration', 'transfer', 'route', 'opaque'];

function interactionAt(at: string, types: readonly Interaction['type'][]): fc.Arbitrary<Interaction> {
  const code = fc.constantFrom('', 'js', "botContext.getNamedEntities('city')");
  const common = fc.record(
    {
      enabled: fc.boolean(),
      delay_ms: is(10),
      pre_process: code,
      post_process: code,
      rules: few(rule),
      next: action,
    },
    { requiredKeys: [] },
  );
  const question = fc.record(
    { process_user_response: code, fallback_response: template, slot: fc.record({ name: is('s'), entity }) },
    { requiredKeys: [] },
  );
  return fc
    .constantFrom(...types)
    .chain((type) =>
      fc
        .tuple(common, statements.includes(type) ? is({}) : question, kinds[type])
        .map((parts) => interactionOf({ id: at, name: at, type }, ...parts)),
    );
}

function interactionOf(...parts: object[]): Interaction {
  // Each part is of its type's shape; that the whole is one is tested beside.
  return Object.assign({}, ...parts) as Interaction;
}

// Object.keys forgets that the keys of a constant are known.
const every = Object.keys(kinds) as Interaction['type'][];
const notStarter = every.filter((type) => type !== 'starter');

function dialogNamed(name: string, type: Dialog['type']): fc.Arbitrary<Dialog> {
  const [first = '', ...rest] = ids.filter((one) => one.startsWith(name));
  const begin = interactionAt(first, type === 'standard' ? ['starter', 'starter', 'text_question'] : notStarter);
  const optional = fc.record(
    { enabled: fc.boolean(), threshold: is(1), extra_choice: is('None'), extra_reply: template },
    { requiredKeys: [] },
  );
  return fc
    .tuple(begin, optional, ...rest.map((at) => interactionAt(at, notStarter)))
    .map(([one, more, ...others]) => ({
      id: name,
      name,
      type,
      ...more,
      interactions: [one, ...others],
    }));
}

const integrations: Integration[] = [
  orders,
  { ...orders, id: 'function', name: 'Function', type: 'function', method: 'POST', response_variable: 'F', fields: [] },
  { ...orders, id: 'files', name: 'Files', type: 'file', method: 'POST', response_variable: 'U', fields: [] },
];

export const bots: fc.Arbitrary<BotDocument> = fc
  .tuple(
    dialogNamed('a', 'standard'),
    dialogNamed('b', 'standard'),
    fc.constantFrom<Dialog['type']>('standard', 'fallback', 'disambiguation').chain((type) => dialogNamed('c', type)),
    fc.constantFrom<Dialog['type']>('standard', 'fallback', 'auto_escalation').chain((type) => dialogNamed('d', type)),
    fc.record(
      {
        intents: plain([
          { id: 'i1', name: 'First', phrases: ['hi'] },
          { id: 'i2', name: 'Second', phrases: [] },
        ]),
        entities: plain([{ name: 'city', type: 'list' as const, values: [{ value: 'Rome' }] }]),
        agents: is({ integration: 'Function', fallback_skill: 'others' }),
        group: is('g'),
        debug: fc.boolean(),
        session_length_minutes: is(1),
        default_response: template,
        global_functions: fc.constantFrom('', 'function __initConversation() {}'),
        outcome_messages: is({ timed_out: 'Too slow' }),
      },
      { requiredKeys: [] },
    ),
  )
  .map(([a, b, c, d, more]) =>
    botOf([a, b, c, ...(d.type === c.type && d.type === 'fallback' ? [] : [d])], { integrations, ...more }),
  );

const value: fc.Arbitrary<Json> = fc.jsonValue({ maxDepth: 2 }).map((one): Json => JSON.parse(JSON.stringify(one)));
const effect: fc.Arbitrary<ScriptEffect> = fc.oneof(
  fc.record({ type: is('go_to'), interaction: fc.oneof(id, is('platform.default')) }),
  fc.record({
    type: is('set_variable'),
    name: fc.constantFrom('x', 'slot.s', '__proto__', 'cidp_accessToken', 'skipPreviousDialog'),
    value,
    scope,
  }),
  fc.record({ type: is('send'), text: template }),
  fc.record({
    type: is('send_quick_replies'),
    text: template,
    replies: plain([{ title: 'Yes', payload: 'yes' }]),
  }),
  fc.record({ type: is('add_quick_replies'), replies: plain([{ title: 'No', payload: 'no' }]) }),
  fc.record({ type: is('reply_immediately'), texts: few(template, 2) }),
  fc.record({ type: is('delay'), ms: fc.constantFrom(-1, 5, 1e9, Number.NaN) }),
  fc.record({ type: is('allow_long_text'), allow: fc.boolean() }),
  fc.record({ type: is('log'), level: is('warn'), text: template }),
  fc.record({ type: is('custom_event'), name: label, message: template, detail: value }),
  fc.record({ type: is('escalation_event'), message: template, target: is('LivePerson') }),
  fc.record({ type: is('bot_transfer'), intent, message: template }),
  fc.record({ type: is('context'), change: is({ op: 'register', namespace: 'n', ttl_s: null }) }),
);

const results: fc.Arbitrary<CallResult> = fc.constantFrom(
  found,
  { outcome: 'success', status: 200, body: '{"items":[{"name":"a"},{"name":"b"}]}' },
  { outcome: 'failure', status: 401, body: '{', variables: { external_auth_url: 'errand:sign-in:a1' } },
  { outcome: 'timed_out', status: null, body: null },
);

const understood: fc.Arbitrary<UnderstoodIntent> = fc
  .tuple(
    intent,
    fc.constantFrom<UnderstoodIntent['rank']>('very_good', 'good', 'fair_plus', 'fair_plus', 'fair', 'none'),
  )
  .map(([one, rank]) => ({ id: one, name: `{${one}}`, score: rank === 'none' ? 0 : 0.6, rank }));
const entityFound: fc.Arbitrary<FoundEntity> = entity.map((one) => ({ entity: one, value: 'Rome', phrase: 'rome' }));

const at = fc.integer({ min: 0, max: 10_000_000 });
const file = is({ id: 'f1', name: 'a.pdf', type: 'application/pdf', size: 3, caption: null });
const strays: fc.Arbitrary<Input> = fc.oneof(
  fc.record({ type: is('parked_call_ended'), call_id: fc.constantFrom('p0', 'p1', '__proto__'), result: results }),
  fc.record({ type: is('call_parked'), call_id: is('p1'), instead_of: is('p0') }),
  fc.record({ type: is('run_again'), interaction_id: id }),
  fc.record({ type: is('regex_matched'), matched: few(fc.boolean(), 2), failed: fc.boolean() }),
  fc.record({ type: is('web_view'), variables: is({ x: '1', cidp_accessToken: 'x' }) }),
  fc.record({ type: is('transfer_failed'), at }),
  fc.constant<Input>({ type: 'given_back' }),
  fc.record({ type: is('transferred'), accepted: fc.boolean() }),
  fc.record({ type: is('not_routed'), reason: is('gone') }),
  fc.record({ type: is('file_received'), file, at }),
  fc.constant<Input>({ type: 'understood', understanding: { intents: [], entities: [] } }),
);
const message: fc.Arbitrary<Input> = fc.record(
  { type: is('message'), text: words, at, postback: words, web_view: is({ y: '2' }), intent },
  { requiredKeys: ['type', 'text', 'at'] },
);

/** What is said to a bot, and how the world answers what it needs, in turn. */
export interface World {
  inputs: Input[];
  effects: ScriptEffect[][];
  results: (CallResult | string)[];
  understandings: { intents: UnderstoodIntent[]; entities: FoundEntity[] }[];
}

export const worlds: fc.Arbitrary<World> = fc.record({
  inputs: fc.array(fc.oneof({ weight: 4, arbitrary: message }, { weight: 1, arbitrary: strays }), { maxLength: 12 }),
  effects: fc.array(few(effect), { minLength: 1, maxLength: 5 }),
  // A text is the id of a call that was parked.
  results: fc.array(fc.oneof(results, fc.constantFrom('p0', 'p1')), { minLength: 1, maxLength: 5 }),
  understandings: fc.array(fc.record({ intents: few(understood), entities: few(entityFound, 2) }), {
    minLength: 1,
    maxLength: 3,
  }),
});
