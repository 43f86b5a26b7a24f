// What a bot author's script finds: `botContext` and `console`. Runs inside QuickJS as a module, once per realm, after
// the prelude's other parts and before any author text. Built-ins are held from here on: an author who overwrites them harms only this run, and
// what he forges with them meets the check outside (`bot-output.ts`).
const { parse, stringify } = JSON;
const { imul } = Math;
const { hoursType, matchedOption } = globalThis.answers;
const { contextService } = globalThis;
delete globalThis.answers;
delete globalThis.contextService;
const { defineProperty } = Object;
const hasOwn = Function.prototype.call.bind(Object.prototype.hasOwnProperty);
const indexOf = Function.prototype.call.bind(String.prototype.indexOf);
const cut = Function.prototype.call.bind(String.prototype.slice);
const includes = Function.prototype.call.bind(String.prototype.includes);
const match = Function.prototype.call.bind(RegExp.prototype.exec);

const mostEffects = 1000;
const mostOutput = 2_000_000;
const mostText = 20_000;
const mostLog = 2000;
const mostReplies = 10;
const longestDelay = 10_000;

const longestTitle = 20;

/** Thrown by `sendImmediateReply` and by a read whose answer is not at hand; told apart by identity. */
const STOP = { toString: () => 'the platform ended the script' };

let scope = null;
/** JSON texts of the variables this script has set. */
let written = null;
let output = '';
let count = 0;
let stopped = false;
/** JSON of the read that this run ended at; empty: none. */
let asked = '';

/** What the platform answers to a read; without an answer the run ends here, and begins anew when there is one. */
function ask(name, ...args) {
  const key = stringify([name, ...args]);
  if (hasOwn(scope.known, key)) return parse(scope.known[key]);
  asked = stringify({ ask: name, args });
  stopped = true;
  throw STOP;
}

function add(effect) {
  addText(stringify(effect));
}

/** `text`: JSON of an effect. */
function addText(text) {
  if (count === mostEffects) return;
  const capped = count === mostEffects - 1;
  const note = `The script did more than ${mostEffects} things: the rest is left out.`;
  const line = capped ? stringify({ type: 'log', level: 'error', text: note }) : text;
  if (output.length + line.length > mostOutput) {
    throw new RangeError(`the script gives back more than ${mostOutput} characters`);
  }
  output += count === 0 ? line : `,${line}`;
  count += 1;
}

/** JSON text of any value: what JSON has no word for (undefined, functions, NaN inside) is null, a Date its ISO text. */
function plain(value, what) {
  try {
    return stringify(value, (_key, inner) => (typeof inner === 'bigint' ? `${inner}` : inner)) ?? 'null';
  } catch (error) {
    throw new TypeError(`${what} cannot be kept as JSON: ${error?.message}`, { cause: error });
  }
}

/** JSON text of a value as a variable keeps it: numbers, also those that JSON has no word for, and booleans are text. */
function kept(value, what) {
  if (typeof value === 'number') return `"${value}"`;
  const text = plain(value, what);
  return text[0] === '"' || text[0] === '{' || text[0] === '[' || text === 'null' ? text : `"${text}"`;
}

/** A value as people should read it: objects as JSON, nothing as nothing. */
function shown(value) {
  if (value === null || value === undefined) return '';
  return typeof value === 'object' ? plain(value, 'the text') : String(value);
}

function textFor(call, value) {
  const text = shown(value);
  if (text.length > mostText)
    throw new RangeError(`botContext.${call}: the text is longer than ${mostText} characters`);
  return text;
}

function textsFor(call, values) {
  const list = Array.isArray(values) ? values : [values];
  const texts = [];
  for (let i = 0; i < list.length && i < mostEffects; i += 1) texts[i] = textFor(call, list[i]);
  return texts;
}

function nameFor(call, value) {
  const name = String(value);
  if (name === '' || name.length > 200 || name === '__proto__') {
    throw new RangeError(`botContext.${call}: a name has 1 to 200 characters and is not __proto__`);
  }
  return name;
}

/** Quick replies as authors write them: `Title~payload`, or a title alone. */
function repliesFor(call, options) {
  const titles = textsFor(call, options);
  if (titles.length > mostReplies) {
    log('warn', `botContext.${call}: more than ${mostReplies} quick replies: the rest is left out.`);
  }
  const replies = [];
  for (let i = 0; i < titles.length && i < mostReplies; i += 1) {
    const tilde = indexOf(titles[i], '~');
    const [title, payload] = tilde < 0 ? [titles[i], titles[i]] : [cut(titles[i], 0, tilde), cut(titles[i], tilde + 1)];
    if (title === '' || payload === '') log('warn', `botContext.${call}: a quick reply without a title is left out.`);
    else replies[replies.length] = { title, payload };
  }
  return replies;
}

/** Longer titles are cut, and the author is told. */
function cutTitles(call, replies) {
  for (let i = 0; i < replies.length; i += 1) {
    const { title } = replies[i];
    if (title.length > longestTitle) {
      log('warn', `botContext.${call}: the title "${cut(title, 0, 60)}" is cut at ${longestTitle} characters.`);
      replies[i].title = cut(title, 0, longestTitle);
    }
  }
  return replies;
}

