import { useRef, useState } from 'preact/hooks';
import { Icon } from '../icon.tsx';
import type { SentenceKey } from '../sentences.ts';
import { useChat } from './place.ts';

/** Bytes a file may have; the server refuses more. */
const largest = 5 * 1024 * 1024;

type State =
  | { is: 'ready' }
  | { is: 'sending'; name: string; share: number; cancel(): void }
  | { is: 'failed'; name: string; why: Extract<SentenceKey, 'file_failed' | 'file_too_large'> };

/** Stands above the input while the bot waits for a file. What type it really is, the server judges and the bot says. */
export function FileBar({ accepts }: { accepts: string[] }) {
  const { client, say } = useChat();
  const [state, setState] = useState<State>({ is: 'ready' });
  const field = useRef<HTMLInputElement>(null);
  const endings = accepts.map((ending) => ending.replace(/^\./, '').toLowerCase());
  const send = async (file: File) => {
    const { name } = file;
    if (file.size > largest) return setState({ is: 'failed', name, why: 'file_too_large' });
    const stop = new AbortController();
    const at = (share: number) => setState({ is: 'sending', name, share, cancel: () => stop.abort() });
    at(0);
    const answer = await client.sendFile(file, { progress: at, signal: stop.signal });
    return setState(
      answer.ok || answer.code === 'cancelled' ? { is: 'ready' } : { is: 'failed', name, why: 'file_failed' },
    );
  };
  const chosen = (event: Event) => {
    const file = field.current?.files?.[0];
    event.preventDefault();
    if (file) void send(file);
    // The same file once more must be a change, too.
    if (field.current) field.current.value = '';
  };
  return (
    <div class="chat-files">
      <input
        ref={field}
        type="file"
        hidden
        accept={endings.map((ending) => `.${ending}`).join(',')}
        aria-label={say('attach')}
        onChange={chosen}
      />
      {state.is === 'sending' ? (
        <Sending state={state} />
      ) : (
        <button type="button" class="button" onClick={() => field.current?.click()}>
          <Icon name="clip" />
          <span class="chat-files-label">
            {say('attach')}
            {endings.length > 0 && <small>{say('attach_hint', { types: endings.join(', ') })}</small>}
          </span>
        </button>
      )}
      <p role="status" class={state.is === 'failed' ? 'chat-files-failed' : 'unseen'}>
        {state.is === 'failed' && say(state.why, { name: state.name, limit: String(largest / 1024 / 1024) })}
        {state.is === 'sending' && say('sending_file', { name: state.name })}
      </p>
    </div>
  );
}

function Sending({ state }: { state: State & { is: 'sending' } }) {
  const { say } = useChat();
  return (
    <div class="chat-files-sending">
      <label>
        <bdi>{say('sending_file', { name: state.name })}</bdi>
        <progress max={1} value={state.share} />
      </label>
      <button type="button" class="button quiet small" onClick={state.cancel}>
        {say('cancel')}
      </button>
    </div>
  );
}
