import type { ComponentChildren } from 'preact';
import { destination } from '../../link.ts';
import { useChat } from '../place.ts';
import { type Click, speaks } from './action.ts';
import { useContent } from './content-place.ts';
import type { Look } from './look.ts';

export interface TapProps {
  click: Click;
  /** What the transcript shows when it is tapped. */
  label: string;
  class: string;
  tooltip?: string;
  /** Spoken instead of what is inside. */
  spoken?: string | undefined;
  look?: Look;
  disabled?: boolean;
  children: ComponentChildren;
}

/** Whatever can be tapped: a link where it leads somewhere, so that it can be copied and looked at first, else a button. */
export function Tap({ click, label, look, tooltip, spoken, disabled = false, ...rest }: TapProps) {
  const { say } = useChat();
  const place = useContent();
  const common = { class: rest.class, style: look?.style };
  const [link, another] = click.actions.filter((action) => action.type === 'open');
  if (link && !another) {
    const others = click.actions.filter((action) => action !== link);
    return (
      <a
        {...common}
        aria-label={spoken && !link.here ? `${spoken} (${say('opens_window')})` : spoken || undefined}
        href={link.link.href}
        title={tooltip || destination(link.link)}
        target={link.here ? undefined : '_blank'}
        rel="noopener noreferrer"
        onClick={(event) => {
          // What is said with it must have arrived before the page is left.
          const stays = link.here && others.some(speaks) && !inAnotherWindow(event);
          if (stays) event.preventDefault();
          place.perform(stays ? click : { ...click, actions: others }, label);
        }}
      >
        {rest.children}
        {!link.here && <span class="unseen">{say('opens_window')}</span>}
      </a>
    );
  }
  const idle = click.actions.length === 0 || (place.busy && click.actions.some(speaks));
  return (
    <button
      {...common}
      type="button"
      aria-label={spoken || undefined}
      title={tooltip || undefined}
      disabled={disabled || idle}
      onClick={() => place.perform(click, label)}
    >
      {rest.children}
    </button>
  );
}

/** As whoever clicks wants it, whatever the author did. */
function inAnotherWindow({ ctrlKey, metaKey, shiftKey }: MouseEvent): boolean {
  return ctrlKey || metaKey || shiftKey;
}
