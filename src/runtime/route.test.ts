import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import type { BotDocument, Interaction } from '../bot/document.ts';
import { openedWith } from '../store/published-bots.ts';
import { calls, dialog, integration, says, snippet, starter } from './order-bot.test-parts.ts';
import { recipeBot } from './recipe-bot.test-parts.ts';
import { keepCredential, signingSecret } from './static-credential.test-parts.ts';
import { type Chat, type RuntimeStage, setRuntimeStage } from './stage.test-parts.ts';

let stage: RuntimeStage;
beforeAll(async () => {
  stage = await setRuntimeStage({ credential: { mode: 'recipe' } });
  await stage.runtime.start();
});
afterAll(() => stage.close());
afterEach(() => stage.brand.misbehave());

const to = (bot: string, more: Partial<Extract<Interaction, { type: 'route' }>> = {}): Interaction => ({
  id: `to-${bot}`,
  name: `to-${bot}`,
  type: 'route',
  bot,
  ...more,
});
const botOf = (name: string, dialogs: BotDocument['dialogs'], more: Partial<BotDocument> = {}): BotDocument => ({
  format: 'errand.bot/1',
  name,
  dialogs,
  integrations: [],
  ...more,
});

async function talk(bot: string, ...said: string[]): Promise<Chat> {
  const chat = await stage.chat(bot);
  for (const text of said) {
    await chat.say(text);
    await chat.quiet();
  }
  return chat;
}

describe('from bot to bot', () => {
  test('by name or id: the other one hears the message with the session’s variables, and keeps the conversation', async () => {
    const set = [{ name: 'who', value: 'Ann', scope: 'session' as const }];
    const rules = [{ when: { match: 'regex' as const, regex: '.' }, set, then: { go: 'next' as const } }];
    const ask: Interaction = { id: 'ask', name: 'ask', type: 'text_question', text: 'Who?', rules };
    const other = await stage.publish(
      botOf('Billing', [
        dialog('bill', starter('bill-s', 'bill *'), says('bill-t', '{$userMessage} for {$botContext.who}')),
        dialog('hello', starter('hello-s', 'hi'), says('hello-t', 'Billing here.')),
      ]),
    );
    const main = await stage.publish(
      botOf('Main', [
        dialog('go', starter('go-s', 'go'), ask, to('Billing', { message: 'bill 7' })),
        dialog('id', starter('id-s', 'bill *'), to(other)),
        dialog('hello', starter('main-s', 'hi'), says('main-t', 'Main here.')),
      ]),
    );
    const chat = await talk(main, 'go', 'ann', 'hi');
    expect(await chat.texts()).toEqual(['Who?', 'bill 7 for Ann', 'Billing here.']);
    expect(await chat.row()).toMatchObject({ bot_id: other, bot_version: 1 });
    expect(await openedWith(stage.db, chat.conversation_id)).toBe(main);
    expect((await chat.trace()).filter(({ kind }) => kind === 'route')).toMatchObject([{ bot_id: other }]);
    expect(await (await talk(main, 'bill 8')).texts()).toEqual([expect.stringContaining('bill 8 for')]);
  });

  test('another account’s bot, an unpublished one and one that is not there are not found', async () => {
    await stage.db.write((tx) => tx.run("INSERT INTO account (id, name, created_at) VALUES ('stranger', 'S', 1)"));
    const foreign = await stage.publish(botOf('Foreign', [dialog('d', starter('s', '*'), says('t', 'Mine now.'))]));
    await stage.db.write((tx) => tx.run("UPDATE bot SET account_id = 'stranger' WHERE id = ?", foreign));
    const draft = await stage.publish(botOf('Draft', [dialog('d', starter('s', '*'), says('t', 'Draft.'))]));
    await stage.db.write((tx) => tx.run('UPDATE bot SET published = NULL WHERE id = ?', draft));
    for (const place of [foreign, 'Foreign', draft, 'Nobody', '{$botContext.unset}']) {
      const bot = await stage.publish(botOf('Main', [dialog('go', starter('go-s', 'go'), to(place))]));
      const chat = await talk(bot, 'go');
      expect(await chat.texts(), place).toEqual([expect.stringContaining('not set up correctly')]);
      expect((await chat.row()).bot_id).toBe(bot);
    }
  });

  test('bots that hand over to each other come to an end', async () => {
    const one = await stage.publish(botOf('Ping', [dialog('d', starter('s', '*'), to('Pong'))]));
    await stage.publish(botOf('Pong', [dialog('d', starter('s', '*'), to('Ping'))]));
    const chat = await talk(one, 'hi');
    expect(await chat.texts()).toEqual([expect.stringContaining('not set up correctly')]);
    expect((await chat.trace()).filter(({ kind }) => kind === 'route')).toHaveLength(5);
  });

  test('a bot that has the conversation is loaded again after a call of its own, and its environment is its own', async () => {
    const look = integration('Look', { url: `${stage.brand.url}/look` });
    await stage.publish(
      botOf('Looker', [dialog('d', starter('s', 'look'), calls('c', 'Look'), says('t', 'Saw {Look.item}.'))], {
        integrations: [look],
      }),
    );
    const bot = await stage.publish(botOf('Main', [dialog('go', starter('go-s', '*'), to('Looker'))]));
    const chat = await talk(bot, 'look', 'look');
    expect(await chat.texts()).toEqual(['Saw Lantern.', 'Saw Lantern.']);
  });
});

