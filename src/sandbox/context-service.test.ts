import { expect, test } from 'vitest';
import type { Json } from '../world/json.ts';
import { openSandbox, outputOf, type Script, sentBy } from './sandbox.test-parts.ts';

const sandbox = openSandbox();

type Kept = Record<string, Record<string, Json>>;

/** An account's namespaces, with the values of the conversation; the others own nothing. */
function keeping(kept: Kept): Script {
  return {
    answer: async ({ ask, args: [of = '', namespace = ''] }) => {
      if (ask === 'context_namespaces') return Object.keys(kept);
      if (ask !== 'context' || !Object.hasOwn(kept, namespace)) return null;
      return of === 'conversation' ? (kept[namespace] ?? null) : {};
    },
  };
}

const saying = (...expressions: string[]) =>
  `with (botContext) sendMessage(JSON.stringify([${expressions.join(', ')}]));`;

async function said(kept: Kept, ...expressions: string[]): Promise<unknown> {
  const [sent = ''] = await sentBy(sandbox, saying(...expressions), keeping(kept));
  return JSON.parse(sent);
}

const owners = [
  ['global', 'GlobalContextData'],
  ['user', 'ContextDataForUser'],
  ['conversation', 'ContextDataForConversation'],
] as const;

test.each(owners)('LP-122 the %s’s: set%s, get and delete', async (of, name) => {
  const expressions = [
    `get${name}('shop', 'a')`,
    `set${name}('shop', 'a', { b: [1, true] })`,
    `get${name}('shop', 'a').b[1]`,
    `delete${name}('shop', 'a')`,
    `get${name}('shop', 'a')`,
  ];
  const code = saying(...expressions);
  const { effects } = await outputOf(sandbox, code, keeping({ shop: {} }));
  expect(effects).toEqual([
    { type: 'context', change: { op: 'set', of, namespace: 'shop', name: 'a', value: { b: [1, true] } } },
    { type: 'context', change: { op: 'delete', of, namespace: 'shop', name: 'a' } },
    { type: 'send', text: '[null,true,true,true,null]' },
  ]);
});

test('LP-122 registerContextNamespace, and what is set in it by the same script', async () => {
  const expressions = [
    "registerContextNamespace('new', 3600)",
    "registerContextNamespace('new')",
    "setGlobalContextData('new', 'a', 1)",
    "getGlobalContextData('new', 'a')",
  ];
  const { effects } = await outputOf(sandbox, saying(...expressions), keeping({ old: {} }));
  expect(effects).toEqual([
    { type: 'context', change: { op: 'register', namespace: 'new', ttl_s: 3600 } },
    { type: 'context', change: { op: 'register', namespace: 'new', ttl_s: null } },
    { type: 'context', change: { op: 'set', of: 'global', namespace: 'new', name: 'a', value: 1 } },
    { type: 'send', text: '[true,true,true,1]' },
  ]);
});

test('LP-122 a namespace that nobody registered comes into being with what is set in it, and not with what is read', async () => {
  const expressions = [
    "getGlobalContextData('new', 'a')",
    "deleteGlobalContextData('new', 'a')",
    "setGlobalContextData('new', 'a', 1)",
    "setContextDataForUser('new', 'b', 2)",
    "getGlobalContextData('new', 'a')",
  ];
  const { effects } = await outputOf(sandbox, saying(...expressions), keeping({ old: {} }));
  expect(effects).toEqual([
    { type: 'context', change: { op: 'register', namespace: 'new', ttl_s: null } },
    { type: 'context', change: { op: 'set', of: 'global', namespace: 'new', name: 'a', value: 1 } },
    { type: 'context', change: { op: 'set', of: 'user', namespace: 'new', name: 'b', value: 2 } },
    { type: 'send', text: '[null,false,true,true,1]' },
  ]);
});

test.each([
  ['a namespace that is not written in the script', "var word = 'ne' + 'w'", 'word'],
  ['one that a consumer names', 'var word = botContext.getCurrentUserMessage()', 'word'],
  ['one that only begins like a written one', "var word = 'news'", 'word.slice(0, 3)'],
  ['one that spans written ones', "var word = ['a', 'b'] && \"a', 'b\"", 'word'],
])('SB-07 %s does not come into being', async (_what, first, name) => {
  const code = `${first}; botContext.sendMessage(botContext.setGlobalContextData(${name}, 'a', 1));`;
  const script = { ...keeping({}), scope: { user_message: 'new' } };
  const { effects } = await outputOf(sandbox, code, script);
  expect(effects).toEqual([
    { type: 'log', level: 'warn', text: expect.stringContaining('is not registered') },
    { type: 'send', text: 'false' },
  ]);
});

test('LP-122 deleteContextNamespace takes everything with it, also when it is registered again', async () => {
  const given = await said(
    { shop: { a: 1 } },
    "getContextDataForConversation('shop', 'a')",
    "deleteContextNamespace('shop')",
    "deleteContextNamespace('shop')",
    "getContextDataForConversation('shop', 'a')",
    "registerContextNamespace('shop')",
    "getContextDataForConversation('shop', 'a')",
    "deleteContextNamespace('nowhere')",
  );
  expect(given).toEqual([1, true, false, null, true, null, false]);
});

test.each(['User', 'Conversation'])('LP-122 deleteAllContextDataFor%s', async (owner) => {
  const given = await said(
    { shop: {} },
    `setContextDataFor${owner}('shop', 'a', 'x')`,
    `deleteAllContextDataFor${owner}('shop')`,
    `getContextDataFor${owner}('shop')`,
    `deleteAllContextDataFor${owner}('nowhere')`,
  );
  expect(given).toEqual([true, true, {}, false]);
});

