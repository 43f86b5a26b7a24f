import { useEffect, useRef } from 'preact/hooks';
import type { Snapshot } from './conversation.ts';
import { useChat } from './place.ts';

/** In the composer's place when the conversation is over. */
export function Ended({ end }: { end: Exclude<Snapshot['end'], 'open'> }) {
  const { client, say } = useChat();
  const button = useRef<HTMLButtonElement>(null);
  useEffect(() => {
    // The composer that had the focus is gone.
    if (document.activeElement === document.body) button.current?.focus();
  }, []);
  return (
    <div class="chat-ended">
      <p role="status">{say(end)}</p>
      <button type="button" class="button main" ref={button} onClick={() => void client.startAnew()}>
        {say('start_new')}
      </button>
    </div>
  );
}
