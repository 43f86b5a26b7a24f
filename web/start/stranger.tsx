import { useMemo } from 'preact/hooks';
import type { Snapshot } from '../chat/conversation.ts';
import { view } from '../chat/transcript.ts';
import { CopyButton } from '../copy-button.tsx';
import { Icon } from '../icon.tsx';
import { safeLink } from '../link.ts';

/** The sign-in link as somebody else would open it, to whom it was forwarded. */
export function Stranger({ snapshot }: { snapshot: Snapshot }) {
  const open = useMemo(() => view(snapshot.transcript, []).openAttempt, [snapshot.transcript]);
  const link = safeLink(open?.url);
  if (!link || snapshot.end !== 'open') {
    return (
      <p class="start-note">
        “Open this link as a stranger” needs an open sign-in: ask for the order while signed out.
      </p>
    );
  }
  const foreign = strangersLink(link);
  return (
    <div class="stranger">
      <div class="controls">
        <a class="button small" href={foreign.href} target="_blank" rel="noopener noreferrer">
          Open this link as a stranger
          <Icon name="outside" />
        </a>
        <span class="stranger-copy">
          or copy it
          <CopyButton what="the sign-in link" text={link.href} />
        </span>
      </div>
      <p class="start-note">
        It opens under another name of this machine ({foreign.host}), where the browser has none of the chat’s cookies.
        The copied link does the same in a private window: a page with a code, and no way on.
      </p>
    </div>
  );
}

/** The other loopback name: the same server, but for the browser another site, with other cookies. */
function strangersLink(link: URL): URL {
  const other = new URL(link);
  other.hostname = link.hostname === 'localhost' ? '127.0.0.1' : 'localhost';
  return other;
}