function log(level, line) {
  const text = line.length > mostLog ? `${cut(line, 0, mostLog)}… (cut at ${mostLog} characters)` : line;
  add({ type: 'log', level, text });
}

function logger(level) {
  return (...values) => {
    let line = '';
    for (let i = 0; i < values.length; i += 1) line += (i === 0 ? '' : ' ') + (shown(values[i]) || String(values[i]));
    log(level, line);
  };
}

/** Each reading parses anew, so that changing what was read changes nothing until it is set. */
function read(texts, name) {
  return hasOwn(texts, name) ? parse(texts[name]) : null;
}

function isYes(value) {
  return value === true || value === 'true' || (typeof value === 'number' && value !== 0);
}

const scopeOf = (forSession, forever) => (isYes(forever) ? 'forever' : isYes(forSession) ? 'session' : 'request');
const channels = { web: 'lp_web', text: 'lp_sms' };

/** What is known under a name, which may be a name that objects have of their own. */
const known = (values, name) => (values && hasOwn(values, name) ? values[name] : null);

const engagementNames = { rtSesssionId: 'rtSessionId', rtSessionId: 'rtSesssionId' };

/** Two spellings of one name are in use. */
function engagement(name) {
  const values = scope.facts.engagement;
  return known(values, name) ?? known(values, known(engagementNames, name));
}

/** Values as LivePerson's named entities: what was said is asked for, the rest can be read. */
function namedEntities(entity) {
  const found = [];
  for (let i = 0; i < scope.entities.length; i += 1) {
    const { value, phrase } = scope.entities[i];
    if (scope.entities[i].entity !== String(entity)) continue;
    found[found.length] = defineProperty({ entity, value, phrase }, 'getPhrase', { value: () => phrase });
  }
  return found;
}

/** What the tapped content carried along, of one type. */
function metadataOf(type) {
  const found = [];
  for (let i = 0; i < scope.metadata.length; i += 1)
    if (known(scope.metadata[i], 'type') === String(type)) found[found.length] = scope.metadata[i];
  return found.length === 0 ? null : found;
}

function hours(specs, zone) {
  const local = ask('local_time', cut(String(zone), 0, 200));
  if (local === null) throw new RangeError(`botContext.getHoursType: there is no time zone "${zone}"`);
  return hoursType(Array.isArray(specs) ? specs : [specs], local);
}

const reading = {
  getBotVariable: (name) => read(hasOwn(written, String(name)) ? written : scope.variables, String(name)),
  getWebViewVariable: (name) => read(scope.web_view_variables, String(name)),
  getWebViewVariables() {
    const all = {};
    for (const name in scope.web_view_variables) all[name] = read(scope.web_view_variables, name);
    return all;
  },
  getEnvVariable: (name) => (hasOwn(scope.environment, String(name)) ? scope.environment[String(name)] : null),
  getCurrentUserMessage: () => scope.user_message,
  getChatBotId: () => scope.facts.bot_id,
  getConversationId: () => scope.facts.conversation_id,
  getLPAccountId: () => scope.facts.account_id,
  getUserPlatformId: () => scope.facts.consumer_id,
  getUserChannel: () => channels[scope.facts.channel] ?? scope.facts.channel,
  getQuickReplyPayload: () => scope.quick_reply_payload,
  getButtonPayload: () => scope.button_payload,
  getDialogStarterIntent: () => scope.starter_intent,
  isApiExecutionSuccessful: () => scope.last_call?.successful === true,
  getApiStatusCode: () => scope.last_call?.status ?? null,
  getChannel: () => channels[scope.facts.channel] ?? scope.facts.channel,
  getLPEngagementAttribute: (name) => engagement(String(name)),
  getLPUserPersonalInfo: () => scope.facts.consumer?.personal ?? null,
  getLPCustomerInfo: () => scope.facts.consumer?.customer ?? null,
  // No channel of Errand's says where somebody is.
  getUserLocation: () => null,
  getMetadata: metadataOf,
  getDisambiguatedIntentName: () => scope.disambiguated?.name ?? null,
  getDisambiguatedIntentId: () => scope.disambiguated?.id ?? null,
  getNamedEntities: namedEntities,
  getNlpResponse: () => ask('language')?.words ?? null,
  getSentiment: () => ask('language')?.sentiment ?? null,
  getHoursType: hours,
  evaluateOptions: (reply, options) => matchedOption(reply, Array.isArray(options) ? options : [options]),
  getFileCaption: () => (scope.file ? scope.file.caption || '__EMPTYTEXT__' : null),
  getFileType: () => scope.file?.type ?? null,
};

