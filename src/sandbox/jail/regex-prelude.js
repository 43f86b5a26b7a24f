// Matches author regular expressions against the consumer's text. Runs inside QuickJS: a pattern that backtracks
// for ever meets the run's limit there and blocks nobody. With `find` it tells what the first match is.
globalThis.prelude = {
  match(input) {
    const { text, regexes, find } = JSON.parse(input);
    const notes = [];
    const matched = regexes.map(({ source, flags }, i) => {
      try {
        const compiled = new RegExp(source, flags);
        if (!find) return compiled.test(text);
        const found = compiled.exec(text);
        return found === null ? false : found[0];
      } catch (error) {
        notes.push(`regular expression ${i + 1} is not valid: ${error.message}`);
        return false;
      }
    });
    return JSON.stringify({ matched, notes });
  },
};
