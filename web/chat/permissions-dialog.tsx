import { useEffect, useState } from 'preact/hooks';
import { Dialog } from '../dialog.tsx';
import type { Connection } from './consumer-api.ts';
import { useChat } from './place.ts';

type Loaded = Connection[] | 'loading' | 'failed';

/** Nothing can be done with these any more; one that needs a new sign-in is asked for in the chat. */
const over = new Set(['ended', 'revoked', 'needs_reauth']);

/** "What may you do for me?": the permissions given in this conversation, each with its end, and sign-out for all at once. */
export function PermissionsDialog({ signOut, onClose }: { signOut: boolean; onClose(): void }) {
  const { client, say, bot } = useChat();
  const [list, setList] = useState<Loaded>('loading');
  const [said, setSaid] = useState('');
  const load = async () => {
    const connections = (await client.connections())?.filter(({ status }) => !over.has(status));
    setList(connections ?? 'failed');
    return connections ?? [];
  };
  const end = async (connections: Connection[], done: string) => {
    const ended = await Promise.all(connections.map(({ id }) => client.endConnection(id)));
    setSaid(ended.every(Boolean) ? done : say('end_failed'));
    await load();
  };
  const begin = async () => {
    const connections = await load();
    if (signOut && connections.length > 0) await end(connections, say('signed_out'));
  };
  useEffect(() => void begin(), [client]);
  return (
    <Dialog title={say(signOut ? 'sign_out' : 'may_do')} closeLabel={say('close_dialog')} onClose={onClose}>
      {list === 'loading' && <p class="chat-hint">…</p>}
      {list === 'failed' && (
        <p>
          {say('may_do_failed')}{' '}
          <button type="button" class="button small" onClick={() => void load()}>
            {say('retry')}
          </button>
        </p>
      )}
      {Array.isArray(list) && list.length === 0 && !said && <p>{say(signOut ? 'not_signed_in' : 'may_do_nothing')}</p>}
      {Array.isArray(list) && list.length > 0 && (
        <>
          <p>{say('may_do_intro', { bot })}</p>
          <ul class="permissions">
            {list.map((connection) => (
              <Permission key={connection.id} connection={connection} onEnd={() => end([connection], '')} />
            ))}
          </ul>
          <button type="button" class="button" onClick={() => void end(list, say('signed_out'))}>
            {say('sign_out')}
          </button>
        </>
      )}
      <p role="status" class="permissions-said">
        {said}
      </p>
    </Dialog>
  );
}

function Permission({ connection, onEnd }: { connection: Connection; onEnd(): Promise<void> }) {
  const { say, locale } = useChat();
  const [ending, setEnding] = useState(false);
  const end = async () => {
    setEnding(true);
    await onEnd();
    setEnding(false);
  };
  const used = connection.last_used && say('last_used', { time: shortTime(connection.last_used, locale) });
  return (
    <li>
      <div>
        <strong dir="auto">{connection.credential}</strong>
        <ul class="scopes">
          {connection.scopes.map((scope) => (
            <li>{scope}</li>
          ))}
        </ul>
        <small>{[say('since', { time: shortTime(connection.since, locale) }), used].filter(Boolean).join(' · ')}</small>
      </div>
      <button type="button" class="button small" disabled={ending} onClick={() => void end()}>
        {ending ? say('ending') : say('end_permission')}
        <span class="unseen">: {connection.credential}</span>
      </button>
    </li>
  );
}

function shortTime(time: string, locale: string): string {
  const date = new Date(time);
  return Number.isNaN(date.getTime()) ? '' : date.toLocaleString(locale, { dateStyle: 'medium', timeStyle: 'short' });
}
