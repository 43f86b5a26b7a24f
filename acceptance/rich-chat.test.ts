import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import type { Page, Request } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import { filesOf } from '../src/http/web-files.ts';
import { type ChatPage, openChat } from './support/chat-page.ts';
import { hostileWords, richBot, richContents } from './support/rich-bot.ts';
import { type Device, setScene } from './support/scene.ts';

const scene = setScene();
let address: string | undefined;

const svg =
  '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 40 26"><rect width="40" height="26" fill="#a8703a"/></svg>';

/** Somebody who has said one word to the bot, and sees what it shows for it. */
async function shown(word: string, device: Device = 'desktop') {
  address ??= await scene.demo.addBot(richBot);
  const person = await scene.meet(device);
  const chat = await openChat(person, address);
  const pictures: { referer: string | undefined }[] = [];
  await person.context.route('https://img.example/**', (route) => {
    pictures.push({ referer: route.request().headers()['referer'] });
    return route.request().url().endsWith('gone.svg')
      ? route.abort()
      : route.fulfill({ contentType: 'image/svg+xml', body: svg });
  });
  await chat.say(word);
  return { person, chat, page: chat.page, pictures };
}

/** What the consumer's last message looks like, once the bot has heard it. */
async function heard({ page, ...chat }: ChatPage, text: string): Promise<string> {
  await chat.hears(`Heard: ${text}`);
  return page.locator('.chat-item.own .chat-bubble').last().innerText();
}

/** Has the page loaded again, with these as the first that was ever said; what was really said comes after them. */
async function retell(page: Page, told: object[]): Promise<void> {
  const events = told.map((event, at) => ({ seq: at + 1, at: '2026-01-01T10:00:00Z', ...event }));
  await page.route('**/events?after=0&wait=0', (route) => route.fulfill({ json: { events, last_seq: events.length } }));
  await page.reload();
}

/** Presses what says something for the consumer: what is sent for that press, and not for a text still on its way. */
async function sentBy(page: Page, press: () => Promise<void>): Promise<unknown> {
  const isTap = (request: Request) =>
    request.url().endsWith('/messages') && request.postDataJSON()?.['postback'] !== undefined;
  const [request] = await Promise.all([page.waitForRequest(isTap), press()]);
  return request.postDataJSON();
}

const focused = (page: Page) => page.evaluate(() => document.activeElement?.textContent?.trim());

describe('every element of structured content', () => {
  it.each(Object.keys(richContents).filter((word) => word !== 'hostile'))(
    '%s is drawn, on a phone too',
    async (word) => {
      const { person, page } = await shown(word, 'phone');
      await page.locator('.rich > *, .chat-reply').first().waitFor();
      expect(await page.getByText('cannot be shown').count()).toBe(0);
      expect(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth)).toBe(true);
      expect(person.complaints()).toEqual([]);
    },
  );

  it('pictures come from anywhere over https, without saying from where they are asked for', async () => {
    const { page, pictures, person } = await shown('picture');
    const picture = page.getByRole('img', { name: 'A kettle' });
    await expect
      .poll(() => picture.evaluate((image) => image instanceof HTMLImageElement && image.naturalWidth))
      .toBeGreaterThan(0);
    expect(pictures).toEqual([{ referer: undefined }]);
    expect(person.complaints()).toEqual([]);
  });
});

