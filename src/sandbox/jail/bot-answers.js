// Answers that need nothing of a run: which hours a moment falls into, which option a reply means. A part of the bot
// prelude; runs inside QuickJS as a module before it.
const upper = Function.prototype.call.bind(String.prototype.toUpperCase);
const trim = Function.prototype.call.bind(String.prototype.trim);
const replace = Function.prototype.call.bind(String.prototype.replace);
const charCode = Function.prototype.call.bind(String.prototype.charCodeAt);
const match = Function.prototype.call.bind(RegExp.prototype.exec);
const { isArray } = Array;
const OwnMap = Map;
const mapValues = Function.prototype.call.bind(Map.prototype.values);
const { iterator } = Symbol;
const add = Function.prototype.call.bind(Array.prototype.push);

const specification = /^\s*(?:([^|~]+)\|)?\s*([^|~]+?)\s*~\s*(\d{1,2}):(\d{2})\s*~\s*(\d{1,2}):(\d{2})\s*$/;
const lastMinute = 23 * 60 + 59;

/** From the first minute up to the last, which is not in it, unless it is the day's; over midnight when it ends earlier. */
function covers([from, to], minute) {
  const end = to === lastMinute ? to + 1 : to;
  return from < end ? minute >= from && minute < end : minute >= from || minute < end;
}

/**
 * `specs`: `KEY~8:00~20:00`, for one weekday `FRIDAY|KEY~…`, for one day `12.25.2026|KEY~…` (month first). What comes
 * later counts. `local`: the moment as the zone's clocks show it.
 */
function hoursType(specs, local) {
  let type = null;
  for (let i = 0; i < specs.length; i += 1) {
    const found = match(specification, String(specs[i]));
    if (!found) throw new TypeError(`botContext.getHoursType: "${specs[i]}" is not KEY~start~end`);
    const day = found[1] === undefined ? '' : upper(trim(found[1]));
    const times = [found[3] * 60 + +found[4], found[5] * 60 + +found[6]];
    if ((day === '' || day === local.weekday || day === local.date) && covers(times, local.minute)) type = found[2];
  }
  return type;
}

/** An old loop's values (`for each`): a list's elements, a map's and an object's values, of nothing none. */
function* valuesOf(given) {
  if (isArray(given)) {
    // What the loop itself adds is not gone through.
    const { length } = given;
    for (let i = 0; i < length; i += 1) if (i in given) yield given[i];
  } else if (given instanceof OwnMap) yield* mapValues(given);
  else if (typeof given === 'object' && typeof given?.[iterator] === 'function') yield* given;
  else for (const name in given) yield given[name];
}

const labelled = /^\s*(\w{1,3})\s*([).:-])\s*(.+)$/;

/** `A) Yes` answers to the whole, to `A`, to `A)` and to `Yes`; lists that scripts build end their options with a new line. */
function namesOf(option) {
  const names = [option];
  const found = match(labelled, trim(option));
  if (found) add(names, found[1], found[1] + found[2], found[3]);
  return names;
}

/** Without case and blanks. */
const bare = (text) => replace(upper(text), /\s+/g, '');

/** The option that a reply names; one that names none may count (`2`, `2.`) or have the alphabet count (`b`, `B)`). */
function matchedOption(reply, options) {
  const said = bare(String(reply));
  for (let i = 0; i < options.length; i += 1) {
    const names = namesOf(String(options[i]));
    for (let j = 0; j < names.length; j += 1) if (bare(names[j]) === said) return options[i];
  }
  return optionAt(said, options);
}

function optionAt(said, options) {
  const counted = match(/^(?:(\d{1,4})|([A-Z]))[.)]?$/, said);
  if (!counted) return null;
  const [, number, letter] = counted;
  const at = number === undefined ? charCode(letter, 0) - 65 : number - 1;
  if (at < 0 || at >= options.length) return null;
  // An option that has a number of its own is not meant by another one, nor by another letter.
  const own = match(labelled, trim(String(options[at])));
  const kind = number === undefined ? /^[a-z]$/i : /^\d+$/;
  return own && match(kind, own[1]) ? null : options[at];
}

// `withTodaysLoops` writes this name.
Object.defineProperty(globalThis, '_$', { value: valuesOf, writable: true });
globalThis.answers = { hoursType, matchedOption };
