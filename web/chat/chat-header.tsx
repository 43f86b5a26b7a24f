import type { RefObject } from 'preact';
import { useEffect, useRef, useState } from 'preact/hooks';
import { Icon } from '../icon.tsx';
import type { Snapshot } from './conversation.ts';
import { useChat } from './place.ts';

export interface ChatHeaderProps {
  snapshot: Snapshot;
  onPermissions(): void;
  onSignOut(): void;
  onAnew(): void;
}

export function ChatHeader({ snapshot, onPermissions, onSignOut, onAnew }: ChatHeaderProps) {
  const { say, bot } = useChat();
  const [open, setOpen] = useState(false);
  const menu = useRef<HTMLDivElement>(null);
  const button = useRef<HTMLButtonElement>(null);
  const close = (escaped: boolean) => {
    setOpen(false);
    if (escaped) button.current?.focus();
  };
  useEffect(() => (open ? closeWhenLeft(menu, close) : undefined), [open]);
  const pick = (act: () => void) => () => {
    setOpen(false);
    button.current?.focus();
    act();
  };
  return (
    <header class="chat-header">
      <span class="chat-avatar" aria-hidden="true">
        {[...bot][0] ?? '·'}
      </span>
      <h1 class="chat-name" dir="auto">
        {bot}
      </h1>
      <div class="chat-menu" ref={menu}>
        <button
          type="button"
          class="chat-menu-button"
          ref={button}
          aria-label={say('menu')}
          aria-expanded={open}
          onClick={() => setOpen(!open)}
        >
          <Icon name="more" />
        </button>
        {open && (
          <ul class="chat-menu-list">
            <MenuItem icon="shield" label={say('may_do')} onPick={pick(onPermissions)} />
            <MenuItem
              icon="leave"
              label={say('sign_out')}
              disabled={!snapshot.conversation_id}
              onPick={pick(onSignOut)}
            />
            <MenuItem
              icon="plus"
              label={say('new_conversation')}
              disabled={!snapshot.conversation_id && snapshot.end === 'open'}
              onPick={pick(onAnew)}
            />
          </ul>
        )}
      </div>
    </header>
  );
}

interface MenuItemProps {
  icon: 'shield' | 'leave' | 'plus';
  label: string;
  disabled?: boolean;
  onPick(): void;
}

function MenuItem({ icon, label, disabled = false, onPick }: MenuItemProps) {
  return (
    <li>
      <button type="button" disabled={disabled} onClick={onPick}>
        <Icon name={icon} />
        {label}
      </button>
    </li>
  );
}

/** Closes the menu on Escape, and when the reader goes elsewhere by pointer or by Tab. */
function closeWhenLeft(menu: RefObject<HTMLElement | null>, close: (escaped: boolean) => void): () => void {
  const gone = new AbortController();
  const { signal } = gone;
  const check = (event: Event) => {
    if (event.target instanceof Node && !menu.current?.contains(event.target)) close(false);
  };
  document.addEventListener('pointerdown', check, { signal });
  document.addEventListener('focusin', check, { signal });
  document.addEventListener('keydown', (event) => event.key === 'Escape' && close(true), { signal });
  return () => gone.abort();
}
