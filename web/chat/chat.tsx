import { useEffect, useMemo, useRef, useState } from 'preact/hooks';
import { sentencesFor } from '../sentences.ts';
import { useSnapshot } from '../snapshot.ts';
import './chat.css';
import './sign-in-card.css';
import { AnewDialog } from './anew-dialog.tsx';
import { ChatHeader } from './chat-header.tsx';
import type { ChatClient } from './client.ts';
import { Composer } from './composer.tsx';
import { Ended } from './ended.tsx';
import { FileBar } from './file-bar.tsx';
import { MessageList } from './message-list.tsx';
import { Notice } from './notice.tsx';
import { PermissionsDialog } from './permissions-dialog.tsx';
import { ChatContext } from './place.ts';
import { QuickReplies } from './quick-replies.tsx';
import { upTo, view } from './transcript.ts';

export interface ChatProps {
  client: ChatClient;
  botName: string;
  /** BCP 47. */
  locale: string;
}

/** The whole chat. It fills the box it stands in, and keeps everything in its client. */
export function Chat({ client, botName, locale }: ChatProps) {
  const place = useMemo(() => ({ client, say: sentencesFor(locale), bot: botName, locale }), [client, botName, locale]);
  const snapshot = useSnapshot(client);
  const shown = useMemo(
    () => view(upTo(snapshot.transcript, snapshot.shown), snapshot.outbox),
    [snapshot.transcript, snapshot.shown, snapshot.outbox],
  );
  const [dialog, setDialog] = useState<'permissions' | 'sign-out' | 'anew'>();
  const input = useRef<HTMLTextAreaElement>(null);
  const closeDialog = () => setDialog(undefined);
  useEffect(() => {
    // A keyboard that comes up by itself would hide half of a phone's screen.
    if (matchMedia('(pointer: fine)').matches) input.current?.focus();
  }, [client]);
  return (
    <ChatContext.Provider value={place}>
      <section class="chat" aria-label={botName} lang={locale}>
        <ChatHeader
          snapshot={snapshot}
          onPermissions={() => setDialog('permissions')}
          onSignOut={() => setDialog('sign-out')}
          onAnew={() => setDialog('anew')}
        />
        <Notice snapshot={snapshot} />
        <MessageList view={shown} snapshot={snapshot}>
          {snapshot.end === 'open' && (
            <QuickReplies replies={shown.quickReplies} perRow={shown.perRow} of={shown.current} input={input} />
          )}
        </MessageList>
        {snapshot.end === 'open' && shown.accepts && <FileBar accepts={shown.accepts} />}
        {snapshot.end === 'open' ? <Composer input={input} /> : <Ended end={snapshot.end} />}
        {(dialog === 'permissions' || dialog === 'sign-out') && (
          <PermissionsDialog signOut={dialog === 'sign-out'} onClose={closeDialog} />
        )}
        {dialog === 'anew' && <AnewDialog onClose={closeDialog} />}
      </section>
    </ChatContext.Provider>
  );
}
