import { mostOfDocument } from './bounded-parser.ts';
import type { BotDocument } from './document.ts';
import { type InteractionPlace, interactionPlaces } from './places.ts';
import { pointer } from './problem.ts';
import { type ReadScript, readScript } from './read-script.ts';

export interface ScriptPlace {
  code: string;
  read: ReadScript;
  /** JSON pointer. */
  path: string;
  /** The interaction it belongs to; none of global functions and transforms. */
  of?: InteractionPlace;
}

const known = new WeakMap<BotDocument, readonly ScriptPlace[]>();

/** Every script of a document, read once however many checks ask. */
export function scriptsOf(document: BotDocument): readonly ScriptPlace[] {
  const before = known.get(document);
  if (before) return before;
  const scripts = [...allScripts(document)];
  known.set(document, scripts);
  return scripts;
}

function* allScripts(document: BotDocument): Generator<ScriptPlace> {
  const { global_functions: functions, integrations } = document;
  const allowance = { left: mostOfDocument };
  if (functions?.trim()) yield { code: functions, read: readScript(functions, allowance), path: '/global_functions' };
  for (const [at, { transform }] of integrations.entries()) {
    if (transform?.trim())
      yield {
        code: transform,
        read: readScript(transform, allowance),
        path: pointer('/integrations', at, 'transform'),
      };
  }
  for (const of of interactionPlaces(document)) {
    for (const hook of ['pre_process', 'post_process', 'process_user_response'] as const) {
      const code: unknown = Reflect.get(of.interaction, hook);
      if (typeof code === 'string' && code.trim())
        yield { code, read: readScript(code, allowance), path: pointer(of.path, hook), of };
    }
  }
}