describe('taps', () => {
  it('LP-140 a button that publishes its text says it for the consumer, under the button’s own name', async () => {
    const { chat, page } = await shown('card');
    await page.getByRole('button', { name: 'I am coming' }).click();
    expect(await heard(chat, 'on my way')).toBe('I am coming');
  });

  it('LP-139 a button with a link is a link to a new window, which cannot reach back', async () => {
    const { page } = await shown('carousel');
    const link = page.getByRole('link', { name: /Details/ }).first();
    expect(await link.getAttribute('href')).toBe('https://shop.example/copper-kettle');
    expect(await link.getAttribute('target')).toBe('_blank');
    expect(await link.getAttribute('rel')).toBe('noopener noreferrer');
  });

  it('LP-103 a quick reply shows its picture, and a long title ends in an ellipsis with all of it in its tooltip', async () => {
    const { page, pictures, person } = await shown('card', 'phone');
    const long = 'A kettle of copper, hammered by hand';
    const image = 'https://img.example/kettle.svg';
    const quick_replies = [
      { title: long, image },
      { title: 'No', image: 'http://img.example/no.svg' },
      { title: 'Gone', image: 'https://img.example/gone.svg' },
    ];
    await page.locator('.rich').first().waitFor();
    // As many as were really said: nothing comes after the replies, so they stand.
    await retell(page, [
      { type: 'message', from: 'consumer', text: 'tea' },
      { type: 'message', from: 'bot', text: 'Which?', quick_replies },
    ]);
    const reply = page.getByRole('button', { name: long });
    const picture = reply.locator('img[alt=""]');
    await expect
      .poll(() => picture.evaluate((one) => one instanceof HTMLImageElement && one.naturalWidth))
      .toBeGreaterThan(0);
    expect(await reply.getAttribute('title')).toBe(long);
    expect(await reply.locator('span').evaluate((one) => one.scrollWidth > one.clientWidth)).toBe(true);
    await expect.poll(() => page.locator('.chat-reply img').count()).toBe(1);
    expect(pictures.every(({ referer }) => referer === undefined)).toBe(true);
    expect(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth)).toBe(true);
    expect(person.origins()).toEqual([scene.demo.url, 'https://img.example']);
  });

  it('LP-141 quick replies of structured content stand in their rows, and vanish after one was tapped', async () => {
    const { chat, page } = await shown('replies', 'phone');
    await page.locator('.chat-reply').first().waitFor();
    expect(await page.locator('.chat-replies-row').count()).toBe(2);
    await chat.tap('Coffee');
    expect(await heard(chat, 'coffee please')).toBe('Coffee');
    expect(await page.locator('.chat-reply').count()).toBe(0);
  });

  it('LP-143 a quick reply does all it is for: says two texts with its metadata, or opens a page, and vanishes', async () => {
    const { chat, page, person } = await shown('acting');
    await person.context.route('https://shop.example/**', (route) => route.fulfill({ body: 'shop' }));
    const link = page.getByRole('link', { name: /Our shop/ });
    expect(await link.getAttribute('title')).toBe('All the kettles');
    await Promise.all([page.context().waitForEvent('page'), link.click()]);
    await expect.poll(() => page.locator('.chat-reply').count()).toBe(0);
    await chat.say('enough');
    await chat.hears('Heard: enough');
    await chat.say('acting');
    const both = page.getByRole('button', { name: 'Both' });
    expect(await sentBy(page, () => both.click())).toMatchObject({
      postback: 'first',
      metadata: [{ type: 'ExternalId', id: 'R1' }],
    });
    await chat.hears('Heard: first');
    await page.locator('.chat-item.own .chat-bubble', { hasText: 'Both' }).nth(1).waitFor();
    expect(await page.locator('.chat-reply').count()).toBe(0);
  });

  it('a template’s answers vanish when something else is said', async () => {
    const { chat, page } = await shown('answers');
    await page.getByRole('button', { name: 'Yes' }).waitFor();
    await chat.say('whatever');
    await chat.hears('Heard: whatever');
    expect(await page.getByRole('button', { name: 'Yes' }).count()).toBe(0);
  });

  it('a checklist says what is ticked, in the order of the list', async () => {
    const { chat, page } = await shown('list');
    const order = page.getByRole('button', { name: 'Order' });
    await page.getByLabel('Juice').check();
    await page.getByLabel('Tea').check();
    await order.click();
    expect(await heard(chat, 'tea, juice')).toBe('Tea, Juice');
  });

  it('LP-143 a choice of cards is sent with the metadata of each', async () => {
    const { chat, page } = await shown('select');
    const compare = page.getByRole('button', { name: 'Compare' });
    await page.getByRole('button', { name: 'Select', exact: true }).first().waitFor();
    expect(await compare.isDisabled()).toBe(true);
    await page.getByRole('button', { name: 'Select', exact: true }).first().click();
    await page.getByRole('button', { name: 'Select', exact: true }).last().click();
    expect(await sentBy(page, () => compare.click())).toMatchObject({
      postback: 'compare them',
      label: 'Compare',
      metadata: [{ id: 'P1' }, { id: 'P3' }],
    });
    await heard(chat, 'compare them');
  });

  it('LP-140 LP-139 what is said with a link that leaves the chat arrives before it is left, all of it', async () => {
    const { page, person } = await shown('away', 'phone');
    const link = page.getByRole('link', { name: 'Order and pay' });
    await link.waitFor();
    const said: string[] = [];
    await person.context.route('https://shop.example/**', (route) => route.fulfill({ body: 'shop' }));
    await person.context.route('**/messages', async (route) => {
      const response = await route.fetch();
      said.push(String(route.request().postDataJSON()['postback']));
      await route.fulfill({ response });
    });
    await link.click();
    await page.waitForURL('https://shop.example/pay');
    expect(said).toEqual(['first', 'second']);
  });

  it('a button that its author has switched off does nothing', async () => {
    const { page } = await shown('closed');
    expect(await page.getByRole('button', { name: 'Sold out' }).isDisabled()).toBe(true);
  });

  it('what only the page around the chat can do is told to it', async () => {
    const { page } = await shown('pickers');
    await page.getByRole('button', { name: 'Put in the cart' }).waitFor();
    const told = page.evaluate(
      () =>
        new Promise((resolve) =>
          addEventListener('errand:action', (event) => resolve('detail' in event && event.detail), { once: true }),
        ),
    );
    await page.getByRole('button', { name: 'Put in the cart' }).click();
    expect(await told).toMatchObject({ type: 'addToCart', items: [{ productId: 'kettle-1', quantity: 2 }] });
  });
});

