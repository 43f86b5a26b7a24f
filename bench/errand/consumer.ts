import { request } from 'undici';
import type { Errand } from '../../src/main/assemble.ts';
import type { Session } from '../../src/runtime/runtime.ts';
import { randomText } from '../../src/world/id.ts';
import type { Marks } from './marks.ts';

/** A consumer with a browser of her own, who asks for her order and signs in. */
export interface Consumer {
  session: Session;
  /** Says it; resolves with the times of what is expected to follow. */
  say(text: string, expected: readonly string[]): Promise<number[]>;
  /** Follows the link that the chat offers, up to the provider's answer. */
  callbackUrl(): Promise<string>;
  /** Her browser comes back from the provider. */
  comeBack(url: string): Promise<void>;
}

export async function newConsumer(parts: { errand: Errand; marks: Marks; bot: string }): Promise<Consumer> {
  const { errand, marks } = parts;
  const browser = randomText(errand.world.random, 32);
  const { conversation_id, session_token } = await errand.runtime.open({ bot_id: parts.bot, channel: 'web', browser });
  const session = await errand.runtime.session(conversation_id, session_token);
  const cookie = `errand_browser=${browser}`;
  let said = 0;

  return {
    session,
    async say(text, expected) {
      const done = marks.expect(expected);
      said += 1;
      await errand.runtime.accept(session, { id: `m${said}`, text });
      return await done;
    },
    async callbackUrl() {
      const { events } = await errand.runtime.events(session, 0);
      const link = String(events.findLast((event) => event.type === 'sign_in')?.url);
      const headers = { cookie, 'sec-fetch-site': 'same-origin', 'content-type': 'application/x-www-form-urlencoded' };
      const answer = await request(link, { method: 'POST', headers, body: '' });
      await answer.body.dump();
      const { searchParams } = new URL(String(answer.headers.location));
      return `${searchParams.get('redirect_uri')}?code=c&state=${searchParams.get('state')}`;
    },
    async comeBack(url) {
      const answer = await request(url, { headers: { cookie } });
      await answer.body.dump();
      if (answer.statusCode !== 303) throw new Error(`the callback answered ${answer.statusCode}`);
    },
  };
}

/** What a signed-in call passes, from the stored message to the committed answer. */
export const callTurn = [
  'accept.committed',
  'turn.before_commit',
  'turn.committed',
  'call.result_committed',
  'turn.committed',
] as const;
