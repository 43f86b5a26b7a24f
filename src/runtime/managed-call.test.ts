import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { sentence } from '../api/sentences.ts';
import type { WireEvent } from './runtime.ts';
import { orderBot } from './order-bot.test-parts.ts';
import { type Chat, type RuntimeStage, setRuntimeStage } from './stage.test-parts.ts';

const say = (key: Parameters<typeof sentence>[1], places?: Record<string, string>) => sentence('en', key, places);
const offer = say('sign_in_offer');
const shallI = say('confirm', { what: 'drop your order' });

let stage: RuntimeStage;
let bot: string;
beforeAll(async () => {
  stage = await setRuntimeStage();
  bot = await stage.publish(orderBot(stage.brand.url));
  await stage.runtime.start();
});
afterAll(() => stage.close());
afterEach(() => {
  stage.brand.misbehave();
  stage.provider.misbehave();
  stage.behind.customer.refuses = false;
});

async function asked(text: string): Promise<Chat> {
  const chat = await stage.chat(bot);
  await chat.say(text);
  await chat.hears(offer);
  await chat.quiet();
  return chat;
}

/** As far as "shall I?". */
async function askedToConfirm(): Promise<{ chat: Chat; question: WireEvent; effects: number }> {
  const chat = await asked('drop it');
  await chat.signIn();
  const question = await chat.hears(shallI);
  await chat.quiet();
  return { chat, question, effects: stage.brand.effects() };
}

async function signedIn(): Promise<Chat> {
  const chat = await asked('where is my order?');
  await chat.signIn();
  await chat.hears('It is a Lantern.');
  await chat.quiet();
  return chat;
}

function payloadOf(question: WireEvent, title: string): string {
  const replies = question['quick_replies'];
  const found = Array.isArray(replies)
    ? replies.find((reply) => JSON.stringify(reply).includes(`"${title}"`))
    : undefined;
  const payload = found !== null && typeof found === 'object' && !Array.isArray(found) ? found?.['payload'] : undefined;
  return String(payload);
}