describe('with the keyboard alone', () => {
  it('a carousel is moved by the arrow keys and its buttons, and says which card is which', async () => {
    const { page } = await shown('carousel', 'phone');
    const track = page.getByRole('list', { name: 'Cards' });
    const place = () => track.evaluate((list) => list.scrollLeft);
    await track.focus();
    await page.keyboard.press('ArrowRight');
    await expect.poll(place).toBeGreaterThan(100);
    await page.keyboard.press('End');
    const next = page.getByRole('button', { name: 'Next' });
    await expect.poll(() => next.getAttribute('aria-disabled')).toBe('true');
    await page.keyboard.press('Home');
    await expect.poll(place).toBe(0);
    await page.keyboard.press('Tab');
    expect(await focused(page)).toBe('Buy');
    expect(await page.getByRole('listitem', { name: '2 of 4' }).count()).toBe(1);
  });

  it('tabs are chosen with the arrow keys', async () => {
    const { chat, page } = await shown('tabs');
    await page.getByRole('tab', { name: 'Delivery' }).focus();
    await page.keyboard.press('ArrowRight');
    expect(await focused(page)).toBe('Returns');
    await page.keyboard.press('Tab');
    await page.keyboard.press('Tab');
    await page.keyboard.press('Enter');
    expect(await heard(chat, 'send back')).toBe('Send back');
  });

  it('an accordion is opened and a card in it chosen', async () => {
    const { chat, page } = await shown('accordion');
    await page.locator('summary').first().focus();
    await page.keyboard.press('Enter');
    await page.getByText('Brown paper, red string').waitFor();
    await page.keyboard.press('Tab');
    await page.keyboard.press('Space');
    expect(await page.getByLabel('Gift wrap').isChecked()).toBe(true);
    await page.getByRole('button', { name: 'Add' }).press('Enter');
    await heard(chat, 'add these');
  });

  it('a day and an hour are picked, and given back as words', async () => {
    const { chat, page } = await shown('pickers');
    await page.getByRole('button', { name: 'Choose a day' }).press('Enter');
    const dialog = page.getByRole('dialog', { name: 'Which day?' });
    await dialog.getByLabel('Date').fill('2026-04-30');
    await page.keyboard.press('Enter');
    expect(await heard(chat, '30 April 2026')).toBe('30 April 2026');
    await chat.say('pickers');
    await page.getByRole('button', { name: 'Choose an hour' }).nth(1).press('Enter');
    const hours = page.getByRole('dialog', { name: 'Which hour?' });
    const chosen = await sentBy(page, () => hours.getByRole('button', { name: /Ben/ }).press('Enter'));
    expect(chosen).toMatchObject({ metadata: [{ type: 'ExternalId', id: 'S2' }] });
  });
});

