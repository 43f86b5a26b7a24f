import { describe, expect, test } from 'vitest';
import type { Integration, Rule } from '../bot/document.ts';
import { botOf, converse, dialogOf, found, integration, orders, starter, text } from './replay.test-support.ts';
import { fieldValue } from './result.ts';
import type { CallResult } from './step.ts';
import { xmlAsJson } from './xml.ts';

const bot = (rules?: Rule[], change: Partial<Integration> = {}) =>
  botOf(
    [
      dialogOf(
        'd',
        starter('s', 'order'),
        integration('call', rules ? { rules } : {}),
        text('answer', 'Your {Orders.item}', { next: { go: 'end' } }),
        text('sorry', 'Sorry'),
      ),
    ],
    { integrations: [{ ...orders, ...change }] },
  );
const answered = (status: number, body = '{"item":"Lamp"}'): CallResult => ({
  outcome: status === 200 || status === 201 ? 'success' : 'failure',
  status,
  body,
});
const session = (body: string, change: Partial<Integration> = {}) =>
  converse(bot(undefined, change), { call: () => ({ ...found, body }) }).say('order').state.variables.session;

describe('the result model', () => {
  test('LP-87 api_X is an object whose jsonData is the JSON text of {"api_X": answer}', () => {
    const { api_Orders } = session('{"item": "Lamp"}');
    expect(api_Orders).toEqual({ jsonData: '{"api_Orders":{"item": "Lamp"}}' });
  });

  test('LP-88 api_XStatus holds the status code', () => {
    for (const status of [200, 201, 204, 404]) {
      const { state } = converse(bot(), { call: () => answered(status) }).say('order');
      expect(state.variables.session['api_OrdersStatus']).toBe(String(status));
    }
  });

  test('LP-79 LP-82 200 and 201 take the success rule, everything else the failure rule', () => {
    const rules: Rule[] = [
      { when: { match: 'api_result', status: 'success' }, then: { go: 'interaction', id: 'answer' } },
      { when: { match: 'api_result', status: 'failure' }, then: { go: 'interaction', id: 'sorry' } },
    ];
    const said = (status: number) => converse(bot(rules), { call: () => answered(status) }).say('order').texts[0];
    expect([200, 201].map(said)).toEqual(['Your Lamp', 'Your Lamp']);
    for (const status of [202, 203, 204, 206, 301, 302, 400, 401, 404, 418]) expect(said(status)).toBe('Sorry');
  });

  test('LP-80 LP-81 an unhandled failure says the default sentence; a failure rule replaces it', () => {
    const failing = { call: () => answered(404) };
    expect(converse(bot(), failing).say('order').texts).toEqual(['Sorry, I could not find anything for that.']);
    const rules: Rule[] = [
      { when: { match: 'api_result', status: 'failure' }, then: { go: 'interaction', id: 'sorry' } },
    ];
    expect(converse(bot(rules), failing).say('order').texts).toEqual(['Sorry']);
  });

  test('LP-83 LP-89 fields follow paths, [0] and [i], and .count says how many were found', () => {
    const fields = [
      { key: 'names', value: '{$.api_Orders.items[i].name}' },
      { key: 'first', value: '{$.api_Orders.items[0].name}' },
      { key: 'none', value: '{$.api_Orders.gone[i].name}' },
      { key: 'deep', value: '{$.api_Orders.items[i].tags[i]}' },
      { key: 'said', value: 'as it is' },
    ];
    const body = '{"items":[{"name":"A","tags":["x","y"]},{"name":"B","tags":["z"]}]}';
    expect(session(body, { fields })).toMatchObject({
      'Orders.names': ['A', 'B'],
      'Orders.names.count': '2',
      'Orders.first': 'A',
      'Orders.first.count': '1',
      'Orders.none.count': '0',
      'Orders.deep': ['x', 'y', 'z'],
      'Orders.said': 'as it is',
    });
  });

  test('LP-93 the latest call is what scripts are told of', () => {
    const results = [found, answered(503), { outcome: 'timed_out', status: null, body: null } as const];
    const chat = converse(bot(), { call: () => results.shift() ?? found });
    expect(chat.say('order').state.last_call).toEqual({ successful: true, status: '200' });
    expect(chat.say('order').state.last_call).toEqual({ successful: false, status: '503' });
    expect(chat.say('order').state.last_call).toEqual({ successful: false, status: '' });
  });

  test('LP-91 pre-process, call, transform, fields, post-process, next action', () => {
    const dialogs = [
      dialogOf(
        'd',
        starter('s', 'order'),
        integration('call', { pre_process: 'a', post_process: 'b' }),
        text('t', 'T'),
      ),
    ];
    const order: string[] = [];
    const document = botOf(dialogs, { integrations: [{ ...orders, transform: 'c' }] });
    const replayed = converse(document, {
      script: ({ hook, scope }) => {
        order.push(`${hook}:${scope.variables['Orders.item'] === undefined ? 'no field' : 'field'}`);
        return { effects: [] };
      },
      call: () => {
        order.push('call');
        return found;
      },
    }).say('order');
    expect(order).toEqual(['pre_process:no field', 'call', 'transform:no field', 'post_process:field']);
    expect(replayed.texts).toEqual(['T']);
  });
});