describe('a question that needs permission', () => {
  test('is answered by itself after the sign-in, once, with the token in the header only', async () => {
    const chat = await asked('where is my order?');
    const events = await chat.events();
    expect(events.at(-2)).toMatchObject({ buttons: [{ label: 'Login', type: 'link', target: 'blank' }] });
    expect(events.at(-1)).toMatchObject({ type: 'sign_in', status: 'offered' });
    const before = stage.brand.requests().length;
    await chat.signIn();
    await chat.hears('It is a Lantern.');
    await chat.quiet();
    expect(await chat.texts()).toEqual([offer, 'It is a Lantern.']);
    const requests = stage.brand.requests().slice(before);
    expect(requests).toHaveLength(1);
    const token = requests[0]?.headers['authorization']?.replace('Bearer ', '') ?? 'none';
    expect(JSON.stringify([await chat.events(), await chat.trace()])).not.toContain(token);
    await chat.say('where is my order?');
    await chat.hears('It is a Lantern.', 2);
  });

  test('C7: asked three times before the sign-in is answered once', async () => {
    const chat = await asked('where is my order?');
    for (const n of [1, 2]) {
      await chat.say('where is my order?');
      await chat.hears(say('sign_in_again'), n);
    }
    await chat.signIn();
    await chat.hears('It is a Lantern.');
    await chat.quiet();
    expect((await chat.texts()).filter((text) => text === 'It is a Lantern.')).toHaveLength(1);
  });

  test('the conversation can be used meanwhile, and a question asked there is still waited at', async () => {
    const chat = await asked('where is my order?');
    await chat.say('paint');
    await chat.hears('Which colour?');
    await chat.signIn();
    await chat.hears('It is a Lantern.');
    await chat.say('blue');
    expect(await chat.hears('Painted blue.')).toMatchObject({ from: 'bot' });
  });

  test('C8: is asked for once more when it is old', async () => {
    const chat = await asked('where is my order?');
    stage.pass(6 * 60_000);
    await chat.signIn();
    await chat.hears(say('confirm_anyway', { what: 'look up your order' }));
    await chat.say('yes');
    expect(await chat.hears('It is a Lantern.')).toMatchObject({ from: 'bot' });
  });

  test('C8: or when the consumer has said three other things since', async () => {
    const chat = await asked('where is my order?');
    for (const n of [1, 2, 3, 4]) await chat.say(`echo ${n}`);
    await chat.hears('You said echo 4');
    await chat.signIn();
    await chat.hears(say('confirm_anyway', { what: 'look up your order' }));
    await chat.say('no');
    await chat.hears(say('confirm_declined'));
    expect(await chat.texts()).not.toContain('It is a Lantern.');
  });

  async function nothingWaits(chat: Chat): Promise<void> {
    await chat.quiet();
    const open = 'SELECT id FROM parked_call WHERE conversation_id = ? AND ended_at IS NULL';
    expect(await stage.db.all(open, chat.conversation_id)).toEqual([]);
    expect(JSON.parse((await chat.row()).state)).toMatchObject({ engine: { parked: {} } });
  }

  test('refused consent ends it', async () => {
    const chat = await asked('where is my order?');
    stage.behind.customer.refuses = true;
    await chat.signIn();
    expect(await chat.hears(say('outcome.declined'))).toMatchObject({ from: 'bot' });
    await nothingWaits(chat);
  });

  test('"never mind" ends it, and so does the cancel of the sign-in card', async () => {
    const said = await asked('where is my order?');
    await said.say('never mind');
    await said.hears(say('outcome.cancelled'));
    await nothingWaits(said);
    const pressed = await asked('where is my order?');
    await stage.runtime.cancelSignIn(pressed.session, await pressed.offered());
    expect(await pressed.hears(say('outcome.cancelled'))).toMatchObject({ from: 'bot' });
    await nothingWaits(pressed);
  });

  test('its time ends it; a fresh link later on still leads to the answer', async () => {
    const chat = await asked('where is my order?');
    stage.pass(10 * 60_000 + 1);
    await stage.delegation.work();
    await chat.hears(say('outcome.expired'));
    await nothingWaits(chat);
    await stage.runtime.renewSignIn(chat.session, await chat.offered());
    await chat.signIn();
    expect(await chat.hears('It is a Lantern.')).toMatchObject({ from: 'bot' });
  });

  test('what was granted, or was given by another sign-in meanwhile, is not asked for again', async () => {
    const chat = await stage.chat(bot);
    await chat.say('where is my order?');
    const first = await chat.offered();
    await stage.runtime.cancelSignIn(chat.session, first);
    await chat.hears(say('outcome.cancelled'));
    await chat.say('where is my order?');
    const second = await chat.until(async () => {
      const last = await chat.offered();
      return last === first ? undefined : last;
    });
    await chat.signIn(second);
    await chat.hears('It is a Lantern.');
    const offers = (await chat.events()).length;
    for (const attempt of [first, second])
      await expect(stage.runtime.renewSignIn(chat.session, attempt)).rejects.toMatchObject({ code: 'not_found' });
    await chat.quiet();
    expect(await chat.events()).toHaveLength(offers);
  });

  test('an outage of the provider leads to an outage message and to no Login', async () => {
    stage.pass(6_000);
    stage.provider.misbehave('all_503');
    const chat = await stage.chat(bot);
    await chat.say('where is my order?');
    await chat.hears(say('outcome.brand_unavailable'));
    expect(JSON.stringify(await chat.events())).not.toContain('sign-in');
  });

  test("the brand's own outage too, and never a sign-in", async () => {
    const chat = await signedIn();
    for (const fault of ['status_500', 'reset', 'status_429'] as const) {
      stage.brand.misbehave(fault);
      await chat.say('where is my order?');
    }
    await chat.hears(say('outcome.brand_unavailable'), 3);
    expect((await chat.events()).filter(({ type, status }) => type === 'sign_in' && status === 'offered')).toHaveLength(
      1,
    );
  });

  test('X6: a brand that refuses right after the sign-in is a fault of the setup: said once, and no second link', async () => {
    const chat = await asked('where is my order?');
    stage.brand.misbehave('unauthorized');
    await chat.signIn();
    await chat.hears(say('outcome.setup_error'));
    await chat.quiet();
    expect((await chat.texts()).filter((text) => text === offer)).toHaveLength(1);
    expect(JSON.stringify(await chat.trace())).toContain('the brand refused the same call again');
  });

  test('X7: a challenge right after the sign-in leads to one for just that, and the same challenge again to no third', async () => {
    const chat = await asked('where is my order?');
    stage.brand.misbehave('insufficient_scope', { times: 1 });
    await chat.signIn();
    await chat.hears(offer, 2);
    await chat.signIn();
    await chat.hears('It is a Lantern.');
    const other = await asked('where is my order?');
    stage.brand.misbehave('insufficient_scope');
    await other.signIn();
    await other.hears(offer, 2);
    await other.signIn();
    await other.hears(say('outcome.not_enough_permission'));
    await other.quiet();
    expect((await other.texts()).filter((text) => text === offer)).toHaveLength(2);
  });

  test('X5: a token that the brand takes no more leads to a new sign-in, and the question is answered after it', async () => {
    const chat = await signedIn();
    stage.brand.misbehave('unauthorized');
    await chat.say('where is my order?');
    await chat.hears(offer, 2);
    stage.brand.misbehave();
    await chat.signIn();
    expect(await chat.hears('It is a Lantern.', 2)).toMatchObject({ from: 'bot' });
  });
});

