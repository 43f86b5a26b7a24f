import { useEffect, useState } from 'preact/hooks';
import type { Snapshot } from './conversation.ts';
import { useChat } from './place.ts';

/** Says so when the server cannot be reached; nothing while all is well. */
export function Notice({ snapshot }: { snapshot: Snapshot }) {
  const { say } = useChat();
  const online = useOnline();
  const trouble =
    snapshot.end !== 'open' ? undefined : online ? snapshot.link === 'broken' && 'reconnecting' : 'offline';
  return (
    <div role="status" class="chat-notice">
      {trouble && <p>{say(trouble)}</p>}
    </div>
  );
}

function useOnline(): boolean {
  const [online, setOnline] = useState(navigator.onLine);
  useEffect(() => {
    const check = () => setOnline(navigator.onLine);
    addEventListener('online', check);
    addEventListener('offline', check);
    return () => {
      removeEventListener('online', check);
      removeEventListener('offline', check);
    };
  }, []);
  return online;
}
