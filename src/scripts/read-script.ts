import { type TSchema } from 'typebox';
import { Compile } from 'typebox/compile';
import {
  type ConversationScript,
  ConversationScript as Schema,
  ExpectedMessage,
  ScriptTurn,
} from '../api/conversation-script.ts';
import { beyondBounds } from '../bot/bounds.ts';
import { pointer } from '../bot/problem.ts';
import { faultsOfValues } from '../bot/schema-faults.ts';
import { isObject } from '../world/json.ts';

/** What is wrong in a script file, by JSON pointer. */
export interface ScriptFault {
  path: string;
  message: string;
}

export type ReadScript = { ok: true; script: ConversationScript } | { ok: false; faults: ScriptFault[] };

type Given = { readonly [key: string]: unknown };

const whole = Compile(Schema);
const message = Compile(ExpectedMessage);
const [sayTurn, tapTurn, advanceTurn, expectTurn] = ScriptTurn.anyOf;
const turnKinds: Record<string, ReturnType<typeof validatorOf>> = {
  say: validatorOf(sayTurn),
  tap: validatorOf(tapTurn),
  advance: validatorOf(advanceTurn),
  expect: validatorOf(expectTurn),
};

function validatorOf(schema: TSchema) {
  return Compile(schema);
}

/** The other spelling of each name: both are read (`lpCustomerInfo`, `intentId`). */
const otherSpellings: Record<string, string> = {
  lpCustomerInfo: 'lp_customer_info',
  signIn: 'sign_in',
  intentId: 'intent_id',
  intentName: 'intent',
  intent_name: 'intent',
  api: 'apis',
  expect_api_calls: 'expectApiCalls',
};

/** Reads a script that came from a file. Unknown keys are ignored; what is missing or wrong is told with its place. */
export function readScript(json: unknown): ReadScript {
  const beyond = beyondBounds(json);
  if (beyond) return wrong('', `The script is too large: ${beyond}.`);
  if (!isObject(json)) return wrong('', 'A conversation script is a JSON object.');
  const given = respelled(json);
  if (!Array.isArray(given.turns))
    return wrong('/turns', 'A script has a list of turns: what is said and what is expected.');
  const faults = [
    ...given.turns.flatMap((turn, at) => faultsOfTurn(turn, pointer('/turns', at))),
    ...faultsAround(given),
  ];
  if (faults.length > 0) return { ok: false, faults };
  if (!whole.Check(given)) return wrong('', 'This is not a conversation script.');
  return { ok: true, script: given };
}

function wrong(path: string, text: string): ReadScript {
  return { ok: false, faults: [{ path, message: text }] };
}

function respelled(json: Given): Given {
  const given = renamed(json);
  if (!isObject(given.setup)) return given;
  const setup = renamed(given.setup);
  const nlu = Array.isArray(setup.nlu)
    ? setup.nlu.map((one: unknown) => (isObject(one) ? renamed(one) : one))
    : setup.nlu;
  return { ...given, setup: nlu === undefined ? setup : { ...setup, nlu } };
}

function renamed(object: Given): Given {
  return Object.fromEntries(
    Object.entries(object)
      // Other tools write null for what is absent.
      .filter(([, value]) => value !== null)
      .map(([key, value]) => [Object.hasOwn(otherSpellings, key) ? (otherSpellings[key] ?? key) : key, value]),
  );
}

function faultsOfTurn(turn: unknown, path: string): ScriptFault[] {
  const kinds = Object.keys(turnKinds);
  const kind = isObject(turn) ? kinds.filter((name) => turn[name] !== undefined) : [];
  const [only] = kind;
  if (only === undefined || kind.length > 1)
    return [{ path, message: `A turn has exactly one of ${kinds.join(', ')}; \`events\` goes with \`expect\`.` }];
  const inner = isObject(turn) && Array.isArray(turn.expect) ? turn.expect : [];
  const own = inner.flatMap((one: unknown, at) => faultsBy(message, one, pointer(path, 'expect', at)));
  return own.length > 0 ? own : faultsBy(turnKinds[only], turn, path);
}

/** Everything but the turns, which are told of one by one. */
function faultsAround(given: Given): ScriptFault[] {
  return faultsBy(whole, { ...given, turns: [] }, '');
}

function faultsBy(validator: ReturnType<typeof validatorOf> | undefined, value: unknown, path: string): ScriptFault[] {
  if (!validator || validator.Check(value)) return [];
  const errors = validator.Errors(value);
  const missing = errors.flatMap((fault) =>
    fault.keyword === 'required'
      ? fault.params.requiredProperties.map((name) => ({
          path: `${path}${fault.instancePath}/${name}`,
          message: 'is missing',
        }))
      : [],
  );
  const found = faultsOfValues(errors).map((fault) => ({ path: `${path}${fault.path}`, message: fault.detail }));
  return [...missing, ...found];
}