const writing = {
  setBotVariable(variable, value, ...keep) {
    const name = nameFor('setBotVariable', variable);
    const text = kept(value, `botContext.setBotVariable("${cut(name, 0, 40)}"): the value`);
    // By hand, because the value is JSON text already and may be a megabyte.
    addText(`{"type":"set_variable","name":${stringify(name)},"value":${text},"scope":"${scopeOf(...keep)}"}`);
    written[name] = text;
  },
  sendMessage: (message) => add({ type: 'send', text: textFor('sendMessage', message) }),
  sendMessages(messages) {
    const texts = textsFor('sendMessages', messages);
    for (let i = 0; i < texts.length; i += 1) add({ type: 'send', text: texts[i] });
  },
  sendMessageWithQuickReplies(message, options) {
    const call = 'sendMessageWithQuickReplies';
    add({
      type: 'send_quick_replies',
      text: textFor(call, message),
      replies: cutTitles(call, repliesFor(call, options)),
    });
  },
  sendImmediateReply(messages) {
    add({ type: 'reply_immediately', texts: textsFor('sendImmediateReply', messages) });
    stopped = true;
    throw STOP;
  },
  addQuickReplies: (options) => add({ type: 'add_quick_replies', replies: repliesFor('addQuickReplies', options) }),
  setTriggerNextMessage: (name) => add({ type: 'go_to', interaction: nameFor('setTriggerNextMessage', name) }),
  setMessageDelay(ms) {
    const delay = Number(ms);
    if (!(delay >= 0)) throw new RangeError('botContext.setMessageDelay: the delay is a number of milliseconds');
    add({ type: 'delay', ms: delay > longestDelay ? longestDelay : delay | 0 });
  },
  setAllowMaxTextResponse: (allow) => add({ type: 'allow_long_text', allow: isYes(allow) }),
  printDebugMessage: logger('debug'),
  logCustomEvent(message, event, about) {
    const detail = parse(plain(about, 'botContext.logCustomEvent: the detail'));
    const name = nameFor('logCustomEvent', event);
    add({ type: 'custom_event', name, message: textFor('logCustomEvent', message), detail });
  },
  logEscalationEvent(message, target = 'LivePerson') {
    const name = nameFor('logEscalationEvent', target);
    add({ type: 'escalation_event', message: textFor('logEscalationEvent', message), target: name });
  },
  setBotTransferIntentbyDomain(intent, domain) {
    const call = 'setBotTransferIntentbyDomain';
    add({ type: 'bot_transfer', intent: nameFor(call, intent), domain: nameFor(call, domain) });
  },
  setBotTransferIntentId: (id) => add({ type: 'bot_transfer', intent: nameFor('setBotTransferIntentId', id) }),
  setBotTransferUserMessage: (text) =>
    add({ type: 'bot_transfer', message: textFor('setBotTransferUserMessage', text) }),
  askMaven() {
    log('warn', 'botContext.askMaven: no artificial intelligence is asked here; the answer is empty.');
    return '{}';
  },
};

/** Whether a text stands in the author's own code as a whole string. One with quotes in it could span several. */
const isWritten = (text) =>
  !match(/['"`\\\n]/, text) && (includes(scope.source, `'${text}'`) || includes(scope.source, `"${text}"`));

const context = contextService({ ask, add: addText, plain, isWritten, warn: (text) => log('warn', text) });

/** A script that catches the end of `sendImmediateReply` still gets nothing more done. */
function untilStopped(run) {
  return (...values) => {
    if (stopped) throw STOP;
    return run(...values);
  };
}

const functions = {};
const all = { ...reading, ...writing, ...context, addQuickReples: writing.addQuickReplies };
for (const [name, run] of Object.entries(all)) {
  functions[name] = untilStopped(run);
}

/** An unknown name answers with a function that says which one was missing: the engine's own message does not. */
globalThis.botContext = new Proxy(functions, {
  get(target, name) {
    if (name in target || typeof name !== 'string' || name === 'then' || name === 'toJSON') return target[name];
    return () => {
      throw new TypeError(`botContext.${name} is not a function that Errand knows`);
    };
  },
});

const debug = untilStopped(logger('debug'));
const warn = untilStopped(logger('warn'));
const error = untilStopped(logger('error'));
globalThis.console = { log: debug, info: debug, debug, warn, error };

/** A property of something thrown, which may be anything and may throw again. */
function property(thrown, name) {
  try {
    return String(thrown[name]);
  } catch {
    return '';
  }
}

function messageOf(thrown) {
  if (thrown instanceof Error) return `${property(thrown, 'name')}: ${property(thrown, 'message')}`;
  try {
    return shown(thrown) || String(thrown);
  } catch {
    return 'a value that cannot be shown';
  }
}

/** xorshift32: the same seed gives a replay the same numbers. */
function seeded(seed) {
  let state = imul(seed, 2654435769) >>> 0 || 1;
  return () => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) / 4294967296;
  };
}

/** For the realm, which takes it away before any author text runs. */
globalThis.prelude = {
  begin(input) {
    scope = parse(input);
    written = Object.create(null);
    Math.random = seeded(scope.seed);
  },
  /** The members of the run's result. A run that ended at a read has done nothing. */
  finish: () => (asked === '' ? `"effects":[${output}]` : `"effects":[],"asks":[${asked}]`),
  /** JSON text of what was thrown; empty for an end that the platform made. */
  describe: (thrown) =>
    thrown === STOP || asked !== ''
      ? ''
      : stringify({ message: cut(messageOf(thrown), 0, 1000), stack: cut(property(thrown, 'stack'), 0, 4000) }),
};
