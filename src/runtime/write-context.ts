import type { ContextChange } from '../engine/step.ts';
import {
  type ContextOwner,
  deleteContextNamespace,
  deleteContextValues,
  dropExpiredContext,
  holdContextNamespace,
  registerContextNamespace,
  setContextValue,
} from '../store/context.ts';
import type { ConversationRow } from '../store/conversation.ts';
import type { Transaction } from '../store/database.ts';

type Whose = Pick<ConversationRow, 'account_id' | 'consumer_id' | 'id'>;
type Kept = Extract<ContextChange, { op: 'set' }>;

interface Written<Change> {
  conversation: Whose;
  change: Change;
  at: number;
}

/**
 * Writes a turn's changes and returns what was not kept. Namespace by namespace in the order of their names, and each
 * held where others may write the same rows: so two turns never wait for each other. Within a namespace the script's
 * own order stays, since a deletion may make the room for what is set after it.
 */
export async function writeContext(
  tx: Transaction,
  turn: { conversation: Whose; changes: readonly ContextChange[]; at: number },
): Promise<Kept[]> {
  const { conversation, changes, at } = turn;
  const { account_id } = conversation;
  const dropped: Kept[] = [];
  for (const namespace of [...new Set(changes.map((change) => change.namespace))].sort()) {
    const here = changes.filter((change) => change.namespace === namespace);
    if (here.some(isShared)) await holdContextNamespace(tx, { account_id, name: namespace });
    await dropExpiredContext(tx, { account_id, namespace, at });
    for (const change of here)
      if (!(await write(tx, { conversation, change, at })) && change.op === 'set') dropped.push(change);
  }
  return dropped;
}

/** Other turns may write it at the same time; data of a consumer and a conversation have their one turn. */
function isShared(change: ContextChange): boolean {
  return !('of' in change) || change.of === 'global';
}

async function write(tx: Transaction, { conversation, change, at }: Written<ContextChange>): Promise<boolean> {
  const { account_id } = conversation;
  const { namespace } = change;
  if (change.op === 'register')
    return registerContextNamespace(tx, { account_id, name: namespace, ttl_s: change.ttl_s, at });
  if (change.op === 'delete_namespace') await deleteContextNamespace(tx, { account_id, name: namespace });
  else return writeValue(tx, { conversation, change, at });
  return true;
}

type ValueChange = Exclude<ContextChange, { op: 'register' | 'delete_namespace' }>;

async function writeValue(tx: Transaction, { conversation, change, at }: Written<ValueChange>): Promise<boolean> {
  const owner = contextOwner(conversation, change.of);
  const { namespace } = change;
  if (change.op === 'set')
    return setContextValue(tx, owner, { namespace, name: change.name, value: JSON.stringify(change.value), at });
  const which = change.op === 'delete' ? { namespace, name: change.name } : { namespace };
  await deleteContextValues(tx, owner, which);
  return true;
}

/** Scripts say only which of the three; whose data that is, the conversation says. */
export function contextOwner({ account_id, consumer_id, id }: Whose, kind: ContextOwner['kind']): ContextOwner {
  return { account_id, kind, id: { global: account_id, user: consumer_id, conversation: id }[kind] };
}