describe('"shall I?"', () => {
  test('is asked once before something is changed; yes does it once', async () => {
    const { chat, effects } = await askedToConfirm();
    await chat.say('Yes, please!');
    await chat.hears('Dropped Lantern.');
    await chat.say('yes');
    await chat.hears('Not able to understand');
    expect(stage.brand.effects()).toBe(effects + 1);
  });

  test('a tap on Yes does it once, however often and late', async () => {
    const { chat, question, effects } = await askedToConfirm();
    await chat.say('paint');
    await chat.hears('Which colour?');
    const payload = payloadOf(question, 'Yes');
    await chat.tap(payload, 'Yes');
    await chat.hears('Dropped Lantern.');
    await chat.tap(payload, 'Yes');
    await chat.quiet();
    expect(stage.brand.effects()).toBe(effects + 1);
  });

  test.each([
    ['en', 'You asked for "Cancel". Shall I?', 'You are signed in. Do you still want "Orders"?'],
    ['de', 'Ihr Auftrag: „Cancel“. Soll ich das tun?', 'Sie sind angemeldet. Soll ich das noch tun: „Orders“?'],
  ])('without a description it is asked by its name, in a sentence that is one (%s)', async (locale, shall, still) => {
    const { integrations, ...document } = orderBot(stage.brand.url);
    const bare = integrations.map((one) => ({ ...one }));
    for (const one of bare) delete one.description;
    const id = await stage.publish({ ...document, name: `Bare ${locale}`, integrations: bare });
    const chat = await stage.chat(id, { locale });
    await chat.say('where is my order?');
    await chat.hears(sentence(locale, 'sign_in_offer'));
    stage.pass(6 * 60_000);
    await chat.signIn();
    expect(await chat.hears('Orders')).toMatchObject({ text: still });
    await chat.say(locale === 'de' ? 'ja' : 'yes');
    await chat.hears('It is a Lantern.');
    await chat.say('drop it');
    expect(await chat.hears('Cancel')).toMatchObject({ text: shall });
  });

  test('behind a question of the bot it is out of sight, and asked again when that is answered', async () => {
    const { chat, effects } = await askedToConfirm();
    await chat.say('paint');
    await chat.hears('Which colour?');
    await chat.say('yes');
    await chat.hears('Painted yes.');
    await chat.hears(shallI, 2);
    expect(stage.brand.effects()).toBe(effects);
    await chat.say('yes');
    await chat.hears('Dropped Lantern.');
    expect(stage.brand.effects()).toBe(effects + 1);
  });

  test('no leaves everything as it is', async () => {
    const { chat, effects } = await askedToConfirm();
    await chat.say('no');
    await chat.hears(say('confirm_declined'));
    await chat.say('yes');
    await chat.hears('Not able to understand');
    expect(stage.brand.effects()).toBe(effects);
  });

  test('other words go to the bot; a yes to a question of the bot is no yes to this one', async () => {
    const { chat, effects } = await askedToConfirm();
    await chat.say('hi');
    await chat.hears('Hello.');
    await chat.say('paint');
    await chat.hears('Which colour?');
    await chat.say('yes');
    await chat.hears('Painted yes.');
    expect(stage.brand.effects()).toBe(effects);
  });

  test('other words that the bot answers without a question leave it open', async () => {
    const { chat, effects } = await askedToConfirm();
    await chat.say('hi');
    await chat.hears('Hello.');
    await chat.say('yes');
    await chat.hears('Dropped Lantern.');
    expect(stage.brand.effects()).toBe(effects + 1);
  });

  test('a yes that comes too late does nothing, and says so', async () => {
    const { chat, effects } = await askedToConfirm();
    stage.pass(16 * 60_000);
    await chat.say('yes');
    await chat.hears(say('confirm_expired'));
    expect(stage.brand.effects()).toBe(effects);
  });

  test('asked for twice it is one question, and done once', async () => {
    const { chat, effects } = await askedToConfirm();
    await chat.say('drop it');
    await chat.hears(shallI, 2);
    await chat.say('yes');
    await chat.hears('Dropped Lantern.');
    await chat.say('yes');
    await chat.hears('Not able to understand');
    expect(stage.brand.effects()).toBe(effects + 1);
  });

  test('two changes that waited for one sign-in are asked about one after the other', async () => {
    const chat = await asked('drop it');
    await chat.say('rename it');
    await chat.hears(say('sign_in_again'));
    await chat.signIn();
    await chat.hears('Shall I?');
    await chat.quiet();
    expect((await chat.texts()).filter((text) => text.includes('Shall I?'))).toHaveLength(1);
    await chat.say('yes');
    await chat.hears('Shall I?', 2);
    await chat.say('no');
    await chat.hears(say('confirm_declined'));
    expect((await chat.texts()).filter((text) => /Dropped|Renamed/.test(text))).toHaveLength(1);
  });

  test('a question and a change that waited for one sign-in: the answer comes first, "shall I?" last with its buttons', async () => {
    const chat = await asked('drop it');
    await chat.say('where is my order?');
    await chat.hears(say('sign_in_again'));
    await chat.signIn();
    await chat.hears('It is a Lantern.');
    await chat.hears(shallI);
    const texts = await chat.texts();
    expect(texts.indexOf('It is a Lantern.')).toBeLessThan(texts.indexOf(shallI));
  });

  test('what the bot answers in between does not take the buttons away: it is asked again below', async () => {
    const { chat, effects } = await askedToConfirm();
    await chat.say('where is my order?');
    await chat.hears(shallI, 2);
    await chat.say('yes');
    await chat.hears('Dropped Lantern.');
    expect(stage.brand.effects()).toBe(effects + 1);
  });

  test('a yes that was said before the question was there is no answer to it: two tabs, two changes, one yes each', async () => {
    const chat = await asked('drop it');
    await chat.say('rename it');
    await chat.hears(say('sign_in_again'));
    await chat.signIn();
    await chat.hears('Shall I?');
    await chat.quiet();
    const effects = stage.brand.effects();
    await Promise.all([chat.say('yes'), chat.say('yes')]);
    await chat.hears('Shall I?', 2);
    await chat.quiet();
    expect(stage.brand.effects()).toBe(effects + 1);
    await chat.say('no');
    await chat.hears(say('confirm_declined'));
    expect(stage.brand.effects()).toBe(effects + 1);
  });

  test('a permission that is gone by the time of the yes is asked for again, and the yes still counts', async () => {
    const { chat, effects } = await askedToConfirm();
    const [connection] = await stage.runtime.connections(chat.session);
    await stage.runtime.endConnection(chat.session, connection?.id ?? '');
    await chat.say('yes');
    await chat.hears(offer, 2);
    await chat.signIn();
    await chat.hears('Dropped Lantern.');
    expect(stage.brand.effects()).toBe(effects + 1);
  });
});

