import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { logIn, outcomeOn, passBrand } from './support/brand-pages.ts';
import { type ChatPage, openChat } from './support/chat-page.ts';
import type { Person } from './support/chromium.ts';
import { type EvilSite, startEvilSite } from './support/evil-site.ts';
import { attemptsIn, codeOn, continueOn, providerUrlOf, stopAtCallback } from './support/sign-in-pages.ts';
import { setScene } from './support/scene.ts';

const scene = setScene();
let evil: EvilSite;
beforeAll(async () => {
  evil = await startEvilSite();
});
afterAll(() => evil?.close());

/** No token was even asked for, and the attacker's chat says nothing of anybody's order. */
async function nothingGained(attacker: { chat: ChatPage }): Promise<void> {
  expect(scene.demo.tokenRequests('authorization_code')).toBe(0);
  expect(scene.demo.brand.control.calls().filter((call) => call.status === 200)).toEqual([]);
  expect(await attacker.chat.heard(/Copper Kettle|Garden Lantern|Reading Lamp/)).toBe(0);
}

describe('a forwarded sign-in is worthless', () => {
  it('F1: an untouched link gives another browser a code and a warning, never the way to the provider', async () => {
    const attacker = await scene.asking();
    const link = await attacker.chat.link();
    const person = await scene.meet('phone');
    const page = await person.open(link);
    await page.getByText('Did somebody send you this link?').waitFor();
    await person.press(continueOn(page));
    expect(await codeOn(page)).toMatch(/^[B-Z]{3}[ -][B-Z]{3}$/);
    await page.getByText('Only in your own chat').waitFor();
    expect(await page.locator('form, input').count()).toBe(0);
    expect(person.origins()).toEqual([scene.demo.url]);
    await nothingGained(attacker);
  });

  it('F1: a link that the attacker has bound to his own browser stays his browser’s', async () => {
    const attacker = await scene.asking();
    const link = await attacker.chat.link();
    const window = await attacker.chat.login();
    await window.locator('input[name=login]').waitFor();
    await attacker.chat.card().getByText('Please go on in the other window').waitFor();
    const person = await scene.meet('phone');
    const page = await person.open(link);
    await person.press(continueOn(page));
    await codeOn(page);
    expect(await page.locator('form').count()).toBe(0);
    await nothingGained(attacker);
  });

  it('F1: a code that the attacker typed for his own second browser unlocks only that browser', async () => {
    const attacker = await scene.asking();
    const link = await attacker.chat.link();
    const second = await scene.meet();
    const his = await second.open(link);
    await second.press(continueOn(his));
    const code = await codeOn(his);
    const person = await scene.meet('phone');
    const page = await person.open(link);
    await person.press(continueOn(page));
    expect(await codeOn(page)).not.toBe(code);
    await attacker.chat.say(code);
    await his.locator('input[name=login]').waitFor();
    await page.reload();
    await codeOn(page);
    expect(await page.locator('form').count()).toBe(0);
    await nothingGained(attacker);
  });

  it('F2: the provider’s own address, forwarded, ends without a token request, and both pages say so', async () => {
    const attacker = await scene.asking();
    const address = await providerUrlOf(attacker);
    const person = await scene.meet('phone');
    const page = await person.open(address);
    await passBrand(person, page, scene.demo.user('noah'));
    expect(await outcomeOn(page)).toBe('binding_failed');
    await page.getByText('Nothing was stored').waitFor();
    await attacker.chat.hears('I could not make sure that it was you');
    await nothingGained(attacker);
  });

  it('F3: the same with a chat of her own open: her cookie is not his, and her chat stays as it was', async () => {
    const attacker = await scene.asking();
    const address = await providerUrlOf(attacker);
    const { person, chat } = await scene.asking({ device: 'phone' });
    const page = await person.open(address);
    await passBrand(person, page, scene.demo.user('noah'));
    expect(await outcomeOn(page)).toBe('binding_failed');
    await attacker.chat.hears('I could not make sure that it was you');
    await nothingGained(attacker);
    await person.press(page.getByRole('link', { name: 'Back to the chat' }));
    await chat.loginLink().waitFor();
    expect(await chat.heard('I could not make sure')).toBe(0);
  });

  it('F12: the attacker’s own finished sign-in, forwarded as a callback, gives the victim’s chat nothing', async () => {
    const attacker = await scene.asking();
    const window = await attacker.chat.login();
    const callback = await stopAtCallback(window, () => passBrand(attacker.person, window, scene.demo.user('lena')));
    const { person, chat } = await scene.asking({ device: 'phone' });
    const page = await person.open(callback);
    expect(await outcomeOn(page)).toBe('binding_failed');
    expect(scene.demo.tokenRequests('authorization_code')).toBe(0);
    await chat.say('where is my order?');
    await chat.hears('Your sign-in is still open');
    expect(await chat.heard('Reading Lamp')).toBe(0);
  });
});

