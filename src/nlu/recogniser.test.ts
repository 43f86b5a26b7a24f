import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Entity, Intent } from '../bot/document.ts';
import { leastScores, rankOf } from './recognition.ts';
import { createRecogniser } from './recogniser.ts';
import { processorTime } from '../world/processor-time.test-parts.ts';

const intents: Intent[] = [
  { id: 'i1', name: 'track', phrases: ['Where is my order?', 'track my order', 'has my package shipped'] },
  { id: 'i2', name: 'cancel', phrases: ['cancel my order', 'I want to cancel an order', 'stop my order'] },
  { id: 'i3', name: 'hours', phrases: ['when are you open', 'opening hours', 'what time do you close'] },
  { id: 'i4', name: 'untrained', phrases: [] },
];
const cities: Entity = {
  name: 'city',
  type: 'list',
  values: [{ value: 'New York', synonyms: ['NYC', 'the Big Apple'] }, { value: 'York' }, { value: 'Köln' }],
};
const languages: Entity = { name: 'language', type: 'list', values: [{ value: 'C++' }, { value: 'C' }] };

async function intentsIn(text: string) {
  const recogniser = await createRecogniser({ intents });
  return recogniser.recognise(text).intents;
}

async function entitiesIn(text: string, entities: Entity[] = [cities]) {
  const recogniser = await createRecogniser({ entities });
  return recogniser.recognise(text).entities;
}

test('a training phrase is certain, whatever its case, marks and spaces', async () => {
  const [first] = await intentsIn('  where IS my   order ');
  expect(first).toEqual({ id: 'i1', name: 'track', score: 1, rank: 'very_good' });
});

test('what is near a training phrase is less than certain, and the nearest intent comes first', async () => {
  expect((await intentsIn('where is my ordr')).map(({ name }) => name)).toEqual(['track', 'cancel']);
  const said = await intentsIn('can you tell me where my order is please');
  expect(said[0]?.name).toBe('track');
  expect(said[0]?.rank).toBe('good');
  expect(said[0]?.score).toBeLessThan(1);
});

test('other forms of a word and slips of the finger still match', async () => {
  expect((await intentsIn('cancelling my orders'))[0]).toMatchObject({ name: 'cancel', rank: 'very_good' });
  expect((await intentsIn('cancle my ordr'))[0]?.name).toBe('cancel');
});

test('what has nothing to do with any intent gives none', async () => {
  expect(await intentsIn('tell me a joke about penguins')).toEqual([]);
  expect(await intentsIn('')).toEqual([]);
  expect(await intentsIn('?!')).toEqual([]);
});

test('the ranks begin where the documentation says', () => {
  expect(leastScores).toEqual({ very_good: 0.85, good: 0.7, fair_plus: 0.55, fair: 0.4 });
  expect([1, 0.85, 0.849, 0.7, 0.55, 0.4, 0.399, 0].map(rankOf)).toEqual([
    'very_good',
    'very_good',
    'good',
    'good',
    'fair_plus',
    'fair',
    'none',
    'none',
  ]);
});

test('other languages work by their words, with or without their accents', async () => {
  const german: Intent[] = [
    { id: 'd1', name: 'Bestellung', phrases: ['Wo ist meine Bestellung?', 'Lieferung verfolgen'] },
    { id: 'd2', name: 'Öffnungszeiten', phrases: ['Wann habt ihr geöffnet?', 'Öffnungszeiten'] },
  ];
  const { recognise } = await createRecogniser({ intents: german }, 'de-DE');
  expect(recognise('wo bleibt meine Bestellung').intents[0]?.id).toBe('d1');
  expect(recognise('offnungszeiten').intents[0]).toMatchObject({ id: 'd2', score: 1 });
  const japanese: Intent[] = [{ id: 'j1', name: '注文', phrases: ['注文を追跡する'] }];
  const inJapanese = await createRecogniser({ intents: japanese }, 'ja');
  expect(inJapanese.recognise('注文を追跡したい').intents[0]?.id).toBe('j1');
});

test('a language nobody knows falls back to the usual rules', async () => {
  const { recognise } = await createRecogniser({ intents }, 'not a language');
  expect(recognise('opening hours').intents[0]?.score).toBe(1);
});

test('list entities are found as whole words, whatever their case, by value or synonym', async () => {
  expect(await entitiesIn('From nyc to the big apple')).toEqual([
    { entity: 'city', value: 'New York', phrase: 'nyc' },
    { entity: 'city', value: 'New York', phrase: 'the big apple' },
  ]);
  expect(await entitiesIn('a Yorkshire terrier')).toEqual([]);
  expect(await entitiesIn('KÖLN')).toEqual([{ entity: 'city', value: 'Köln', phrase: 'KÖLN' }]);
});

