import type MiniSearch from 'minisearch';
import type { Intent } from '../bot/document.ts';
import { functionWordsOf, primaryOf } from './function-words.ts';
import { leastScores, rankOf, type RecognisedIntent } from './recognition.ts';
import { wordsOf } from './words.ts';

/** Finds the intents whose training phrases are like a text. */
export type IntentMatcher = (text: string) => RecognisedIntent[];

/** Of one bot; phrases beyond are not looked at. */
const mostPhrases = 10_000;
const mostIntents = 10;
/** Words of a text that phrases are looked up by, the rarest; and those among them that no phrase has, which are costly. */
const mostLookedUp = 12;
const mostUnknown = 5;
/** Phrases that such words may have together, and that are compared with the text: what everybody shares tells nothing. */
const mostCandidates = 3_000;
const mostCompared = 500;
/** Words of a bot's phrases up to which two letters may differ; with more of them only one. */
const fewWords = 3_000;
/** Phrases that are compiled in one go, before others have their turn. */
const atOnce = 200;
/** What a word that only holds the sentence together, and a number, weigh against any other. */
const lightWeight = 0.3;
/** A word of the text that no training phrase has says little about which of them is meant. */
const unknownWeight = 0.5;
/** A word that is spelt almost like the phrase's. */
const misspelt = 0.85;
/** Brings what people would call a good match to where the rank of that name begins. */
const calibration = 0.7;
/** What a score loses when another intent accounts for as much of the text. */
const ambiguous = 0.25;
/** Only the very words of a training phrase are certain. */
const mostUnlessExact = 0.99;

interface Phrase {
  intent: Intent;
  words: ReadonlySet<string>;
  weight: number;
}

/** How texts of one language become words that can be compared. */
interface Language {
  wordsOf(text: string): string[];
  weightOf(word: string): number;
}

/**
 * Compiles the training phrases once. The library finds phrases that share words with the text, spelling mistakes
 * included; how alike the two are is the harmonic mean of how much of each the shared words make up. Of the text, words
 * that the intent has in its other phrases count half. An intent loses by how much another accounts for the text as well.
 */
export async function createIntentMatcher(intents: readonly Intent[], tag: string): Promise<IntentMatcher> {
  const [{ default: Index }, language] = await Promise.all([import('minisearch'), languageOf(tag)]);
  const index = new Index<{ id: number; text: string }>({
    fields: ['text'],
    tokenize: (text) => text.split(' '),
    processTerm: (term) => term,
  });
  const phrases: Phrase[] = [];
  const exact = new Map<string, Set<Intent>>();
  const users = new Map<string, Set<Intent>>();
  const uses = new Map<string, number>();
  for (const [intent, phrase] of phrasesOf(intents)) {
    const words = language.wordsOf(phrase);
    const key = words.join(' ');
    if (key === '') continue;
    exact.set(key, (exact.get(key) ?? new Set()).add(intent));
    index.add({ id: phrases.length, text: key });
    const distinct = new Set(words);
    for (const word of distinct) {
      users.set(word, (users.get(word) ?? new Set()).add(intent));
      uses.set(word, (uses.get(word) ?? 0) + 1);
    }
    phrases.push({ intent, words: distinct, weight: 0 });
    if (phrases.length % atOnce === 0) await new Promise((next) => setImmediate(next));
  }
  const weights = new Map([...users].map(([word, { size }]) => [word, weightAmong(language.weightOf(word), size)]));
  for (const phrase of phrases) phrase.weight = sum(phrase.words, (word) => weights.get(word) ?? 0);
  const compiled: Compiled = { index, phrases, exact, users, uses, weights, language };
  return (text) => match(compiled, text);
}

interface Compiled {
  index: MiniSearch;
  phrases: readonly Phrase[];
  /** By the words of a phrase. */
  exact: ReadonlyMap<string, ReadonlySet<Intent>>;
  /** By a word of their phrases. */
  users: ReadonlyMap<string, ReadonlySet<Intent>>;
  /** In how many phrases a word stands. */
  uses: ReadonlyMap<string, number>;
  /** Of the words that phrases are made of. */
  weights: ReadonlyMap<string, number>;
  language: Language;
}

/** A word that many intents use tells less about which of them is meant. */
function weightAmong(weight: number, intents: number): number {
  return weight / (1 + Math.log2(intents) / 2);
}

function* phrasesOf(intents: readonly Intent[]): Generator<[Intent, string]> {
  let count = 0;
  for (const intent of intents) {
    for (const phrase of intent.phrases) {
      if (++count > mostPhrases) return;
      yield [intent, phrase];
    }
  }
}

function match(compiled: Compiled, text: string): RecognisedIntent[] {
  const said = compiled.language.wordsOf(text);
  const best = unambiguous(likely(compiled, new Set(said)));
  for (const intent of compiled.exact.get(said.join(' ')) ?? []) best.set(intent, 1);
  return [...best]
    .filter(([, score]) => score >= leastScores.fair)
    .sort(([, one], [, other]) => other - one)
    .slice(0, mostIntents)
    .map(([{ id, name }, score]) => ({ id, name, score, rank: rankOf(score) }));
}

/** How an intent's best phrase is like the text, and how much of the text the intent accounts for. */
interface Likeness {
  score: number;
  ofText: number;
}

