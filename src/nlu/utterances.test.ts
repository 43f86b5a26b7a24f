import { describe, expect, test } from 'vitest';
import type { Intent } from '../bot/document.ts';
import { leastScores } from './recognition.ts';
import { createRecogniser } from './recogniser.ts';

const intent = (id: string, ...phrases: string[]): Intent => ({ id, name: id, phrases });

const english = [
  intent('track', 'where is my order', 'track my parcel', 'has it shipped'),
  intent('cancel', 'cancel my order', 'i do not want my parcel', 'stop my order'),
  intent('refund', 'i want a refund', 'give me my money back', 'return an item'),
  intent('address', 'change my address', 'i moved to a new house', 'update the delivery address'),
  intent('hours', 'when are you open', 'opening hours', 'what time do you close'),
];
const german = [
  intent('track', 'Wo ist meine Bestellung?', 'Paket verfolgen', 'Wann kommt mein Paket?'),
  intent('cancel', 'Bestellung stornieren', 'Ich will das Paket nicht mehr'),
  intent('refund', 'Ich möchte mein Geld zurück', 'Artikel zurückgeben'),
  intent('hours', 'Wann habt ihr geöffnet?', 'Öffnungszeiten'),
];

const scoresOf = async (text: string, intents: Intent[], language: string) =>
  (await createRecogniser({ intents }, language)).recognise(text).intents;

/** The first intent of each, or none; "start": certain enough to begin a dialog. */
describe('what consumers say', () => {
  test.each<[string, string | undefined, 'start' | 'perhaps']>([
    ['where is my parcel', 'track', 'perhaps'],
    ["where's my order?", 'track', 'start'],
    ['hi, where is my order please', 'track', 'start'],
    ['can you track my parcel', 'track', 'start'],
    ['has my parcel shipped yet', 'track', 'start'],
    ['wher is my ordr', 'track', 'start'],
    ['please cancel the order', 'cancel', 'start'],
    ['i want to cancel my order', 'cancel', 'start'],
    ['i do not want my order', 'cancel', 'perhaps'],
    ['cancle my order', 'cancel', 'start'],
    ['i would like my money back', 'refund', 'start'],
    ['can i get a refund', 'refund', 'start'],
    ['how do i return an item', 'refund', 'start'],
    ['i need to change my delivery address', 'address', 'start'],
    ['i have moved house', 'address', 'start'],
    ['are you open on sunday', 'hours', 'perhaps'],
    ['what are your opening hours', 'hours', 'start'],
    ['when do you close', 'hours', 'start'],
    ['tell me a joke', undefined, 'perhaps'],
    ['thanks, bye', undefined, 'perhaps'],
    ['do you sell shoes', undefined, 'perhaps'],
  ])('English: %s → %s', async (text, expected, sureness) => {
    const [first, second] = await scoresOf(text, english, 'en-GB');
    expect(first?.id).toBe(expected);
    if (sureness === 'start') expect(first?.score).toBeGreaterThanOrEqual(leastScores.good);
    expect(second?.score ?? 0).toBeLessThan(leastScores.fair_plus);
  });

  test.each<[string, string | undefined, 'start' | 'perhaps']>([
    ['wo ist mein Paket', 'track', 'perhaps'],
    ['wo bleibt meine bestellung', 'track', 'perhaps'],
    ['wo ist denn meine Bestellung?', 'track', 'start'],
    ['kann ich mein Paket verfolgen', 'track', 'start'],
    ['bitte die Bestellung stornieren', 'cancel', 'start'],
    ['Bestelung stornieren', 'cancel', 'start'],
    ['ich will mein Geld zurück', 'refund', 'start'],
    ['einen Artikel zurückgeben', 'refund', 'start'],
    ['wie sind die offnungszeiten', 'hours', 'start'],
    ['habt ihr heute geöffnet', 'hours', 'perhaps'],
    ['erzähl mir einen Witz', undefined, 'perhaps'],
  ])('German: %s → %s', async (text, expected, sureness) => {
    const [first, second] = await scoresOf(text, german, 'de-DE');
    expect(first?.id).toBe(expected);
    if (sureness === 'start') expect(first?.score).toBeGreaterThanOrEqual(leastScores.good);
    expect(second?.score ?? 0).toBeLessThan(leastScores.fair_plus);
  });
});

test.each(['parcel', 'order', 'my order', 'parcels'])(
  'a word of both intents is certain for neither: %s',
  async (text) => {
    const [track, cancel] = await scoresOf(text, english.slice(0, 2), 'en');
    expect([track?.id, cancel?.id]).toEqual(['track', 'cancel']);
    expect(track?.score).toBeLessThan(leastScores.good);
    expect((track?.score ?? 0) - (cancel?.score ?? 0)).toBeLessThan(0.1);
  },
);

test.each([
  ['parcel', english],
  ['order', english],
  ['Paket', german],
  ['Bestellung', german],
])('such a word starts nothing in a bot of many intents either: %s', async (text, intents) => {
  const language = intents === german ? 'de' : 'en';
  for (const { score } of await scoresOf(text, intents, language)) expect(score).toBeLessThan(leastScores.good);
});
