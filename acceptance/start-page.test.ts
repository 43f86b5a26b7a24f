import { expect, it } from 'vitest';
import { passBrand } from './support/brand-pages.ts';
import { chatOn } from './support/chat-page.ts';
import { setScene } from './support/scene.ts';
import { codeOn, continueOn } from './support/sign-in-pages.ts';

const scene = setScene();

it('on the start page the trace beside the chat shows each call with the token hidden, and every button does what it says', async () => {
  const { demo } = scene;
  const person = await scene.meet();
  const page = await person.open(demo.url);
  const chat = chatOn(person, page);
  const trace = page.getByRole('region', { name: 'Turns' });
  const button = (name: string) => page.locator('.controls').getByRole('button', { name, exact: true });
  await chat.say('where is my order?');
  await chat.loginLink().waitFor();

  const [stranger] = await Promise.all([
    person.context.waitForEvent('page'),
    page.getByRole('link', { name: 'Open this link as a stranger' }).click(),
  ]);
  await continueOn(stranger).click();
  await codeOn(stranger);
  expect(await stranger.locator('form').count()).toBe(0);
  await stranger.close();

  await passBrand(person, await chat.login(), demo.user('mia'));
  await chat.hears('Copper Kettle');
  const call = trace.locator('.trace-call', { hasText: 'success' }).first();
  await call.locator('summary').click();
  await call.getByText('Bearer •••').waitFor();
  await trace.getByText('granted').first().waitFor();

  await button('Expire the token').click();
  await page.getByText('The access token has expired').waitFor();
  await chat.say('where is my order?');
  await chat.hearsTimes('Copper Kettle', 2);
  await trace
    .getByText(/refresh/i)
    .first()
    .waitFor();
  expect(demo.tokenRequests('refresh_token')).toBe(1);

  await page.getByRole('switch', { name: /Brand/ }).click();
  await page.getByText('The brand’s API is down').waitFor();
  await chat.say('where is my order?');
  await chat.hears('not available at the moment');
  await page.getByRole('switch', { name: /Brand/ }).click();
  await page.getByText('The brand’s API is up again').waitFor();

  await button('Revoke').click();
  await page.getByText('The permission is revoked').waitFor();
  await page.getByRole('switch', { name: /Identity provider/ }).click();
  await page.getByText('The identity provider is down').waitFor();
  await chat.say('where is my order?');
  await chat.hearsTimes('not available at the moment', 2);
  await page.getByRole('switch', { name: /Identity provider/ }).click();
  await page.getByText('The identity provider is up again').waitFor();
  // The provider had asked for half a minute of rest (Retry-After).
  demo.clock.putForward(31_000);
  await chat.say('where is my order?');
  await chat.loginLink().waitFor();

  const { token_requests } = demo.brand.control.counters();
  expect(token_requests.authorization_code).toBe(1);
  expect(person.complaints()).toEqual([]);
});

it('on a phone the start page has the chat, the trace and the demo as tabs, and the recipe bot a tap away', async () => {
  const { demo } = scene;
  const person = await scene.meet('phone');
  const page = await person.open(demo.url);
  await person.press(page.getByText('Recipe', { exact: true }));
  const chat = chatOn(person, page);
  await chat.say('where is my order?');
  await passBrand(person, await chat.login(), demo.user('noah'));
  await chat.hears('Garden Lantern');
  await person.press(page.getByRole('button', { name: 'trace' }));
  await page.locator('.trace-call', { hasText: 'success' }).first().waitFor();
  await person.press(page.getByRole('button', { name: 'demo' }));
  await page.getByText('noah-demo').waitFor();
  expect(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth)).toBe(true);
});
