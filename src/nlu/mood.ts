/** How a text sounds: the three that LivePerson's function knows. */
export type Mood = 'Positive' | 'Neutral' | 'Negative';

/** Words people use of service, in English and German; elsewhere everything is neutral. */
const glad =
  wordSet(`good great excellent amazing awesome wonderful fantastic perfect love loved like liked nice happy glad pleased
  helpful thanks thank thankful grateful best better brilliant cool fine super easy quick fast friendly satisfied
  gut guter gute gutes toll super prima perfekt wunderbar danke dankbar freundlich schnell zufrieden klasse hilfreich froh freue liebe`);
const upset =
  wordSet(`bad terrible awful horrible worst worse hate hated angry annoyed annoying upset disappointed disappointing
  useless broken wrong fail failed fails poor slow rude ridiculous unacceptable frustrated frustrating sad problem
  complaint complain never stupid damaged late lost
  schlecht schlechte schlechter furchtbar schrecklich schlimm kaputt falsch enttäuscht wütend ärgerlich verärgert langsam
  unfreundlich nutzlos problem beschwerde nervt dumm unverschämt verloren`);
const turning = wordSet(
  "not no never don't doesn't didn't isn't wasn't can't won't nothing without nicht kein keine keinen nie niemals ohne",
);

/** A turning word turns the next two: `not very good`. */
const reach = 2;

/** Counts glad and upset words; a word that denies turns those right behind it. Crude, and the same each time. */
export function moodOf(tokens: readonly string[]): Mood {
  const words = tokens.map((token) => token.toLowerCase().replace(/’/g, "'"));
  const weight = words.reduce((sum, word, at) => {
    const turned = words.slice(Math.max(0, at - reach), at).some((one) => turning.has(one));
    return sum + weightOf(word) * (turned ? -1 : 1);
  }, 0);
  return weight > 0 ? 'Positive' : weight < 0 ? 'Negative' : 'Neutral';
}

function weightOf(word: string): number {
  return glad.has(word) ? 1 : upset.has(word) ? -1 : 0;
}

function wordSet(words: string): ReadonlySet<string> {
  return new Set(words.split(/\s+/));
}
