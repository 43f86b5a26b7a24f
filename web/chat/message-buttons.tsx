import { Icon } from '../icon.tsx';
import { destination, safeLink } from '../link.ts';
import { useSnapshot } from '../snapshot.ts';
import { useChat } from './place.ts';
import type { Button } from './wire.ts';

/** The buttons of a message. A link that may not be followed is shown as a button that does nothing (XS-03). */
export function MessageButtons({ buttons }: { buttons: Button[] }) {
  const { client } = useChat();
  const { outbox, end } = useSnapshot(client);
  const busy = end !== 'open' || outbox.some(({ state }) => state === 'waiting');
  return (
    <div class="chat-buttons">
      {buttons.map((button) =>
        button.type === 'link' ? (
          <LinkButton button={button} />
        ) : (
          <button
            type="button"
            class="button"
            dir="auto"
            disabled={busy}
            onClick={() => client.tap(button.payload ?? button.label, button.label)}
          >
            {button.label}
          </button>
        ),
      )}
    </div>
  );
}

function LinkButton({ button }: { button: Button }) {
  const { say } = useChat();
  const link = safeLink(button.url);
  if (!link) {
    return (
      <button type="button" class="button" disabled dir="auto">
        {button.label}
      </button>
    );
  }
  const here = button.target === 'current_window';
  return (
    <a
      class="button"
      href={link.href}
      title={destination(link)}
      target={here ? undefined : '_blank'}
      rel="noopener noreferrer"
    >
      <span class="chat-link-label">
        <bdi>{button.label}</bdi>
        {link.host !== location.host && <small>{destination(link)}</small>}
      </span>
      {!here && <Icon name="outside" />}
      {!here && <span class="unseen">{say('opens_window')}</span>}
    </a>
  );
}
