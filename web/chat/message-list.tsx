import type { ComponentChildren } from 'preact';
import { useEffect, useRef, useState } from 'preact/hooks';
import { useFollow } from '../follow.ts';
import { Icon } from '../icon.tsx';
import { Bubble } from './bubble.tsx';
import type { Snapshot } from './conversation.ts';
import { useChat } from './place.ts';
import { runOf } from './run.ts';
import { lastSeq, type View } from './transcript.ts';

export interface MessageListProps {
  view: View;
  snapshot: Snapshot;
  /** Stands below the last message. */
  children: ComponentChildren;
}

/** The transcript as a log: it reads out what is new, never what was there before (aria-live waits for the history). */
export function MessageList({ view, snapshot, children }: MessageListProps) {
  const { say, bot } = useChat();
  const scroller = useRef<HTMLDivElement>(null);
  const [reading, setReading] = useState(false);
  const restoring = snapshot.link === 'restoring' && view.items.length === 0;
  const coming = snapshot.typing || lastSeq(snapshot.transcript) > snapshot.shown;
  const typing = coming && snapshot.end === 'open' && snapshot.link === 'live';
  useEffect(() => setReading(!restoring), [restoring]);
  const own = view.items.at(-1)?.kind === 'pending';
  const { behind, toEnd } = useFollow(scroller, { count: view.items.length, own, state: typing ? undefined : view });
  return (
    <div class="chat-body">
      <div
        class="chat-log"
        ref={scroller}
        role="log"
        aria-live={reading ? 'polite' : 'off'}
        aria-label={say('transcript', { bot })}
        tabIndex={0}
      >
        {view.items.length === 0 && <Welcome restoring={restoring} />}
        <ol>
          {view.items.map((item, index) => (
            <Bubble
              key={item.key}
              item={item}
              run={runOf(view.items, index)}
              current={'seq' in item && item.seq === view.current}
              fresh={item.kind === 'pending' || ('seq' in item && item.seq > snapshot.history)}
            />
          ))}
        </ol>
        {typing && <Typing />}
        {children}
      </div>
      {behind && (
        <button type="button" class="button small chat-behind" onClick={toEnd}>
          <Icon name="down" />
          {say('new_messages')}
        </button>
      )}
    </div>
  );
}

function Welcome({ restoring }: { restoring: boolean }) {
  const { say, bot } = useChat();
  if (restoring) return <p class="chat-hint">{say('restoring')}</p>;
  return (
    <div class="chat-welcome">
      <span class="chat-avatar large" aria-hidden="true">
        {[...bot][0] ?? '·'}
      </span>
      <p class="chat-welcome-title">{say('welcome')}</p>
      <p class="chat-hint">{say('welcome_detail')}</p>
    </div>
  );
}

function Typing() {
  const { say, bot } = useChat();
  return (
    <p class="chat-typing">
      <span class="unseen">{say('typing', { bot })}</span>
      <span aria-hidden="true" />
      <span aria-hidden="true" />
      <span aria-hidden="true" />
    </p>
  );
}
