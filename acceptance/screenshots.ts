/** The pictures of the documents, taken from the demo as `npm start` runs it. `npm run screenshots` writes docs/img. */
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { chatOn, openChat } from './support/chat-page.ts';
import { type Chromium, type Person, startChromium } from './support/chromium.ts';
import { type DemoHere, startDemoHere } from './support/demo-here.ts';
import { codeOn, continueOn } from './support/sign-in-pages.ts';

const folder = join(import.meta.dirname, '../docs/img');
const take = (page: Page, name: string) => page.screenshot({ path: join(folder, `${name}.png`) });

await mkdir(folder, { recursive: true });
const demo = await startDemoHere({ ports: { errand: 4300, brand: 4400 } });
const chromium = await startChromium();
try {
  await startPage(demo, await chromium.desktop());
  await chatAndCode(demo, chromium);
} finally {
  await chromium.close();
  await demo.close();
}

/** The demo's first page in the middle of a sign-in: the provider's page is open in the other window. */
async function startPage({ url }: DemoHere, person: Person): Promise<void> {
  const page = await person.open(url);
  const chat = chatOn(person, page);
  await chat.say('where is my order?');
  const window = await chat.login();
  await window.locator('input[name=password]').waitFor();
  await page.locator('.trace-sign-in').getByText('redirected').waitFor();
  await page.locator('.chat-log').click({ position: { x: 5, y: 5 } });
  await page.mouse.move(0, 0);
  await take(page, 'start-page');
}

/** A phone's chat that asks for the sign-in, and what somebody else's phone shows who opens its link. */
async function chatAndCode(at: DemoHere, browsers: Chromium): Promise<void> {
  const person = await browsers.phone({ scale: 2 });
  const chat = await openChat(person, at.bot('managed').chat_url);
  await chat.say('where is my order?');
  await chat.loginLink().waitFor();
  await take(chat.page, 'chat-sign-in');
  const other = await browsers.phone({ scale: 2 });
  const page = await other.open(await chat.link());
  await other.press(continueOn(page));
  await codeOn(page);
  await take(page, 'sign-in-code');
}
