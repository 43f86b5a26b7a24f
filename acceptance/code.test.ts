import { expect, it } from 'vitest';
import { outcomeOn, passBrand } from './support/brand-pages.ts';
import { converse } from './support/consumer.ts';
import { setScene } from './support/scene.ts';
import { codeOn, continueOn } from './support/sign-in-pages.ts';

const scene = setScene();

/** A consumer of the plain API, as a text channel would be, with her link. */
async function textConsumer() {
  const consumer = await converse(scene.demo.url, scene.demo.bot('managed').id, { channel: 'text' });
  await consumer.say('where is my order?');
  return { consumer, link: await consumer.signInUrl() };
}

it('a plain client’s link: one tap, one code of six letters, then the page goes on by itself', async () => {
  const { consumer, link } = await textConsumer();
  const person = await scene.meet('phone');
  const page = await person.open(link);
  await person.press(continueOn(page));
  const code = await codeOn(page);
  expect(code.replace(/[^A-Z]/g, '')).toHaveLength(6);
  await consumer.say(code.toLowerCase().replace(/\W/, ' '));
  await passBrand(person, page, scene.demo.user('lena'));
  expect(await outcomeOn(page)).toBe('granted');
  await page.getByText('Go back to your chat').waitFor();
  await consumer.hears('Reading Lamp');
  expect(person.effort(scene.demo.url)).toEqual({ typed: 0, pressed: 1 });
  expect(person.complaints()).toEqual([]);
  expect(scene.demo.tokenRequests('authorization_code')).toBe(1);
});

it('without scripts the page says what to do, and has Continue after a reload, its own or the consumer’s', async () => {
  const { consumer, link } = await textConsumer();
  const person = await scene.meetStrict('javascript');
  const page = await person.open(link);
  await continueOn(page).click();
  const code = await codeOn(page);
  await page.locator('noscript p', { hasText: 'reload this page' }).waitFor();
  // The page's own reload; the consumer's comes right after it, so that the two do not meet.
  await page.waitForEvent('load');
  await page.reload();
  expect(await codeOn(page)).toBe(code);
  await consumer.say(code);
  await consumer.next((event) => event.type === 'sign_in' && event.status === 'bound');
  await continueOn(page).click();
  await passBrand(person, page, scene.demo.user('lena'));
  expect(await outcomeOn(page)).toBe('granted');
  await consumer.hears('Reading Lamp');
});

it('the hosted chat’s link opened on the phone beside it: the code goes into the chat, the order appears there', async () => {
  const { person: atDesk, chat } = await scene.asking();
  const person = await scene.meet('phone');
  const page = await person.open(await chat.link());
  await person.press(continueOn(page));
  const code = await codeOn(page);
  atDesk.rest();
  await chat.say(code);
  await passBrand(person, page, scene.demo.user('noah'));
  await chat.hears('Garden Lantern');
  expect(atDesk.effort(scene.demo.url).typed).toBe(code.length);
  await chat.page.locator('.chat-item.own', { hasText: '••••••' }).waitFor();
  expect(await chat.page.getByText(code).count()).toBe(0);
});

it('V2: five wrong codes end the sign-in, and the open page says so by itself', async () => {
  const { consumer, link } = await textConsumer();
  const person = await scene.meet();
  const page = await person.open(link);
  await person.press(continueOn(page));
  const code = (await codeOn(page)).replace(/\W/g, '');
  const wrong = ['BBBBBB', 'CCCCCC', 'DDDDDD', 'FFFFFF', 'GGGGGG', 'HHHHHH'].filter((one) => one !== code).slice(0, 5);
  for (const one of wrong) await consumer.say(one);
  expect(await outcomeOn(page)).toBe('binding_failed');
  await consumer.next((event) => event.type === 'sign_in' && event.outcome === 'binding_failed');
  expect(scene.demo.tokenRequests('authorization_code')).toBe(0);
});

it('a browser that keeps no cookies is told that they are needed', async () => {
  const { link } = await textConsumer();
  const person = await scene.meetStrict('cookies');
  const page = await person.open(link);
  await continueOn(page).click();
  await page.getByRole('heading', { name: 'Cookies are needed' }).waitFor();
  await continueOn(page).click();
  await page.getByRole('heading', { name: 'Cookies are needed' }).waitFor();
  expect(await page.locator('[data-code]').count()).toBe(0);
});
