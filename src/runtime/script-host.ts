import type { Need } from '../engine/step.ts';
import { readLanguage } from '../nlu/language.ts';
import type { ScriptAsk } from '../sandbox/script-ask.ts';
import type { SandboxOutcome } from '../sandbox/sandbox.ts';
import { contextNamespaces } from '../store/context.ts';
import type { Json } from '../world/json.ts';
import { contextOf, namespacesNow } from './context.ts';
import { localTime } from './local-time.ts';
import type { Turn } from './turn.ts';

type ScriptNeed = Extract<Need, { type: 'script' }>;

/** Runs an author's hook, and answers what it reads of the platform on its way. */
export function runHook(turn: Turn, need: ScriptNeed): Promise<SandboxOutcome> {
  const { rooms, conversation } = turn;
  const now = rooms.world.clock.now();
  return rooms.sandbox.run({
    api: 'bot',
    tenant: conversation.account_id,
    lane: conversation.id,
    now,
    // The scope is plain JSON by its type; Json has no optional members to say so.
    input: { hook: need.hook, code: need.code, globals: need.globals, scope: need.scope } as unknown as Json,
    answer: (ask) => answer(ask, { turn, need, now }),
  });
}

interface Asking {
  turn: Turn;
  need: ScriptNeed;
  now: number;
}

/** Author code chose the arguments: they name a zone, a namespace and one of three owners, and nothing else. */
async function answer({ ask, args: [first = '', second = ''] }: ScriptAsk, asking: Asking): Promise<Json> {
  const { turn, need, now } = asking;
  if (ask === 'local_time') return localTime(first, now);
  if (ask === 'language') return { ...readLanguage(need.scope.user_message, turn.conversation.locale) };
  if (ask === 'context_namespaces')
    return namespacesNow(turn, await contextNamespaces(turn.rooms.db, turn.conversation.account_id));
  return await contextOf(turn, { of: first, namespace: second, at: now });
}