describe('other sites', () => {
  it('F4: cannot frame a sign-in page or a chat', async () => {
    const attacker = await scene.asking();
    const link = await attacker.chat.link();
    const person = await scene.meet('phone');
    const page = await person.open(
      evil.page(`<iframe src="${link}"></iframe><iframe src="${scene.demo.bot('managed').chat_url}"></iframe>`),
    );
    const framed = () => page.frames().filter((frame) => frame !== page.mainFrame());
    const refused = 'chrome-error://chromewebdata/';
    await expect.poll(() => framed().map((frame) => frame.url())).toEqual([refused, refused]);
    await nothingGained(attacker);
  });

  it('set no cookies in frames: the browser of these tests blocks third-party cookies, and nothing here needs them', async () => {
    const html = "<script>document.cookie = 'kept=1; SameSite=None; Secure'</script>";
    const setter = evil.page(html, '127.0.0.1');
    const person = await scene.meet();
    const framed = await person.open(evil.page(`<iframe src="${setter}"></iframe>`));
    await expect.poll(() => framed.frame({ url: setter }) !== null).toBe(true);
    expect(await framed.frame({ url: setter })?.evaluate('document.cookie')).toBe('');
    const alone = await person.open(setter);
    expect(await alone.evaluate('document.cookie')).toBe('kept=1');
  });

  it('cannot plant a session of theirs: what an address says about one is not heard', async () => {
    const attacker = await scene.asking();
    const kept = await attacker.chat.page.evaluate(() => Object.entries(localStorage));
    const [, session = '{}'] = kept.find(([name]) => name.startsWith('errand.chat.')) ?? [];
    const planted = new URLSearchParams(JSON.parse(session)).toString();
    expect(planted).toContain('session_token=');
    const person = await scene.meet('phone');
    const page = await person.open(`${scene.demo.bot('managed').chat_url}?${planted}#${planted}`);
    await page.getByText('How can I help?').waitFor();
    await page.reload();
    await page.getByText('How can I help?').waitFor();
    expect(await page.getByText('where is my order?').count()).toBe(0);
  });

  it('F5: cannot start a sign-in by images, prefetching, windows or posts, even for a customer who would be asked nothing', async () => {
    const { person, chat } = await scene.signedIn('mia');
    await chat.say('sign out');
    await chat.say('where is my order?');
    await chat.loginLink().waitFor();
    const link = await chat.link();
    const before = await attemptsIn(scene.demo);
    const page = await person.open(
      evil.page(`<img src="${link}"><link rel="prefetch" href="${link}"><form method="post" action="${link}"></form>`),
    );
    expect(await attemptsIn(scene.demo)).toEqual(before);
    await page.evaluate('document.forms[0].submit()');
    await page.getByRole('heading', { name: 'Please use the button on the page' }).waitFor();
    expect(await attemptsIn(scene.demo)).toEqual(before);
    expect(scene.demo.tokenRequests('authorization_code')).toBe(1);
  });
});