test('of entity values that begin at the same place the longest counts', async () => {
  expect(await entitiesIn('New  York')).toEqual([{ entity: 'city', value: 'New York', phrase: 'New  York' }]);
  expect(await entitiesIn('I write C++', [languages])).toEqual([{ entity: 'language', value: 'C++', phrase: 'C++' }]);
});

test('two entities may find the same words', async () => {
  const teams: Entity = { name: 'team', type: 'list', values: [{ value: 'York' }] };
  expect((await entitiesIn('york', [cities, teams])).map(({ entity }) => entity)).toEqual(['city', 'team']);
});

test("an author's regular expression is not run here", async () => {
  expect(await entitiesIn('aaaaaaaaaaaaaaaaaaaaaaaaaaaa!', [{ name: 'bad', type: 'regex', regex: '(a+)+$' }])).toEqual(
    [],
  );
});

test('names such as __proto__ are names like any other', async () => {
  const odd: Intent[] = [{ id: '__proto__', name: 'constructor', phrases: ['__proto__', 'constructor'] }];
  const { recognise } = await createRecogniser({ intents: odd });
  expect(recognise('constructor').intents[0]).toMatchObject({ id: '__proto__', score: 1 });
});

test('any text gives scores between 0 and 1 in falling order, the same each time', async () => {
  const { recognise } = await createRecogniser({ intents, entities: [cities, languages] });
  const words = fc.constantFrom('where', 'is', 'my', 'order', 'cancel', 'york', 'new', 'open', 'c++', '?', 'ordr');
  const said = fc.oneof(
    fc.string({ unit: 'grapheme' }),
    fc.array(words).map((one) => one.join(' ')),
  );
  fc.assert(
    fc.property(said, (text) => {
      const once = recognise(text);
      const scores = once.intents.map(({ score }) => score);
      expect(scores).toEqual(scores.toSorted((one, other) => other - one));
      for (const score of scores) expect(score > 0 && score <= 1).toBe(true);
      for (const { phrase } of once.entities) expect(text).toContain(phrase);
      expect(recognise(text)).toEqual(once);
    }),
  );
});

test('the longest text against thousands of phrases takes little time', async () => {
  const word = (at: number) => `w${(at % 3_000).toString(36)}x`;
  const many: Intent[] = Array.from({ length: 400 }, (_, i) => ({
    id: `i${i}`,
    name: `n${i}`,
    phrases: Array.from({ length: 30 }, (__, j) => `where is my ${word(i * 7 + j * 13)} and ${word(i * j)}`),
  }));
  const values = Array.from({ length: 2_000 }, (_, i) => ({ value: `a b c d e f g ${word(i)}` }));
  const { recognise } = await createRecogniser({ intents: many, entities: [{ name: 'e', type: 'list', values }] });
  const from = processorTime();
  for (const text of ['a b c d e f g '.repeat(200), Array.from({ length: 400 }, (_, i) => word(i)).join(' ')])
    recognise(text);
  expect(processorTime() - from).toBeLessThan(1_000);
});

test('a bot of many phrases that share their words, and one of many words, hold nobody up', async () => {
  const common = Array.from({ length: 24 }, (_, at) => `common${String.fromCharCode(97 + at)}word`).join(' ');
  const word = (at: number): string =>
    `w${at.toString(36).replace(/\d/g, (digit) => 'qrstuvxyzk'[Number(digit)] ?? 'q')}ordlike`;
  const intents = (phraseOf: (at: number) => string) =>
    Array.from({ length: 500 }, (_, intent) => ({
      id: `i${intent}`,
      name: `i${intent}`,
      phrases: Array.from({ length: 20 }, (__, at) => phraseOf(intent * 20 + at)),
    }));
  let turns = 0;
  const watch = setInterval(() => (turns += 1), 0);
  const shared = await createRecogniser({ intents: intents((at) => `${word(at)} ${common}`) });
  const different = await createRecogniser({ intents: intents((at) => `${word(at)} ${word(at + 20_000)}`) });
  clearInterval(watch);
  const compared = (run: () => void): number => {
    const from = processorTime();
    run();
    return processorTime() - from;
  };
  // Without bounds these took seconds each.
  expect(compared(() => shared.recognise(`hi ${common}`))).toBeLessThan(2_500);
  const misspelt = Array.from({ length: 24 }, (_, at) => `${word(at)}x`).join(' ');
  expect(compared(() => different.recognise(misspelt))).toBeLessThan(2_500);
  // 20,000 phrases were compiled, and others had their turn in between.
  expect(turns).toBeGreaterThan(20);
});