describe('LP-86 XML answers', () => {
  const xml =
    '<?xml version="1.0"?><orders total="2"><order id="7"><item>Lamp &amp; shade</item></order><order id="8"><item><![CDATA[<b>]]></item></order></orders>';

  test('are kept as JSON, so that paths work', () => {
    const fields = [
      { key: 'items', value: '{$.api_Orders.orders.order[i].item}' },
      { key: 'first', value: '{$.api_Orders.orders.order[0].@id}' },
      { key: 'total', value: '{$.api_Orders.orders.@total}' },
    ];
    const kept = session(xml, { fields });
    expect(kept).toMatchObject({
      'Orders.items': ['Lamp & shade', '<b>'],
      'Orders.items.count': '2',
      'Orders.first': '7',
      'Orders.total': '2',
    });
    // The variable is the one that was stored right above.
    const { jsonData } = kept['api_Orders'] as { jsonData: string };
    expect(JSON.parse(jsonData).api_Orders.orders.order[1]).toEqual({ '@id': '8', item: '<b>' });
  });

  test('LP-89 a member that is called i is not every element', () => {
    const answer = { data: { i: 'V' }, i: [{ t: 'a' }, { t: 'b' }], a: [{ i: 1 }, { i: 2 }] };
    const value = (path: string) => fieldValue(answer, `{$.${path}}`);
    expect(value('data.i')).toBe('V');
    expect(value('i[0].t')).toBe('a');
    expect(value('i[1].t')).toBe('b');
    expect(value('i[i].t')).toEqual(['a', 'b']);
    expect(value('a[i].i')).toEqual([1, 2]);
    expect(value('a.i')).toBeNull();
    expect(value('a[ i ].i')).toEqual([1, 2]);
  });

  test('a list of one is a list to [i]', () => {
    expect(fieldValue({ a: { b: { c: '1' } } }, '{$.a.b[i].c}')).toEqual(['1']);
    expect(fieldValue({ a: { b: 'x' } }, '{$.a.b[i]}')).toEqual(['x']);
    expect(fieldValue({ a: { b: 'x' } }, '{$.a.b[i].c}')).toBeNull();
  });

  test('20,000 elements are read', () => {
    expect(xmlAsJson(`<a>${'<b>x</b>'.repeat(19_999)}</a>`)).toEqual({ a: { b: Array(19_999).fill('x') } });
  });

  test('text, emptiness, comments and names of every kind', () => {
    expect(xmlAsJson(' <a/>')).toEqual({ a: '' });
    expect(xmlAsJson('<a><!-- no --><b x="1">t</b></a>')).toEqual({ a: { b: { '@x': '1', '#text': 't' } } });
    expect(xmlAsJson('<s:a xmlns:s="u"><s:b>1</s:b></s:a>')).toEqual({ 's:a': { '@xmlns:s': 'u', 's:b': '1' } });
    const odd = xmlAsJson('<a><__proto__>x</__proto__><constructor>y</constructor></a>');
    expect(JSON.stringify(odd)).toBe('{"a":{"__proto__":"x","constructor":"y"}}');
    expect(Reflect.get({}, 'x')).toBeUndefined();
  });

  test.each([
    ['an entity bomb', '<!DOCTYPE a [<!ENTITY b "bbbbbbbb"><!ENTITY c "&b;&b;&b;&b;">]><a>&c;</a>'],
    ['an external entity', '<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]><a>&x;</a>'],
    ['absurd depth', `${'<a>'.repeat(100_000)}${'</a>'.repeat(100_000)}`],
    ['101 levels', `${'<a>'.repeat(101)}${'</a>'.repeat(101)}`],
    ['20,001 elements', `<a>${'<b></b>'.repeat(20_000)}</a>`],
    ['240,000 elements', `<a>${'<b/>'.repeat(240_000)}</a>`],
    ['61,000 attributes', `<a ${Array.from({ length: 61_000 }, (_, at) => `a${at}=''`).join(' ')}/>`],
    ['what is cut off', '<a><b>'],
    ['a web page', '<!DOCTYPE html><html><body>login</body></html>'],
    ['a web page without its type', '<html><body>login</body></html>'],
    ['words', 'no <a>xml</a>'],
  ])('%s is no XML to us: the answer stays a text', (_name, body) => {
    expect(xmlAsJson(body)).toBeUndefined();
    expect(session(body)['api_Orders']).toEqual({ jsonData: JSON.stringify({ api_Orders: body }) });
  });
});
