/**
 * Words that hold a sentence together and say little about what is meant. They count for less, but they count: "what is
 * it" has no others. Two languages so far; elsewhere all words weigh the same.
 */
const lists: Record<string, string> = {
  en: `a an the this that these those i me my mine you your yours he him his she her it its we us our they them their
    am is are was were be been being do does did have has had can could will would shall should may might must
    to of in on at by for from with about as and or but if so not no yes please just there here some any
    what when where which who whom how why hi hello hey thanks thank let get got want need like`,
  de: `der die das den dem des ein eine einen einem einer eines ich mich mir mein meine meinen meiner du dich dir dein deine
    er ihn ihm sein seine sie ihr ihre es wir uns unser unsere bin bist ist sind war waren sein hat habe haben hatte
    kann konnen konnte will wollen mochte wurde wurden soll muss zu von in im an am auf bei fur mit uber als und oder aber
    wenn so nicht kein keine ja nein bitte mal was wann wo welche welcher wer wie warum hallo danke`,
};

const sets = new Map(Object.entries(lists).map(([language, words]) => [language, new Set(words.split(/\s+/))]));
const none: ReadonlySet<string> = new Set();

/** `language` is a BCP 47 tag; words are in lower case without accents. */
export function functionWordsOf(language: string): ReadonlySet<string> {
  return sets.get(primaryOf(language)) ?? none;
}

/** `en` of `en-US`. */
export function primaryOf(language: string): string {
  return language.toLowerCase().split(/[-_]/)[0] ?? '';
}