describe('permission and another bot', () => {
  test('the same credential: its bots use the permission; no other credential and no other place gets the token', async () => {
    const orders = recipeBot(stage.brand.url, {
      more: [
        dialog('go', starter('go-s', 'go'), to('Same', { message: 'fetch' })),
        dialog('away', starter('away-s', 'away'), to('Without', { message: 'fetch' })),
      ],
    });
    const headers = [{ key: 'Authorization', value: 'Bearer {$botContext.cidp_accessToken}' }];
    const fetching = (name: string, credential?: string) =>
      botOf(
        name,
        [
          dialog(
            'd',
            starter('s', 'fetch'),
            calls('c', 'Fetch', { pre_process: snippet }),
            says('t', `${name}: {Fetch.item}`),
          ),
        ],
        {
          integrations: [
            integration('Fetch', { url: `${stage.brand.url}/fetch`, headers, ...(credential ? { credential } : {}) }),
          ],
        },
      );
    await stage.publish(fetching('Same', 'orders'));
    await stage.publish(fetching('Without'));
    const bot = await stage.publish(orders);
    async function signedIn(): Promise<Chat> {
      const chat = await stage.chat(bot);
      stage.brand.misbehave('unauthorized', { times: 1 });
      await chat.say('where is my order?');
      await chat.hears('Please verify');
      await chat.quiet();
      stage.brand.misbehave();
      await chat.signIn();
      await chat.hears('It is a Lantern.');
      await chat.quiet();
      return chat;
    }
    const same = await signedIn();
    await same.say('go');
    await same.hears('Same: Lantern');
    expect(stage.brand.requests().at(-1)?.headers['authorization']).toMatch(/^Bearer [\w-]{20,}$/);
    const before = stage.brand.requests().length;
    const without = await signedIn();
    const token = stage.brand.requests().at(-1)?.headers['authorization'];
    expect(token).toMatch(/^Bearer [\w-]{20,}$/);
    await without.say('away');
    await without.quiet();
    const after = stage.brand
      .requests()
      .slice(before)
      .filter(({ path }) => path === '/fetch');
    expect(JSON.stringify(after)).not.toContain(String(token).slice('Bearer '.length));
  });
});

describe('permission and people', () => {
  test('I7: session variables go along with a hand-over, the token in them does not', async () => {
    const document = { origins: [stage.brand.url] };
    await keepCredential(stage, { name: 'signing', type: 'webhook_signing', secret: signingSecret, document });
    const handOver: Interaction = { id: 'x', name: 'x', type: 'transfer', context: true };
    const bot = recipeBot(stage.brand.url, { more: [dialog('human', starter('human-s', 'human'), handOver)] });
    const people = integration('People', {
      url: `${stage.brand.url}/people`,
      type: 'function',
      credential: 'signing',
    });
    const chat = await stage.chat(
      await stage.publish({ ...bot, integrations: [...bot.integrations, people], agents: { integration: 'People' } }),
    );
    stage.brand.misbehave('unauthorized', { times: 1 });
    await chat.say('where is my order?');
    await chat.hears('Please verify');
    await chat.quiet();
    await chat.signIn();
    await chat.hears('It is a Lantern.');
    await chat.say('human');
    await chat.quiet();
    const body = JSON.parse(stage.brand.requests().at(-1)?.body ?? '');
    expect(body.payload.variables).toMatchObject({ cidp_accessToken: '•••' });
    expect(JSON.stringify(body)).not.toContain('errand:');
  });
});

describe('a group of bots', () => {
  test('whichever understands best takes the conversation; bots of other groups and accounts are not asked', async () => {
    const group = 'shop';
    const member = (name: string, pattern: string) =>
      stage.publish(botOf(name, [dialog('d', starter('s', pattern), says('t', `${name} here.`))], { group }));
    await member('Parcels', '*parcel*');
    const best = await member('Lost parcels', '*lost parcel*');
    await stage.publish(botOf('Other', [dialog('d', starter('s', 'my lost parcel'), says('t', 'Wrong.'))]));
    const trained = botOf('Intents', [
      dialog('d', { id: 's', name: 's', type: 'starter', intent: 'opening' }, says('t', 'Open till six.')),
    ]);
    const phrases = ['when do you open', 'opening hours', 'are you open on sunday', 'how long are you open today'];
    await stage.publish({ ...trained, group, intents: [{ id: 'opening', name: 'opening', phrases }] });
    const main = await member('Main', 'hi');
    const chat = await talk(main, 'my lost parcel', 'hi');
    expect(await chat.texts()).toEqual(['Lost parcels here.', 'Main here.']);
    expect((await chat.trace()).filter(({ kind }) => kind === 'route').map(({ bot_id }) => bot_id)).toEqual([
      best,
      main,
    ]);
    expect(await (await talk(main, 'opening hours')).texts()).toEqual(['Open till six.']);
    expect(await (await talk(main, 'what?')).texts()).toEqual([expect.stringContaining('Not able to understand')]);
  });
});