describe('one link, opened oddly', () => {
  it('L1: previews and scanners may fetch it as often as they like: nothing changes', async () => {
    const { person, chat } = await scene.asking();
    const link = await chat.link();
    const before = await attemptsIn(scene.demo);
    for (const method of ['HEAD', 'GET', 'GET']) {
      const answer = await fetch(link, { method, headers: { 'user-agent': 'TelegramBot (like TwitterBot)' } });
      expect(answer.status).toBe(200);
      expect(answer.headers.get('set-cookie')).toBe(null);
    }
    expect(await attemptsIn(scene.demo)).toEqual(before);
    await passBrand(person, await chat.login(), scene.demo.user('mia'));
    await chat.hears('Copper Kettle');
  });

  it('L3: a double click on Continue goes to the provider once, without scripts too', async () => {
    const { chat } = await scene.asking();
    const plain = await scene.meet('desktop', { scripts: false });
    const page = await unlocked(plain, chat);
    const states = statesAt(page);
    await continueOn(page).dblclick();
    await page.locator('input[name=login]').waitFor();
    expect(new Set(states).size).toBe(1);
    await passBrand(plain, page, scene.demo.user('mia'));
    expect(await outcomeOn(page)).toBe('granted');
    await chat.hears('Copper Kettle');
    expect(scene.demo.tokenRequests('authorization_code')).toBe(1);
  });

  it('L4: in two tabs, finished in the first: the second says so and asks for no second token', async () => {
    const { person, chat } = await scene.asking();
    const first = await chat.login();
    await logIn(person, first, scene.demo.user('mia'));
    const second = await chat.login();
    await continueOn(second).waitFor();
    await person.press(first.getByRole('button', { name: 'Allow' }));
    await chat.hears('Copper Kettle');
    await person.press(continueOn(second));
    expect(await outcomeOn(second)).toBe('granted');
    expect(scene.demo.tokenRequests('authorization_code')).toBe(1);
  });

  it('L5: back from the provider, Continue begins anew in the same attempt, and the way that was left is dead', async () => {
    const { chat } = await scene.asking();
    const plain = await scene.meet('desktop', { scripts: false });
    const page = await unlocked(plain, chat);
    const states = statesAt(page);
    await continueOn(page).click();
    await page.locator('input[name=login]').waitFor();
    await page.goBack();
    await continueOn(page).click();
    await page.locator('input[name=login]').waitFor();
    expect(new Set(states).size).toBe(2);
    const left = await plain.open(`${scene.demo.url}${await callbackPath()}?code=x&state=${states[0]}`);
    // It brings nothing; where the sign-in stands is all that it shows.
    await continueOn(left).waitFor();
    expect(new URL(left.url()).search).toBe('');
    expect(scene.demo.tokenRequests('authorization_code')).toBe(0);
    const stranger = await (await scene.meet()).open(
      `${scene.demo.url}${await callbackPath()}?code=x&state=${states[0]}`,
    );
    await stranger.getByRole('heading', { name: 'This sign-in cannot go on' }).waitFor();
    await passBrand(plain, page, scene.demo.user('mia'));
    expect(await outcomeOn(page)).toBe('granted');
    await left.reload();
    expect(await outcomeOn(left)).toBe('granted');
    await chat.hears('Copper Kettle');
    expect(scene.demo.tokenRequests('authorization_code')).toBe(1);
  });

  it('P3: the same callback twice: granted for the browser that did it, nothing for another, one token request', async () => {
    const { person, chat } = await scene.asking();
    const window = await chat.login();
    const callback = await stopAtCallback(window, () => passBrand(person, window, scene.demo.user('mia')));
    const first = await person.open(callback);
    expect(await outcomeOn(first)).toBe('granted');
    expect(new URL(first.url()).search).toBe('');
    await chat.hears('Copper Kettle');
    const again = await person.open(callback);
    expect(await outcomeOn(again)).toBe('granted');
    const stranger = await scene.meet();
    const other = await stranger.open(callback);
    await other.getByRole('heading', { name: 'This sign-in is over' }).waitFor();
    expect(await other.locator('[data-outcome]').count()).toBe(0);
    expect(scene.demo.tokenRequests('authorization_code')).toBe(1);
    expect(await chat.heard('Copper Kettle')).toBe(1);
  });

  it('L6: an expired link says so, and the chat offers a new one', async () => {
    const { person, chat } = await scene.asking();
    const link = await chat.link();
    scene.demo.clock.putForward(11 * 60_000);
    const page = await person.open(link);
    expect(await outcomeOn(page)).toBe('expired');
    await page.getByText('Ask again in the chat').waitFor();
    await chat.card().getByText('This sign-in ended before it was done').waitFor();
    await chat.tap('Get a new link');
    await chat.loginLink().waitFor();
    expect(await chat.link()).not.toBe(link);
    await passBrand(person, await chat.login(), scene.demo.user('mia'));
    await chat.hears('Copper Kettle');
  });

  it('C3: cancelled in the chat, then finished in the open window: the page says it was cancelled, no token', async () => {
    const { person, chat } = await scene.asking();
    const window = await chat.login();
    await logIn(person, window, scene.demo.user('mia'));
    await chat.tap('Cancel');
    await chat.card().getByText('You cancelled').waitFor();
    await person.press(window.getByRole('button', { name: 'Allow' }));
    expect(await outcomeOn(window)).toBe('cancelled');
    await nothingGained({ chat });
  });

  it('C1: the conversation was closed meanwhile: the page says so, no token', async () => {
    const { person, chat } = await scene.asking();
    const window = await chat.login();
    await logIn(person, window, scene.demo.user('mia'));
    await chat.menu('New conversation');
    await chat.tap('End and start anew');
    await chat.page.getByText('How can I help?').waitFor();
    await person.press(window.getByRole('button', { name: 'Allow' }));
    expect(await outcomeOn(window)).toBe('closed');
    await nothingGained({ chat });
  });
});

