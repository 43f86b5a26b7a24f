import { useState } from 'preact/hooks';
import { Dialog } from '../dialog.tsx';
import { useChat } from './place.ts';

export function AnewDialog({ onClose }: { onClose(): void }) {
  const { client, say } = useChat();
  const [failed, setFailed] = useState(false);
  const start = async () => {
    if (await client.startAnew()) onClose();
    else setFailed(true);
  };
  return (
    <Dialog title={say('new_conversation_ask')} closeLabel={say('close_dialog')} onClose={onClose}>
      <p>{say('new_conversation_detail')}</p>
      {failed && <p role="alert">{say('request_failed')}</p>}
      <div class="dialog-actions">
        <button type="button" class="button" onClick={onClose}>
          {say('keep')}
        </button>
        <button type="button" class="button main" onClick={() => void start()}>
          {say('end_and_start')}
        </button>
      </div>
    </Dialog>
  );
}
