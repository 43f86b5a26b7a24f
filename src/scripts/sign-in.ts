import { type SignInChoice, signInSite } from '../api/conversation-script.ts';
import { limits } from '../delegation/attempt.ts';
import type { Delegation } from '../delegation/delegation.ts';
import type { SignInPages } from '../delegation/sign-in-pages.ts';
import type { WireEvent } from '../runtime/runtime.ts';
import type { OfflineTime } from './offline-time.ts';

interface SignInParts {
  time: OfflineTime;
  /** The secret of the consumer's browser, with which the conversation was opened. */
  browser: string;
  choice: SignInChoice;
}

/** The consumer's part in every sign-in, played as the script chooses once she is shown the link. */
export interface SignIns {
  /** True when she did something about a link among these events. */
  follow(events: readonly WireEvent[]): Promise<boolean>;
}

export function createSignIns(delegation: Delegation & SignInPages, { time, browser, choice }: SignInParts): SignIns {
  /** Links that were offered and not yet shown, as a recipe's are before the bot comes to its Login button. */
  const offered = new Set<string>();

  /** Through the pages and the provider, as her browser would go. */
  async function goThrough(url: string, answer: string): Promise<void> {
    const gone = await delegation.proceed(url.slice(`${signInSite}/sign-in/`.length), browser, null);
    if (gone.kind !== 'redirect') return;
    const { searchParams } = new URL(gone.url);
    const [, , account_id = '', leaf = ''] = new URL(searchParams.get('redirect_uri') ?? signInSite).pathname.split(
      '/',
    );
    const query = `${answer}&state=${encodeURIComponent(searchParams.get('state') ?? '')}`;
    await delegation.callback({ account_id, leaf, query, browser });
  }

  async function act(url: string): Promise<void> {
    if (choice === 'grant') return await goThrough(url, 'code=offline');
    if (choice === 'decline') return await goThrough(url, 'error=access_denied');
    time.clock.advance(limits.offered + 1);
    await delegation.work();
  }

  return {
    async follow(events) {
      for (const event of events) if (event.type === 'sign_in' && typeof event.url === 'string') offered.add(event.url);
      const said = JSON.stringify(events.filter(({ type }) => type === 'message'));
      const shown = [...offered].filter((url) => said.includes(url));
      if (choice === 'never') return false;
      for (const url of shown) {
        offered.delete(url);
        await time.outside(act(url));
      }
      return shown.length > 0;
    },
  };
}
