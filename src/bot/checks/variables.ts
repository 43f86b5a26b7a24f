import type { BotDocument } from '../document.ts';
import { type Suggest, suggestFrom } from '../nearest-name.ts';
import { interactionPlaces, rulePlaces } from '../places.ts';
import { type DocumentProblem, pointer, warning } from '../problem.ts';
import { scriptsOf } from '../scripts-of.ts';
import { textsOf, type TextPlace } from '../texts-of.ts';

/** Variables that the platform sets. */
const ofPlatform = ['external_auth_url', 'cidp_accessToken', 'skipPreviousDialog', 'user_profile'];
/** Names after `$` that are the platform's. */
const system = [
  'userMessage',
  'query',
  'quickReplyPayload',
  'conversationId',
  'chatBotId',
  'chatBotUserId',
  'chatBotUserPlatformId',
  'firstname',
];
/** A name and a field that cannot be anything else, such as code or a number with a point. */
const nameOnly = /^[A-Za-z][\w -]*\.[A-Za-z_][\w.-]*$/;
const expression = /\{([^{}\r\n]{1,200})\}/g;

/** Expressions should name something that is ever set: an unset one is said as it is written. */
export function checkVariables(document: BotDocument): DocumentProblem[] {
  const isSet = whatIsSet(document);
  const fields = new Map(
    document.integrations.map(({ name, fields: own = [] }) => [name, new Set(own.map(({ key }) => key))]),
  );
  const near = suggestFrom([...system, ...fields.keys(), ...[...fields.values()].flatMap((keys) => [...keys])]);
  const found = textsOf(document).flatMap((place) =>
    [...place.text.matchAll(expression)].flatMap(([, inside = '']) =>
      checkExpression({ inside, place, isSet, fields, document, near }),
    ),
  );
  return firstOfEach([...found, ...checkConditions(document, isSet)]);
}

interface Expression {
  /** Between the braces. */
  inside: string;
  place: TextPlace;
  isSet: IsSet;
  fields: ReadonlyMap<string, ReadonlySet<string>>;
  document: BotDocument;
  near: Suggest;
}

function checkExpression({ inside, place, isSet, fields, document, near }: Expression): DocumentProblem[] {
  const variable = /^\$botContext\.(.+)$/i.exec(inside)?.[1];
  if (variable !== undefined) return isSet(variable) ? [] : [unset(variable, place.path, isSet)];
  const name = /^\$([A-Za-z]\w*)(?:\.(\S+))?$/.exec(inside);
  if (name?.[1]) return checkSystem(document, { name: name[1], rest: name[2], path: place.path, near });
  const field = /^([^${}"'\s.][^".]*)\.([^"\s](?:[^"]*[^"\s])?)$/.exec(inside);
  const known = field?.[1] === undefined ? undefined : fields.get(field[1]);
  const key = field?.[2]?.replace(/\.count$/, '');
  if (field?.[1] === undefined || key === undefined || known?.has(key) || isSet(inside)) return [];
  if (!known) return nameOnly.test(inside) ? [noIntegration({ name: field[1], inside, path: place.path }, near)] : [];
  return [
    warning(
      place.path,
      `The integration "${field[1]}" has no custom data field "${key}", so {${inside}} is said as it is written.${near(key)}`,
    ),
  ];
}

function noIntegration(
  { name, inside, path }: { name: string; inside: string; path: string },
  near: Suggest,
): DocumentProblem {
  return warning(
    path,
    `No integration is called "${name}" and nothing sets "${inside}", so {${inside}} is said as it is written.${near(name)}`,
  );
}

function checkSystem(
  { environment }: BotDocument,
  { name, rest, path, near }: { name: string; rest: string | undefined; path: string; near: Suggest },
): DocumentProblem[] {
  if (name === 'location' || system.includes(name)) return [];
  if (name !== 'env')
    return [warning(path, `{$${name}${rest ? `.${rest}` : ''}} is nothing that the platform knows.${near(name)}`)];
  if (environment !== undefined) return [];
  return [
    warning(path, `{$env.${rest ?? ''}} is never filled in: name an environment of the account under "environment".`),
  ];
}

/** Variable conditions name a variable barely, or hold an expression. */
function checkConditions(document: BotDocument, isSet: IsSet): DocumentProblem[] {
  return interactionPlaces(document)
    .flatMap(rulePlaces)
    .flatMap(({ rule, path }) =>
      (rule.variables ?? []).flatMap(({ variable }, at) =>
        variable.includes('{') || isSet(variable)
          ? []
          : [
              warning(
                pointer(path, 'variables', at, 'variable'),
                `Nothing sets the variable "${variable}": the condition is about nothing.${isSet.near(variable)}`,
              ),
            ],
      ),
    );
}

function unset(variable: string, path: string, isSet: IsSet): DocumentProblem {
  return warning(
    path,
    `Nothing sets the variable "${variable}", so {$botContext.${variable}} is said as it is written: set it in a rule or a script.${isSet.near(variable)}`,
  );
}

/** One warning for a text that names the same thing twice. */
function firstOfEach(problems: readonly DocumentProblem[]): DocumentProblem[] {
  return [...new Map(problems.map((problem) => [`${problem.path} ${problem.message}`, problem])).values()];
}

interface IsSet {
  (name: string): boolean;
  near(name: string): string;
}

/** What may be set. In doubt it is: a wrong warning is worse than none. */
function whatIsSet(document: BotDocument): IsSet {
  const names = new Set([...ofPlatform, ...namesOfCalls(document), ...namesOfRules(document)]);
  let doubtful = false;
  const words: string[] = [];
  for (const { read } of scriptsOf(document)) {
    if (!read.ok) doubtful = true;
    else {
      for (const name of read.facts.sets) names.add(name);
      if (read.facts.setsAny) words.push(...read.facts.words);
    }
  }
  const made = wordsOf(document, words.length > 0 || doubtful);
  // A name that is put together begins with a word of the script.
  const isMade = (name: string) => made.has(name) || [...beginnings(name)].some((word) => made.has(word));
  return Object.assign((name: string) => doubtful || names.has(name) || (made.size > 0 && isMade(name)), {
    near: suggestFrom(names),
  });
}

/** Where some script sets variables by names it is given, each word of every script may be such a name. */
function wordsOf(document: BotDocument, anySet: boolean): ReadonlySet<string> {
  if (!anySet) return new Set();
  return new Set(scriptsOf(document).flatMap(({ read }) => (read.ok ? [...read.facts.words] : [])));
}

function* beginnings(name: string): Generator<string> {
  for (let end = 2; end < name.length; end++) yield name.slice(0, end);
}

function namesOfCalls({ integrations }: BotDocument): string[] {
  return integrations.flatMap(({ name, response_variable, fields = [] }) => [
    `api_${response_variable}`,
    `api_${response_variable}Status`,
    ...fields.flatMap(({ key }) => [`${name}.${key}`, `${name}.${key}.count`]),
  ]);
}

function namesOfRules(document: BotDocument): string[] {
  return interactionPlaces(document).flatMap(({ interaction }) => {
    const own = 'slot' in interaction && interaction.slot ? [`slot.${interaction.slot.name}`] : [];
    const rules = (interaction.rules ?? []).flatMap(({ set = [], slot }) => [
      ...set.map(({ name }) => name),
      ...(slot ? [`slot.${slot.name}`] : []),
    ]);
    return [...own, ...rules];
  });
}