describe('to those who listen', () => {
  it('authors’ own words stand for buttons, texts and columns', async () => {
    const { page } = await shown('beside');
    await page.getByRole('button', { name: 'Buy the copper kettle' }).waitFor();
    await page.getByRole('group', { name: 'The kettle and its story' }).waitFor();
    const price = page.locator('.rich-text', { hasText: 'seventy-nine' });
    expect(await price.locator('[aria-hidden]').innerText()).toBe('79 EUR');
  });

  it('a button that selects a card says of which', async () => {
    const { page } = await shown('select');
    const second = page.getByRole('button', { name: 'Select', exact: true }).nth(1);
    const card = page.locator(`id=${await second.getAttribute('aria-describedby')}`);
    expect(await card.innerText()).toContain('Medium');
  });
});

describe('looks', () => {
  it('the caption of a picture beside a text is seen whole', async () => {
    const { page } = await shown('beside', 'phone');
    const caption = page.locator('.rich-horizontal figcaption');
    const row = await page.locator('.rich-horizontal').first().boundingBox();
    const box = await caption.boundingBox();
    expect((box?.y ?? 0) + (box?.height ?? 0)).toBeLessThanOrEqual((row?.y ?? 0) + (row?.height ?? 0) + 1);
  });

  it('a map opens a map only where that is what its tap does', async () => {
    const { page } = await shown('mixed');
    await page.getByRole('button', { name: 'Keizersgracht 12' }).waitFor();
    expect(await page.getByText('Open the map').count()).toBe(0);
  });
});

describe('what an author or an API wrote is never more than text', () => {
  it('XS-03, XS-06: HTML in every place of structured content is shown as it is written', async () => {
    const { chat, page, person } = await shown('hostile');
    const title = await page.title();
    await page.locator('.rich-missing').waitFor();
    expect(await page.locator('.rich :is(script, b, iframe, [onerror])').count()).toBe(0);
    expect(await page.locator('.rich-text').first().innerText()).toBe(hostileWords);
    await page.locator('.rich button').click();
    await chat.hears('Heard: <img');
    expect(await page.title()).toBe(title);
    // The picture that does not come is the only thing to complain of.
    expect(person.complaints().filter((complaint) => !complaint.includes('gone.svg'))).toEqual([]);
  });

  it('XS-03: links that run scripts are dead, even when the server itself sends them', async () => {
    const { page, person } = await shown('card');
    await page.getByRole('button', { name: 'I am coming' }).waitFor();
    const script = 'javascript:document.title=3';
    const link = { type: 'link', uri: script };
    const content = {
      type: 'vertical',
      style: { color: 'red;background:url(https://evil.example/)' },
      elements: [
        { type: 'button', title: 'forged button', click: { actions: [link, { ...link, web: { uri: script } }] } },
        { type: 'image', url: script, alt: 'forged picture', click: { actions: [link] } },
        { type: 'image', url: 'data:image/svg+xml,<svg/>', alt: 'forged data' },
        { type: 'linkPreview', url: script, title: 'forged preview' },
        { type: 'text', text: 'the end' },
      ],
    };
    await retell(page, [{ type: 'message', from: 'bot', content }]);
    await page.getByText('the end').first().waitFor();
    const title = await page.title();
    // Behind the forged message the stream brings the real one.
    const forged = page.locator('.rich').first();
    expect(await forged.locator('a, img').count()).toBe(0);
    await page.getByRole('button', { name: 'forged button' }).click({ force: true });
    expect(await page.title()).toBe(title);
    // The real message's picture may still be on its way.
    await expect.poll(() => person.origins()).toEqual([scene.demo.url, 'https://img.example']);
    expect(person.complaints()).toEqual([]);
  });
});

