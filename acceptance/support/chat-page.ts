import type { Locator, Page } from 'playwright-core';
import type { Person } from './chromium.ts';

/** The hosted chat as a person sees it. */
export interface ChatPage {
  page: Page;
  say(text: string): Promise<void>;
  /** Resolves when the bot has said something with this text. */
  hears(text: string | RegExp): Promise<void>;
  /** Resolves when it has said so this often. */
  hearsTimes(text: string | RegExp, times: number): Promise<void>;
  /** How often the bot has said this by now. */
  heard(text: string | RegExp): Promise<number>;
  /** A button or a quick reply by its label. */
  tap(label: string): Promise<void>;
  /** Login: the window that it opens. */
  login(): Promise<Page>;
  loginLink(): Locator;
  /** The sign-in link as it could be copied and forwarded. */
  link(): Promise<string>;
  /** The newest sign-in's card. */
  card(): Locator;
  menu(item: string): Promise<void>;
  reload(): Promise<void>;
}

export async function openChat(person: Person, url: string): Promise<ChatPage> {
  return chatOn(person, await person.open(url));
}

export function chatOn(person: Person, page: Page): ChatPage {
  const input = page.locator('.chat-composer textarea');
  const botSaid = (text: string | RegExp) => page.locator('.chat-item.bot .chat-bubble', { hasText: text });
  const heardBy = async (place: Locator) => {
    await place.waitFor().catch(async () => {
      throw new Error(`not heard: ${place}; the chat says: ${await page.locator('.chat').innerText()}`);
    });
  };
  const card = () => page.locator('.sign-in').last();
  const loginLink = () => card().locator('.sign-in-actions a');
  return {
    page,
    async say(text) {
      await person.press(input);
      await input.pressSequentially(text);
      await page.keyboard.press('Enter');
    },
    hears: (text) => heardBy(botSaid(text).last()),
    hearsTimes: (text, times) => heardBy(botSaid(text).nth(times - 1)),
    heard: (text) => botSaid(text).count(),
    tap: (label) => person.press(page.getByRole('button', { name: label, exact: true }).last()),
    login: () => person.pressForWindow(loginLink()),
    loginLink,
    async link() {
      const href = await loginLink().getAttribute('href');
      if (!href) throw new Error('Login without a link');
      return href;
    },
    card,
    async menu(item) {
      await person.press(page.locator('.chat-menu-button'));
      await person.press(page.locator('.chat-menu-list button', { hasText: item }));
    },
    async reload() {
      await page.reload();
    },
  };
}
