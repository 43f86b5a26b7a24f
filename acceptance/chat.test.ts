import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { passBrand } from './support/brand-pages.ts';
import { openChat } from './support/chat-page.ts';
import { unlessItCloses } from './support/chromium.ts';
import { type EvilSite, startEvilSite } from './support/evil-site.ts';
import { setScene } from './support/scene.ts';

let evil: EvilSite;
beforeAll(async () => {
  evil = await startEvilSite();
});
const scene = setScene(() => ({ egressAllow: [evil.place] }));
afterAll(() => evil?.close());

const managed = () => scene.demo.bot('managed').chat_url;

describe('nothing is lost', () => {
  it('over a reload: the same transcript, the sign-in still open, then the answer', async () => {
    const { person, chat } = await scene.asking();
    const before = await chat.page.locator('.chat-log').innerText();
    await chat.page.reload();
    await chat.loginLink().waitFor();
    expect(await chat.page.locator('.chat-log').innerText()).toBe(before);
    await passBrand(person, await chat.login(), scene.demo.user('mia'));
    await chat.hears('Copper Kettle');
    await chat.page.reload();
    await chat.hears('Copper Kettle');
    expect(await chat.heard('Copper Kettle')).toBe(1);
  });

  it('without a network: the page says so, keeps what is written, and sends it when the network is back', async () => {
    const person = await scene.meet('phone');
    const chat = await openChat(person, managed());
    await chat.say('hello');
    await chat.hears('I am the order desk');
    await person.context.setOffline(true);
    await chat.page.getByText('You are offline').waitFor();
    await chat.say('something else');
    await chat.page.getByText('Sending…').waitFor();
    const written = chat.page.locator('.chat-item.own', { hasText: 'something else' });
    const bubble = await written.locator('.chat-bubble').elementHandle();
    await person.context.setOffline(false);
    await chat.hears('Just ask');
    await chat.page.getByText('You are offline').waitFor({ state: 'hidden' });
    expect(await written.count()).toBe(1);
    // Replaced, it would be read out once more to those who listen.
    expect(await bubble?.evaluate((element) => element.isConnected)).toBe(true);
  });

  it('what is written offline survives a reload too', async () => {
    const person = await scene.meet();
    const chat = await openChat(person, managed());
    await chat.say('hello');
    await chat.hears('I am the order desk');
    await chat.page.route('**/messages', (route) => route.abort());
    await chat.say('something else');
    await chat.page.getByText('Sending…').waitFor();
    await chat.page.unroute('**/messages');
    await chat.page.reload();
    await chat.hears('Just ask');
    expect(await chat.page.locator('.chat-item.own', { hasText: 'something else' }).count()).toBe(1);
  });

  it('between two tabs: each shows what the other said, and one sign-in answers in both', async () => {
    const { person, chat } = await scene.asking();
    const other = await openChat(person, managed());
    await other.page.getByText('where is my order?').waitFor();
    await passBrand(person, await other.login(), scene.demo.user('mia'));
    await Promise.all([chat.hears('Copper Kettle'), other.hears('Copper Kettle')]);
    expect(await chat.heard('Copper Kettle')).toBe(1);
    expect(person.complaints()).toEqual([]);
  });
});

describe('for everybody', () => {
  it('the whole errand can be run with the keyboard alone', async () => {
    const person = await scene.meet();
    const { page, ...chat } = await openChat(person, managed());
    await page.locator('textarea:focus').waitFor();
    await page.keyboard.type('where is my order?');
    await page.keyboard.press('Enter');
    await chat.loginLink().waitFor();
    for (let presses = 0; presses < 10; presses += 1) {
      if (await page.evaluate(() => document.activeElement?.textContent?.startsWith('Login'))) break;
      await page.keyboard.press('Shift+Tab');
    }
    const [window] = await Promise.all([person.context.waitForEvent('page'), page.keyboard.press('Enter')]);
    const { login, password } = scene.demo.user('mia');
    await window.locator('input[name=login]:focus').waitFor();
    await window.keyboard.type(login);
    await window.keyboard.press('Tab');
    await window.keyboard.type(password);
    await window.keyboard.press('Enter');
    await window.getByRole('button', { name: 'Allow' }).waitFor();
    for (let presses = 0; presses < 10; presses += 1) {
      if (await window.evaluate(() => document.activeElement?.textContent === 'Allow')) break;
      await window.keyboard.press('Tab');
    }
    await unlessItCloses(window, () => window.keyboard.press('Enter'));
    await chat.hears('Copper Kettle');
    expect(await chat.heard('Copper Kettle')).toBe(1);
  });

  it('everything has a name for those who listen, and new messages are read out', async () => {
    const { chat } = await scene.asking();
    const heard = await chat.page.locator('.chat').ariaSnapshot();
    for (const part of [
      'region "Order desk"',
      'heading "Order desk"',
      'button "Menu"',
      'log "Conversation with Order desk"',
      'link "Login opens in a new window"',
      'button "Cancel"',
      'textbox "Your message"',
      'button "Send"',
    ])
      expect(heard).toContain(part);
    expect(await chat.page.getByRole('log').getAttribute('aria-live')).toBe('polite');
    expect(await chat.page.locator('.chat-log .unseen', { hasText: 'Order desk:' }).count()).toBe(1);
    expect(await chat.page.locator('html').getAttribute('lang')).toMatch(/^en/);
    const dialog = chat.page.getByRole('dialog', { name: 'What may you do for me?' });
    await chat.menu('What may you do for me?');
    await dialog.getByText('Nothing at the moment').waitFor();
    await chat.page.keyboard.press('Escape');
    await dialog.waitFor({ state: 'hidden' });
    expect(await chat.page.evaluate(() => document.activeElement?.getAttribute('aria-label'))).toBe('Menu');
  });

  it('Enter sends, Shift+Enter makes a line', async () => {
    const person = await scene.meet();
    const chat = await openChat(person, managed());
    await chat.page.locator('textarea:focus').waitFor();
    await chat.page.keyboard.type('hello');
    await chat.page.keyboard.press('Shift+Enter');
    await chat.page.keyboard.type('there');
    await chat.page.keyboard.press('Enter');
    const said = chat.page.locator('.chat-item.own .chat-bubble');
    await said.waitFor();
    expect(await said.evaluate((bubble) => bubble.textContent)).toBe('hello\nthere');
    await expect.poll(async () => (await said.boundingBox())?.height).toBeGreaterThan(60);
  });
});

