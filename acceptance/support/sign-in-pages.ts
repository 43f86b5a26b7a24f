import type { Locator, Page } from 'playwright-core';
import type { ChatPage } from './chat-page.ts';
import type { Person } from './chromium.ts';
import type { DemoHere } from './demo-here.ts';

export const continueOn = (page: Page): Locator => page.locator('form[data-continue] button');

/** The code that the page shows; waits for it. */
export async function codeOn(page: Page): Promise<string> {
  return (await page.locator('[data-code]').innerText()).trim();
}

/** The address at the provider that this person's own browser was sent to: what an attacker would forward. */
export async function providerUrlOf({ person, chat }: { person: Person; chat: ChatPage }): Promise<string> {
  const [request] = await Promise.all([
    person.context.waitForEvent('request', (one) => one.url().includes('/auth?')),
    chat.login(),
  ]);
  return request.url();
}

/** Does what ends in a callback, but keeps the callback from being fetched: its address. */
export async function stopAtCallback(page: Page, act: () => Promise<void>): Promise<string> {
  // Not `page.route`: that does not see where a redirect leads.
  const session = await page.context().newCDPSession(page);
  const stopped = Promise.withResolvers<string>();
  session.on('Fetch.requestPaused', ({ requestId, request }) => {
    stopped.resolve(request.url);
    session.send('Fetch.failRequest', { requestId, errorReason: 'Aborted' }).catch(stopped.reject);
  });
  await session.send('Fetch.enable', { patterns: [{ urlPattern: '*/callback/*' }] });
  await act();
  return await stopped.promise;
}

/** All that the database says of every attempt. */
export async function attemptsIn(demo: DemoHere): Promise<unknown[]> {
  return await demo.db.all('SELECT * FROM attempt ORDER BY created_at, id');
}