test('LP-122 without a name all is given back, as an object and as a map', async () => {
  const kept = { shop: { city: 'Bern', list: [1, 2], get: 'data' } };
  const code = `var all = botContext.getContextDataForConversation('shop');
    var none = botContext.getContextDataForUser('shop');
    all.list.push(3);
    botContext.sendMessage(JSON.stringify([all.city, all.get, none.get('city'), Object.keys(none).length,
      botContext.getContextDataForConversation('shop').list.length]));`;
  expect(await sentBy(sandbox, code, keeping(kept))).toEqual(['["Bern","data",null,0,2]']);
  const asMap = `var map = botContext.getContextDataForConversation('shop');
    botContext.sendMessage([map.get('city'), map.containsKey('city'), map.containsKey('get'), map.size(), map.isEmpty()].join());`;
  expect(await sentBy(sandbox, asMap, keeping({ shop: { city: 'Bern' } }))).toEqual(['Bern,true,false,1,false']);
});

test('LP-122 what is left out is no name: nothing is changed, and nothing is found', async () => {
  const given = await said(
    { shop: { undefined: 'x' } },
    'registerContextNamespace()',
    'registerContextNamespace(null)',
    "setGlobalContextData('shop')",
    "setContextDataForUser('shop', null, 'x')",
    'getContextDataForUser()',
    "getGlobalContextData('shop')",
    "deleteContextDataForConversation('shop')",
  );
  expect(given).toEqual([false, false, false, false, null, null, false]);
});

test('LP-123 what is unset, or in a namespace that is not there, is null', async () => {
  const given = await said(
    { shop: {} },
    "getContextDataForConversation('shop', 'x')",
    "getContextDataForConversation('none', 'x')",
    "getContextDataForUser('none')",
    "getGlobalContextData('shop')",
    "getGlobalContextData('shop', 'constructor')",
  );
  expect(given).toEqual([null, null, null, null, null]);
});

/** Each gives false, changes nothing, and tells the author. */
const refused: [string, string, RegExp][] = [
  ['a value of 1 MB', "setContextDataForConversation('shop', 'a', new Array(1e6).join('x'))", /longer than 65536/],
  ['a property __proto__', "setContextDataForConversation('shop', '__proto__', 1)", /is not __proto__/],
  ['a property without a name', "setContextDataForConversation('shop', '', 1)", /1 to 200/],
  ['a namespace __proto__', "registerContextNamespace('__proto__')", /is not __proto__/],
  ['a namespace of 201 characters', `registerContextNamespace('${'n'.repeat(201)}')`, /1 to 200/],
  ['a life of no seconds', "registerContextNamespace('new', 0)", /whole number of seconds/],
  ['a life that is no number', "registerContextNamespace('new', 'long')", /whole number of seconds/],
  ['a value in a namespace __proto__', "setGlobalContextData('__proto__', 'a', 1)", /is not __proto__/],
];

test.each(refused)('SB-07 refuses %s', async (_what, call, why) => {
  const code = `botContext.sendMessage(botContext.${call});`;
  const { effects } = await outputOf(sandbox, code, keeping({ shop: {} }));
  expect(effects).toEqual([
    { type: 'log', level: 'warn', text: expect.stringMatching(why) },
    { type: 'send', text: 'false' },
  ]);
});

test('SB-08 a namespace that is deleted makes room for another, and one that comes back takes no second place', async () => {
  const full = Object.fromEntries(Array.from({ length: 100 }, (_, at) => [`n${at}`, {}]));
  const given = await said(
    full,
    "registerContextNamespace('new')",
    "deleteContextNamespace('n1')",
    "registerContextNamespace('n1')",
    "deleteContextNamespace('n2')",
    "setGlobalContextData('new', 'a', 1)",
    "registerContextNamespace('one more')",
  );
  expect(given).toEqual([false, true, true, true, true, false]);
});

test('SB-08 namespaces, names and characters have their limits', async () => {
  const namespaces = Object.fromEntries(Array.from({ length: 99 }, (_, at) => [`n${at}`, {}]));
  const given = await said(namespaces, "registerContextNamespace('a')", "registerContextNamespace('b')");
  expect(given).toEqual([true, false]);
  const values = Object.fromEntries(Array.from({ length: 1_000 }, (_, at) => [`v${at}`, at]));
  const full = await said(
    { shop: values },
    "setContextDataForConversation('shop', 'new', 1)",
    "setContextDataForConversation('shop', 'v7', 1)",
  );
  expect(full).toEqual([false, true]);
  const large = Object.fromEntries(Array.from({ length: 8 }, (_, at) => [`v${at}`, 'x'.repeat(64_000)]));
  const heavy = await said(
    { shop: large },
    "setContextDataForConversation('shop', 'new', new Array(60000).join('y'))",
    "setContextDataForConversation('shop', 'v1', 'z')",
  );
  expect(heavy).toEqual([false, true]);
});

test('SB-07 kept names like those of objects are data', async () => {
  const kept: Kept = { constructor: { toString: 'text', hasOwnProperty: 1 } };
  const given = await said(
    kept,
    "getContextDataForConversation('constructor', 'toString')",
    "getContextDataForConversation('constructor', 'hasOwnProperty')",
    "getContextDataForConversation('toString', 'length')",
    "setContextDataForConversation('constructor', 'valueOf', 2)",
    "getContextDataForConversation('constructor', 'valueOf')",
  );
  expect(given).toEqual(['text', 1, null, true, 2]);
});
