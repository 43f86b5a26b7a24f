import { describe, expect, it } from 'vitest';
import { outcomeOn, passBrand, refuseAtBrand } from './support/brand-pages.ts';
import { openChat } from './support/chat-page.ts';
import { untilClosed } from './support/chromium.ts';
import { type Mode, setScene } from './support/scene.ts';

const scene = setScene();

const modes: Mode[] = ['managed', 'recipe'];
const everywhere = modes.flatMap((mode) => (['desktop', 'phone'] as const).map((device) => ({ mode, device })));

describe.each(everywhere)('the $mode bot on a $device', ({ mode, device }) => {
  it('answers after one tap and no typing; refreshes without a word; cancels once; asks again after a sign-out', async () => {
    const { demo } = scene;
    const { person, chat } = await scene.asking({ mode, device });
    person.rest();
    const window = await chat.login();
    await passBrand(person, window, demo.user('mia'));
    await chat.hears(demo.user('mia').expects);
    await untilClosed(window);
    expect(person.effort(demo.url)).toEqual({ typed: 0, pressed: 1 });
    expect(await chat.heard('Copper Kettle')).toBe(1);
    expect(demo.tokenRequests('authorization_code')).toBe(1);

    demo.brand.control.expireTokens();
    await chat.say('where is my order?');
    await chat.hearsTimes('Copper Kettle', 2);
    expect(await chat.page.locator('.sign-in').count()).toBe(1);
    expect(demo.tokenRequests('refresh_token')).toBe(1);

    await chat.say('cancel my order');
    await chat.hears('Shall I?');
    expect(demo.brand.control.counters().cancels).toEqual({});
    await chat.tap('Yes');
    await chat.hears('Done: your order BW-20417');
    expect(demo.brand.control.counters().cancels).toEqual({ mia: 1 });
    expect(await chat.heard('Shall I?')).toBe(1);

    await chat.say('sign out');
    await chat.hears('You are signed out');
    await chat.say('where is my order?');
    await chat.loginLink().waitFor();
    expect(await chat.heard('Copper Kettle, is on its way')).toBe(2);
    expect(person.complaints()).toEqual([]);
    expect(person.origins().sort()).toEqual([demo.url, demo.brand.url].sort());
  });
});

describe.each(modes)('the %s bot', (mode) => {
  it('goes on where the consumer was when both pages are reloaded in the middle of the login', async () => {
    const { demo } = scene;
    const { person, chat } = await scene.asking({ mode, device: 'phone' });
    const window = await chat.login();
    await window.locator('input[name=password]').waitFor();
    await Promise.all([window.reload(), chat.page.reload()]);
    await chat.card().getByText('Open again').waitFor();
    person.rest();
    await passBrand(person, window, demo.user('noah'));
    await chat.hears(demo.user('noah').expects);
    expect(person.effort(demo.url)).toEqual({ typed: 0, pressed: 0 });
  });

  it('goes the refused branch when the consumer refuses consent, and back to the chat with one tap', async () => {
    const { demo } = scene;
    const { person, chat } = await scene.asking({ mode });
    const window = await chat.login();
    await refuseAtBrand(person, window, demo.user('mia'));
    expect(await outcomeOn(window)).toBe('declined');
    await chat.hears('You did not give permission');
    await chat.card().getByText('You did not give permission').waitFor();
    await person.press(window.getByRole('link', { name: 'Back to the chat' }));
    await untilClosed(window);
    expect(demo.tokenRequests('authorization_code')).toBe(0);
    expect(await chat.heard('Copper Kettle')).toBe(0);
  });

  it('asks again after the permission was revoked at the brand', async () => {
    const { demo } = scene;
    const { person, chat } = await scene.signedIn('mia', { mode });
    demo.brand.control.revoke('mia');
    await chat.say('where is my order?');
    const window = await chat.login();
    // Still signed in at the shop: only the consent is asked for.
    await person.press(window.getByRole('button', { name: 'Allow' }));
    await chat.hearsTimes('Copper Kettle', 2);
    expect(demo.tokenRequests('authorization_code')).toBe(2);
  });

  it('says that there is an outage and offers no Login while the provider is down', async () => {
    const { demo } = scene;
    const person = await scene.meet();
    const chat = await openChat(person, demo.bot(mode).chat_url);
    demo.brand.control.setProvider('down');
    await chat.say('where is my order?');
    await chat.hears('not available at the moment');
    expect(await chat.page.getByText('Login').count()).toBe(0);
    expect(await chat.page.locator('.sign-in').count()).toBe(0);
    demo.brand.control.setProvider('up');
    await chat.say('where is my order?');
    await chat.loginLink().waitFor();
  });

  it('says that there is an outage and offers no Login while the brand is down, signed in or not', async () => {
    const { demo } = scene;
    demo.brand.control.setApi('down');
    const stranger = await openChat(await scene.meet(), demo.bot(mode).chat_url);
    await stranger.say('where is my order?');
    await stranger.hears('not available at the moment');
    expect(await stranger.page.locator('.sign-in').count()).toBe(0);
    demo.brand.control.setApi('up');
    const { chat } = await scene.signedIn('mia', { mode });
    demo.brand.control.setApi('down');
    await chat.say('where is my order?');
    await chat.hears('not available at the moment');
    expect(await chat.page.locator('.sign-in').count()).toBe(1);
    demo.brand.control.setApi('up');
    await chat.say('where is my order?');
    await chat.hearsTimes('Copper Kettle', 2);
  });

  it('speaks German to a German browser, from the chat through the sign-in pages', async () => {
    const { demo } = scene;
    const person = await scene.meet('phone', { locale: 'de-DE' });
    const chat = await openChat(person, demo.bot(mode).chat_url);
    await chat.page.getByPlaceholder('Nachricht schreiben').waitFor();
    await chat.say('where is my order?');
    const window = await chat.login();
    await refuseAtBrand(person, window, demo.user('lena'));
    await window.getByRole('heading', { name: 'Sie haben keine Erlaubnis gegeben' }).waitFor();
    expect(await window.getAttribute('html', 'lang')).toBe('de');
    await chat.hears('Sie haben keine Erlaubnis gegeben');
  });
});