describe('people and files', () => {
  const team = [
    { type: 'message', from: 'consumer', text: 'I want to talk to somebody' },
    { type: 'message', from: 'bot', text: 'Transferring to an agent...' },
    { type: 'transfer', status: 'requested', skill: 'orders' },
    { type: 'transfer', status: 'accepted', skill: 'orders' },
    { type: 'message', from: 'agent', text: 'Hello, this is Ann.' },
    { type: 'transfer', status: 'ended', skill: 'orders' },
    { type: 'message', from: 'bot', text: 'What else can I do?' },
  ];

  it('who speaks is told, also to those who listen', async () => {
    const { page, chat } = await shown('slow');
    await chat.hears('Let me look.');
    await retell(page, team);
    await page.getByText('You are now talking to the team.').waitFor();
    await page.getByText('You are talking to Kettle corner again.').waitFor();
    expect(await page.locator('.chat-item.agent').innerText()).toMatch(/Team:\s+Team\s+Hello, this is Ann\./);
  });

  it('a file reaches the bot; one it does not take leaves the way open for another', async () => {
    const { page, chat, person } = await shown('receipt', 'phone');
    const send = page.getByRole('button', { name: 'Send a file Accepted: pdf' });
    const choose = async (file: { name: string; mimeType: string; buffer: Buffer }) => {
      const [chooser] = await Promise.all([page.waitForEvent('filechooser'), person.press(send)]);
      await chooser.setFiles(file);
    };
    await choose({ name: 'receipt.pdf', mimeType: 'application/pdf', buffer: Buffer.from('<script>1</script>') });
    await chat.hears('That is no PDF.');
    await choose({ name: 'receipt.pdf', mimeType: 'application/pdf', buffer: Buffer.from('%PDF-1.7 x') });
    await chat.hears('Reading it.');
    await chat.hears('I could not read it.');
    await send.waitFor();
    expect(person.complaints()).toEqual([]);
  });

  it('a file is sent with the keyboard, its way is shown, and it can be called back', async () => {
    const { page, chat } = await shown('slow');
    await chat.hears('Let me look.');
    await retell(page, [
      ...team,
      { type: 'message', from: 'bot', text: 'Show me your receipt.', upload: { accept: ['pdf', '.PNG'] } },
    ]);
    const send = page.getByRole('button', { name: 'Send a file Accepted: pdf, png' });
    const choose = async (name: string, bytes: number) => {
      const [chooser] = await Promise.all([page.waitForEvent('filechooser'), send.press('Enter')]);
      await chooser.setFiles({ name, mimeType: 'application/pdf', buffer: Buffer.alloc(bytes, 'x') });
    };
    await send.waitFor();
    expect(await page.locator('input[type=file]').getAttribute('accept')).toBe('.pdf,.png');
    await choose('large.pdf', 5 * 1024 * 1024 + 1);
    await page.getByText('large.pdf is too large: 5 MB at most.').waitFor();

    const held: (() => void)[] = [];
    await page.route(
      '**/files?name=*',
      (route) => void held.push(() => void route.fulfill({ status: 202, json: { seq: 9 } })),
    );
    await choose('receipt & copy.pdf', 12);
    await page.getByRole('progressbar').waitFor();
    await page.getByRole('button', { name: 'Cancel' }).press('Enter');
    await send.waitFor();
    const [request] = await Promise.all([page.waitForRequest('**/files?name=*'), choose('receipt & copy.pdf', 12)]);
    expect(new URL(request.url()).searchParams.get('name')).toBe('receipt & copy.pdf');
    expect(request.headers()).toMatchObject({
      'content-type': 'application/pdf',
      authorization: expect.stringMatching(/^Bearer ./),
    });
    await expect.poll(() => held.length).toBe(2);
    held.at(-1)?.();
    await send.waitFor();
  });
});

describe('pace and weight', () => {
  it('LP-117 a message with a delay is waited for with the dots of somebody typing, and not after a reload', async () => {
    const { chat, page } = await shown('slow');
    await chat.hears('Let me look.');
    await page.locator('.chat-typing').waitFor();
    expect(await chat.heard('It is a kettle.')).toBe(0);
    await page.reload();
    await chat.hears('Let me look.');
    expect(await page.locator('.chat-typing').count()).toBe(0);
    expect(await page.locator('.chat-item.bot .chat-bubble').allInnerTexts()).toEqual([
      'Let me look.',
      'Found it.',
      'It is a kettle.',
    ]);
  });

  it('the whole chat weighs at most 40 KB, compressed', () => {
    const web = join(import.meta.dirname, '../dist/web');
    const manifest = JSON.parse(readFileSync(join(web, 'manifest.json'), 'utf8'));
    const { styles } = filesOf(manifest, 'chat');
    const chunks = [
      manifest['web/chat/main.tsx'].file,
      ...manifest['web/chat/main.tsx'].imports.map((name: string) => manifest[name].file),
    ];
    const files = [...chunks, ...styles.map((url) => url.replace('/web/', ''))];
    const bytes = files.reduce((sum: number, file: string) => sum + gzipSync(readFileSync(join(web, file))).length, 0);
    expect(bytes).toBeLessThanOrEqual(40_000);
  });
});