describe('what a consumer can say to the platform', () => {
  test('"what may you do for me?" and "sign out"', async () => {
    const chat = await signedIn();
    await chat.say('What may you do for me?');
    await chat.hears('orders (');
    await chat.say('sign out');
    await chat.hears(say('signed_out'));
    await chat.say('what may you do for me');
    await chat.hears(say('may_do_nothing'));
    await chat.say('log out');
    await chat.hears(say('nothing_to_sign_out'));
    await chat.say('where is my order?');
    expect(await chat.hears(offer, 2)).toMatchObject({ from: 'bot' });
  });

  test('I6: "sign out" counts from when it is accepted, also behind a turn that still works', async () => {
    const chat = await signedIn();
    stage.brand.misbehave('held');
    await chat.say('where is my order?');
    await chat.say('where is my order?');
    await chat.say('sign out');
    const held = await stage.runtime.connections(chat.session);
    expect(held.filter(({ status }) => status === 'active')).toEqual([]);
    stage.brand.release();
    // The first question was under way and may be answered; the second finds no permission any more.
    await chat.hears(offer, 2);
    await chat.hears(say('signed_out'));
    await chat.quiet();
  });

  test('a message id of the consumer cannot stand where the notice of a sign-in belongs', async () => {
    const chat = await asked('where is my order?');
    await chat.say('hello there', `notice:${await chat.offered()}`);
    await chat.signIn();
    expect(await chat.hears('It is a Lantern.')).toMatchObject({ from: 'bot' });
  });

  test('signing out takes back what waited for a yes', async () => {
    const { chat, effects } = await askedToConfirm();
    await chat.say('sign out');
    await chat.hears(say('signed_out'));
    await chat.say('yes');
    await chat.hears('Not able to understand');
    expect(stage.brand.effects()).toBe(effects);
  });

  test('signing out with nothing but an open sign-in says one thing: that it is cancelled', async () => {
    const chat = await asked('where is my order?');
    await chat.say('sign out');
    await chat.hears(say('outcome.cancelled'));
    await chat.quiet();
    expect(await chat.texts()).not.toContain(say('nothing_to_sign_out'));
  });

  test("an author's own button that posts such words is the bot's", async () => {
    const chat = await asked('where is my order?');
    await chat.tap('cancel', 'Cancel');
    await chat.hears('Not able to understand');
    expect((await chat.events()).some(({ type, status }) => type === 'sign_in' && status === 'ended')).toBe(false);
  });

  test('in a channel of plain text everything is text', async () => {
    const chat = await stage.chat(bot, { channel: 'text' });
    await chat.say('drop it');
    const link = await chat.hears(offer);
    expect(link).not.toHaveProperty('buttons');
    expect(link['text']).toMatch(/Login: http:\/\/localhost:4300\/sign-in\/\S{47}$/);
    await chat.signIn();
    const question = await chat.hears(shallI);
    expect(question).not.toHaveProperty('quick_replies');
    await chat.say('ja');
    await chat.hears('Dropped Lantern.');
  });
});
