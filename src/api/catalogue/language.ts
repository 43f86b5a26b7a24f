/** What belongs to the locale's language where there is any, else English. */
export function inLanguage<T>(locale: string, languages: Readonly<Record<string, T>> & { en: T }): T {
  const language = locale.split(/[-_]/, 1)[0]?.toLowerCase() ?? '';
  return (Object.hasOwn(languages, language) ? languages[language] : undefined) ?? languages.en;
}

/** `{name}` places are filled from `places`; a place that nobody fills stays as it is. */
export function fill(text: string, places: Record<string, string>): string {
  return text.replace(
    /\{(\w+)\}/g,
    (whole, name: string) => (Object.hasOwn(places, name) ? places[name] : undefined) ?? whole,
  );
}