describe('what a bot or a brand says is never more than text', () => {
  const hostile = '<img src=x onerror="document.title=1"><script>document.title=2</script><b>bold</b>';
  const oddBot = (url: string) => ({
    format: 'errand.bot/1',
    name: '<i>Odd</i> desk',
    dialogs: [
      {
        id: 'odd',
        name: 'Odd',
        type: 'standard',
        interactions: [
          { id: 'start', name: 'Starter', type: 'starter', patterns: ['go'] },
          { id: 'call', name: 'Call', type: 'integration', integration: 'Page' },
          { id: 'text', name: 'Text', type: 'text', text: 'It says: {Page.html}' },
          {
            id: 'links',
            name: 'Links',
            type: 'button_question',
            text: 'javascript:document.title=3 or {Page.script}',
            buttons: ['script', 'spaced', 'data', 'old'].map((key) => ({
              label: `${key} <u>link</u>`,
              type: 'link',
              callback: `{Page.${key}}`,
            })),
          },
        ],
      },
    ],
    integrations: [
      {
        id: 'page',
        name: 'Page',
        type: 'api',
        method: 'GET',
        url,
        response_variable: 'Page',
        fields: ['html', 'script', 'spaced', 'data', 'old'].map((key) => ({ key, value: `{$.api_Page.${key}}` })),
      },
    ],
  });

  it('XS-03, XS-06: HTML in an API’s answer is shown as text, and script links do nothing', async () => {
    const url = evil.json({
      html: hostile,
      script: 'javascript:document.title=4',
      spaced: ' \u0001java\tscript:document.title=5',
      data: 'data:text/html,<script>opener.document.title=6</script>',
      old: 'vbscript:document.title=7',
    });
    const person = await scene.meet();
    const chat = await openChat(person, await scene.demo.addBot(oddBot(url)));
    const title = await chat.page.title();
    await chat.say('go');
    await chat.hears(`It says: ${hostile}`);
    await chat.hears('javascript:document.title=3');
    expect(await chat.page.locator('.chat-log :is(img, script, b, u, iframe)').count()).toBe(0);
    expect(await chat.page.locator('.chat-log a').count()).toBe(0);
    for (const button of await chat.page.locator('.chat-buttons .button').all()) await button.click({ force: true });
    expect(await chat.page.title()).toBe(title);
    expect(person.context.pages()).toHaveLength(1);
    expect(person.complaints()).toEqual([]);
    expect(person.origins()).toEqual([scene.demo.url]);
  });
});

describe('the conversation', () => {
  it('quick replies are one tap, and vanish once one was chosen', async () => {
    const person = await scene.meet('phone');
    const chat = await openChat(person, managed());
    await chat.say('hello');
    await chat.tap('Where is my order?');
    await chat.page.locator('.chat-item.own', { hasText: 'Where is my order?' }).waitFor();
    await chat.loginLink().waitFor();
    expect(await chat.page.locator('.chat-reply').count()).toBe(0);
  });

  it('"What may you do for me?" lists the permission, and its end is the end', async () => {
    const { chat } = await scene.signedIn('mia');
    await chat.menu('What may you do for me?');
    const dialog = chat.page.getByRole('dialog');
    await dialog.getByText('orders.read').waitFor();
    await dialog.getByRole('button', { name: /^End/ }).click();
    await dialog.getByText('Nothing at the moment').waitFor();
    await dialog.getByRole('button', { name: 'Close' }).click();
    await chat.say('where is my order?');
    await chat.loginLink().waitFor();
    expect(await chat.heard('Copper Kettle')).toBe(1);
  });

  it('a new one begins empty after a question, and the old one’s permission is gone', async () => {
    const { chat } = await scene.signedIn('mia', { device: 'phone' });
    await chat.menu('New conversation');
    await chat.tap('Keep this one');
    await chat.hears('Copper Kettle');
    await chat.menu('New conversation');
    await chat.tap('End and start anew');
    await chat.page.getByText('How can I help?').waitFor();
    await chat.say('where is my order?');
    await chat.loginLink().waitFor();
    expect(await chat.heard('Copper Kettle')).toBe(0);
  });

  it('one that was closed elsewhere says so and offers a new one', async () => {
    const { person, chat } = await scene.asking();
    const other = await openChat(person, managed());
    await other.menu('New conversation');
    await other.tap('End and start anew');
    await chat.page.getByText('This conversation has ended.').waitFor();
    expect(await chat.page.getByLabel('Your message').count()).toBe(0);
    await chat.tap('Start a new conversation');
    await chat.say('hello');
    await chat.hears('I am the order desk');
    expect(person.complaints()).toEqual([]);
  });
});
