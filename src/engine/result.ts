import type { Integration } from '../bot/document.ts';
import { type Json, parseJson } from '../world/json.ts';
import type { CallResult } from './step.ts';
import type { Turn } from './turn.ts';
import { readVariable, setVariable } from './variables.ts';
import { xmlAsJson } from './xml.ts';

/**
 * Keeps a call's answer the way scripts find it (`reference`: Result model): `api_X` is an object whose `jsonData` is the
 * JSON text of `{"api_X": answer}`, `api_XStatus` the status. A call without an answer unsets both, so that an old
 * answer is never taken for this one.
 */
export function storeResult(turn: Turn, integration: Integration, result: CallResult): void {
  const variable = variableOf(integration);
  for (const [name, value] of Object.entries(result.variables ?? {}))
    setVariable(turn, { name, value, scope: 'session' });
  const answer = result.body === null ? null : { jsonData: `{${JSON.stringify(variable)}:${asJsonText(result.body)}}` };
  setVariable(turn, { name: variable, value: answer, scope: 'session' });
  setVariable(turn, { name: `${variable}Status`, value: result.status, scope: 'session' });
  turn.state.last_call = {
    successful: result.outcome === 'success',
    status: result.status === null ? '' : String(result.status),
  };
}

/** Evaluates the custom data fields against what the transform has left in `api_X`. A path that leads nowhere unsets its field. */
export function storeFields(turn: Turn, integration: Integration): void {
  const answer = jsonDataOf(readVariable(turn.state, variableOf(integration)));
  for (const { key, value } of integration.fields ?? []) {
    const found = fieldValue(answer, value);
    const count = Array.isArray(found) ? found.length : found === null ? 0 : 1;
    setVariable(turn, { name: `${integration.name}.${key}`, value: found, scope: 'session' });
    setVariable(turn, { name: `${integration.name}.${key}.count`, value: count, scope: 'session' });
  }
}

function variableOf(integration: Integration): string {
  return `api_${integration.response_variable}`;
}

function asJson(body: string): Json {
  try {
    return parseJson(body);
  } catch {
    return body;
  }
}

/** The answer's own text where it is JSON: parsing and writing it again would cost, and fail on absurdly deep ones. */
function asJsonText(body: string): string {
  try {
    parseJson(body);
    return body.trim();
  } catch {
    return JSON.stringify(xmlAsJson(body) ?? body);
  }
}

function jsonDataOf(variable: Json): Json {
  if (variable === null || typeof variable !== 'object' || Array.isArray(variable)) return null;
  const data = Object.hasOwn(variable, 'jsonData') ? variable.jsonData : null;
  return typeof data === 'string' ? asJson(data) : (data ?? null);
}

/** `{$.api_X.path[i].y}` gives what the path leads to; any other text is the value itself. */
export function fieldValue(answer: Json, field: string): Json {
  const path = /^\s*\{\$\.([^{}]+)\}\s*$/.exec(field)?.[1];
  return path === undefined ? field : follow(answer, stepsOf(path));
}

/** `[i]`: every element. A member that is called `i` is another thing. */
const every = Symbol('[i]');
type Step = string | typeof every;

/** `a.b[0].c[i]` → a, b, 0, c, every element. */
function stepsOf(path: string): Step[] {
  return (path.match(/\[[^\]]*\]|[^.[\]]+/g) ?? [])
    .map((step) => (/^\[\s*i\s*\]$/.test(step) ? every : step.replace(/^\[|\]$/g, '').trim()))
    .filter((step) => step !== '');
}

function follow(value: Json, steps: readonly Step[]): Json {
  const [step, ...rest] = steps;
  if (step === undefined) return value;
  if (value === null) return null;
  if (step === every) return followEach(value, rest);
  if (typeof value !== 'object') return null;
  if (!Array.isArray(value)) return Object.hasOwn(value, step) ? follow(value[step] ?? null, rest) : null;
  return /^\d+$/.test(step) ? follow(value[Number(step)] ?? null, rest) : null;
}

function followEach(value: Json, rest: readonly Step[]): Json {
  // A list of one in XML looks like what it holds.
  if (!Array.isArray(value)) return listOfOne(follow(value, rest));
  return value.map((one) => follow(one, rest)).flatMap((one) => (Array.isArray(one) ? one : [one]));
}

function listOfOne(found: Json): Json {
  return found === null || Array.isArray(found) ? found : [found];
}
