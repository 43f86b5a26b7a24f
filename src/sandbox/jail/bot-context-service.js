// The Conversation Context Service as scripts see it. A part of the bot prelude; runs inside QuickJS as a module before
// it. What is kept is read from the platform when a script first needs it; what this script has changed stands over it,
// and leaves as effects.
const { parse, stringify } = JSON;
const { create, defineProperty } = Object;
const hasOwn = Function.prototype.call.bind(Object.prototype.hasOwnProperty);
const includes = Function.prototype.call.bind(Array.prototype.includes);
const { isInteger } = Number;

const mostNamespaces = 100;
const mostNames = 1_000;
const longestValue = 64 * 1024;
/** Characters of all values that one owner has in a namespace. */
const longestAll = 512 * 1024;
const longestLife = 315_360_000;

/**
 * `ask` reads of the platform, `add` takes the JSON of an effect, `plain` makes JSON of a value, `warn` tells the author,
 * `isWritten` says whether a text stands in the author's own code, in quotes.
 */
globalThis.contextService = ({ ask, add, plain, warn, isWritten }) => {
  /** Namespaces that this script has registered (true) or deleted (false). */
  const changed = create(null);
  /** JSON texts by owner and namespace, then name; null: there is no such namespace. */
  const bags = create(null);

  /** What was left out is no name. */
  const named = (given) => (given === undefined || given === null ? '' : String(given));
  const isName = (name) => name !== '' && name.length <= 200 && name !== '__proto__';

  function refuse(call, why) {
    warn(`botContext.${call}: ${why}`);
    return false;
  }

  function effect(op, namespace, more = '') {
    add(`{"type":"context","change":{"op":"${op}","namespace":${stringify(namespace)}${more}}}`);
    return true;
  }

  function isRegistered(namespace) {
    if (hasOwn(changed, namespace)) return changed[namespace];
    return includes(ask('context_namespaces') ?? [], namespace);
  }

  function bagOf(owner, given) {
    const namespace = named(given);
    const key = `${owner}|${namespace}`;
    if (!isName(namespace)) return null;
    if (!hasOwn(bags, key)) bags[key] = hasOwn(changed, namespace) ? fresh(namespace) : kept(owner, namespace);
    return bags[key];
  }

  const fresh = (namespace) => (changed[namespace] ? create(null) : null);

  function kept(owner, namespace) {
    const values = ask('context', owner, namespace);
    if (values === null) return null;
    const bag = create(null);
    for (const name in values) if (hasOwn(values, name)) bag[name] = stringify(values[name]);
    return bag;
  }

  function register(given, ttl, call = 'registerContextNamespace') {
    const namespace = named(given);
    if (!isName(namespace)) return refuse(call, 'a namespace has 1 to 200 characters and is not __proto__');
    const life = ttl === undefined || ttl === null ? null : Number(ttl);
    if (life !== null && !(isInteger(life) && life > 0 && life <= longestLife))
      return refuse(call, 'the time to live is a whole number of seconds, from 1 to ten years');
    if (!isRegistered(namespace)) {
      const committed = ask('context_namespaces') ?? [];
      let count = committed.length;
      for (const name in changed) count += (changed[name] ? 1 : 0) - (includes(committed, name) ? 1 : 0);
      if (count >= mostNamespaces) return refuse(call, `the account has ${mostNamespaces} namespaces already`);
      forget(namespace);
      changed[namespace] = true;
    }
    return effect('register', namespace, `,"ttl_s":${life}`);
  }

  function forget(namespace) {
    for (const owner of ['global', 'user', 'conversation']) delete bags[`${owner}|${namespace}`];
  }

  function deleteNamespace(given) {
    const namespace = named(given);
    if (!isName(namespace) || !isRegistered(namespace)) return false;
    forget(namespace);
    changed[namespace] = false;
    return effect('delete_namespace', namespace);
  }

  /**
   * Bots in the field set without registering: a namespace comes into being with the first that is kept in it. Only one
   * that the author has written: consumers, whose words may be part of a name, could else use up what the account may have.
   */
  function madeFor(call, owner, namespace) {
    if (!isName(named(namespace)))
      return refuse(call, 'a namespace has 1 to 200 characters and is not __proto__') || null;
    if (isWritten(named(namespace))) return register(namespace, null, call) ? bagOf(owner, namespace) : null;
    return refuse(call, `the namespace "${namespace}" is not registered`) || null;
  }

  function set(call, owner, [namespace, property, value]) {
    const name = named(property);
    if (!isName(name)) return refuse(call, 'a property has 1 to 200 characters and is not __proto__');
    const bag = bagOf(owner, namespace) ?? madeFor(call, owner, namespace);
    if (bag === null) return false;
    const text = plain(value, `botContext.${call}: the value`);
    if (text.length > longestValue) return refuse(call, `the value is longer than ${longestValue} characters`);
    let count = 0;
    let size = text.length;
    for (const other in bag) {
      count += 1;
      if (other !== name) size += bag[other].length;
    }
    if (!hasOwn(bag, name) && count >= mostNames) return refuse(call, `there are ${mostNames} properties already`);
    if (size > longestAll) return refuse(call, `all values together are longer than ${longestAll} characters`);
    bag[name] = text;
    return effect('set', named(namespace), `,"of":"${owner}","name":${stringify(name)},"value":${text}`);
  }

  const readFrom = (bag, name) => (hasOwn(bag, name) ? parse(bag[name]) : null);

  /** All of them: an object that can also be asked as a Java map, but where a property has that name. */
  function all(bag) {
    const values = {};
    let count = 0;
    for (const name in bag) {
      values[name] = parse(bag[name]);
      count += 1;
    }
    const map = {
      get: (name) => readFrom(bag, String(name)),
      containsKey: (name) => hasOwn(bag, String(name)),
      size: () => count,
      isEmpty: () => count === 0,
    };
    for (const name in map) if (!hasOwn(values, name)) defineProperty(values, name, { value: map[name] });
    return values;
  }

  function get(owner, [namespace, ...property]) {
    const bag = bagOf(owner, namespace);
    if (bag === null) return null;
    return property.length === 0 && owner !== 'global' ? all(bag) : readFrom(bag, named(property[0]));
  }

  function remove(owner, [namespace, property]) {
    const bag = bagOf(owner, namespace);
    const name = named(property);
    if (bag === null || !isName(name)) return false;
    delete bag[name];
    return effect('delete', named(namespace), `,"of":"${owner}","name":${stringify(name)}`);
  }

  function removeAll(owner, namespace) {
    if (bagOf(owner, namespace) === null) return false;
    bags[`${owner}|${namespace}`] = create(null);
    return effect('delete_all', named(namespace), `,"of":"${owner}"`);
  }

  return {
    isContextApiEnabled: () => true,
    registerContextNamespace: (name, ttl) => register(name, ttl),
    deleteContextNamespace: deleteNamespace,
    setGlobalContextData: (...given) => set('setGlobalContextData', 'global', given),
    setContextDataForUser: (...given) => set('setContextDataForUser', 'user', given),
    setContextDataForConversation: (...given) => set('setContextDataForConversation', 'conversation', given),
    getGlobalContextData: (...given) => get('global', given),
    getContextDataForUser: (...given) => get('user', given),
    getContextDataForConversation: (...given) => get('conversation', given),
    deleteGlobalContextData: (...given) => remove('global', given),
    deleteContextDataForUser: (...given) => remove('user', given),
    deleteContextDataForConversation: (...given) => remove('conversation', given),
    deleteAllContextDataForUser: (namespace) => removeAll('user', namespace),
    deleteAllContextDataForConversation: (namespace) => removeAll('conversation', namespace),
  };
};