/** The intents with a phrase that shares a word with the text. */
function likely(compiled: Compiled, said: ReadonlySet<string>): Map<Intent, Likeness> {
  const { index, phrases, users } = compiled;
  const weigh = weighing(compiled);
  const wanted = lookedUp(compiled, said);
  const whole = sum(said, weigh);
  const found = new Map<Intent, Likeness>();
  if (wanted.length === 0) return found;
  const ofIntents = new Map<Intent, number>();
  for (const word of said)
    for (const intent of users.get(word) ?? []) ofIntents.set(intent, (ofIntents.get(intent) ?? 0) + weigh(word));
  const alike = index.search(wanted.join(' '), { fuzzy: fuzzinessIn(compiled) }).slice(0, mostCompared);
  for (const { id, terms, queryTerms } of alike) {
    const phrase = phrases[id];
    if (!phrase) continue;
    const shared = sharedWeights(phrase, { said, terms, queryTerms, weigh });
    const ofIntent = Math.max(shared.ofText, ofIntents.get(phrase.intent) ?? 0);
    const ofText = Math.min(1, (shared.ofText + ofIntent) / 2 / whole);
    const ofPhrase = Math.min(1, shared.ofPhrase / phrase.weight);
    const score = ofText + ofPhrase === 0 ? 0 : (2 * ofText * ofPhrase) / (ofText + ofPhrase);
    const before = found.get(phrase.intent) ?? { score: 0, ofText: 0 };
    found.set(phrase.intent, {
      score: Math.max(before.score, Math.min(score ** calibration, mostUnlessExact)),
      ofText: Math.max(before.ofText, ofText),
    });
  }
  return found;
}

/** The scores, less where another intent accounts for about as much of the text: its words do not tell which is meant. */
function unambiguous(found: ReadonlyMap<Intent, Likeness>): Map<Intent, number> {
  const [most = 0, second = 0] = [...found.values()].map(({ ofText }) => ofText).sort((one, other) => other - one);
  const scores = new Map<Intent, number>();
  for (const [intent, { score, ofText }] of found) {
    const rival = ofText === most ? second : most;
    // The fourth power: an intent that accounts for clearly more of the text than all others loses little.
    const lost = ofText === 0 ? 0 : ambiguous * Math.min(1, rival / ofText) ** 4;
    scores.set(intent, Math.round(score * (1 - lost) * 1_000) / 1_000);
  }
  return scores;
}

type Weigh = (word: string) => number;

function weighing({ weights, language }: Compiled): Weigh {
  return (word) => weights.get(word) ?? language.weightOf(word) * unknownWeight;
}

/** The words that carry meaning, when there are any; the rarest of them, as long as few enough phrases have them. */
function lookedUp({ uses, language }: Compiled, said: ReadonlySet<string>): string[] {
  const heavy = [...said].filter((word) => language.weightOf(word) === 1);
  const wanted = heavy.length > 0 ? heavy : [...said];
  const unknown = wanted.filter((word) => !uses.has(word)).slice(0, mostUnknown);
  const known = wanted.filter((word) => uses.has(word)).sort((one, other) => usesOf(one) - usesOf(other));
  let candidates = 0;
  const rare = known.filter((word, at) => (candidates += usesOf(word)) <= mostCandidates || at === 0);
  return [...rare, ...unknown].slice(0, mostLookedUp);

  function usesOf(word: string): number {
    return uses.get(word) ?? 0;
  }
}

/** Letters that a word which no phrase has may be away from a phrase's: none of three or fewer, two of ten. */
function fuzzinessIn({ uses }: Compiled): (word: string) => number | false {
  return (word) => {
    if (uses.has(word) || word.length < 4 || /\d/.test(word)) return false;
    return word.length < 10 || uses.size > fewWords ? 1 : 2;
  };
}

interface Sharing {
  said: ReadonlySet<string>;
  /** Words of the phrase that were found, and words of the text that found them. */
  terms: readonly string[];
  queryTerms: readonly string[];
  weigh: Weigh;
}

function sharedWeights(phrase: Phrase, { said, terms, queryTerms, weigh }: Sharing) {
  let ofText = 0;
  let ofPhrase = 0;
  for (const word of new Set([...queryTerms, ...phrase.words].filter((one) => said.has(one)))) {
    const same = phrase.words.has(word);
    ofText += weigh(word) * (same ? 1 : misspelt);
    if (same) ofPhrase += weigh(word);
  }
  for (const word of terms) if (!said.has(word)) ofPhrase += weigh(word) * misspelt;
  return { ofText, ofPhrase };
}

function sum(words: ReadonlySet<string>, weigh: Weigh): number {
  let weight = 0;
  for (const word of words) weight += weigh(word);
  return weight;
}

async function languageOf(tag: string): Promise<Language> {
  const stem = primaryOf(tag) === 'en' ? (await import('wink-porter2-stemmer')).default : (word: string) => word;
  const light = new Set([...functionWordsOf(tag)].map(stem));
  return {
    wordsOf: (text) => wordsOf(text, tag).map((word) => stem(word)),
    weightOf: (word) => (light.has(word) || /^\p{N}+$/u.test(word) ? lightWeight : 1),
  };
}