describe('consumers do not meet', () => {
  it('F14: two conversations of one browser: signing in for one does not sign in the other', async () => {
    const { person, chat } = await scene.signedIn('mia');
    await chat.page.evaluate('localStorage.clear()');
    const other = await openChat(person, scene.demo.bot('managed').chat_url);
    await other.say('where is my order?');
    await other.loginLink().waitFor();
    expect(await other.heard('Copper Kettle')).toBe(0);
    expect(scene.demo.tokenRequests('authorization_code')).toBe(1);
  });

  it('two at once, each with every question of the other’s in between, see their own orders only', async () => {
    const [mia, noah] = await Promise.all([
      scene.signedIn('mia', { mode: 'managed' }),
      scene.signedIn('noah', { mode: 'managed', device: 'phone' }),
    ]);
    await Promise.all([mia.chat.say('where is my order?'), noah.chat.say('where is my order?')]);
    await Promise.all([mia.chat.hearsTimes('Copper Kettle', 2), noah.chat.hearsTimes('Garden Lantern', 2)]);
    expect(await mia.chat.heard('Garden Lantern')).toBe(0);
    expect(await noah.chat.heard('Copper Kettle')).toBe(0);
  });
});

/** A browser that is not the chat's, with its code typed in the chat: its page has Continue. */
async function unlocked(person: Person, chat: ChatPage): Promise<Page> {
  const page = await person.open(await chat.link());
  await person.press(continueOn(page));
  await chat.say(await codeOn(page));
  await chat.card().getByText('Please go on in the other window').waitFor();
  // Without scripts the page loads itself again every few seconds; a reload of ours could meet one of its own.
  await continueOn(page).waitFor();
  return page;
}

/** Where the provider sends browsers back to, as the newest attempt has it. */
async function callbackPath(): Promise<string> {
  const row = await scene.demo.db.get<{ redirect_uri: string }>(
    'SELECT redirect_uri FROM attempt WHERE redirect_uri IS NOT NULL ORDER BY created_at DESC LIMIT 1',
  );
  return new URL(row?.redirect_uri ?? '').pathname;
}

/** The `state` of each visit to the provider from this page. */
function statesAt(page: Page): string[] {
  const states: string[] = [];
  page.on('request', (request) => {
    const state = new URL(request.url()).searchParams.get('state');
    if (state && request.url().includes('/auth?')) states.push(state);
  });
  return states;
}
