import type { RefObject } from 'preact';
import { useId, useState } from 'preact/hooks';
import { Icon } from '../icon.tsx';
import { useChat } from './place.ts';

/** A message's greatest length in characters; a body over 64 KB is refused. */
const longest = 10_000;
const mostLines = 6;

export function Composer({ input }: { input: RefObject<HTMLTextAreaElement | null> }) {
  const { client, say } = useChat();
  const [text, setText] = useState('');
  const id = useId();
  const send = () => {
    input.current?.focus();
    if (!text.trim()) return;
    client.say(text.trim());
    setText('');
  };
  const key = (event: KeyboardEvent) => {
    // While an input method composes, Enter chooses a word.
    if (event.key !== 'Enter' || event.shiftKey || event.isComposing) return;
    event.preventDefault();
    send();
  };
  const submit = (event: Event) => {
    event.preventDefault();
    send();
  };
  return (
    <form class="chat-composer" onSubmit={submit}>
      <label class="unseen" for={id}>
        {say('input_label')}
      </label>
      <textarea
        id={id}
        ref={input}
        dir="auto"
        rows={Math.min(text.split('\n').length, mostLines)}
        maxLength={longest}
        enterkeyhint="send"
        autocomplete="off"
        placeholder={say('input_placeholder')}
        value={text}
        onInput={(event) => setText(event.currentTarget.value)}
        onKeyDown={key}
      />
      <button
        type="submit"
        class="chat-send"
        aria-label={say('send')}
        aria-disabled={!text.trim()}
        onPointerDown={(event) => event.preventDefault()}
      >
        <Icon name="send" />
      </button>
    </form>
  );
}
