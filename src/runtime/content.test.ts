import { afterAll, beforeAll, expect, test } from 'vitest';
import { sentence } from '../api/sentences.ts';
import type { BotDocument, Interaction } from '../bot/document.ts';
import { recipeBot } from './recipe-bot.test-parts.ts';
import { type RuntimeStage, setRuntimeStage } from './stage.test-parts.ts';

const url = '{$botContext.external_auth_url}';
const shared = { id: 'login', name: 'login' };
const kinds: [string, Interaction][] = [
  [
    'universal content',
    {
      ...shared,
      type: 'universal',
      content: `{"type":"vertical","elements":[{"type":"text","text":"Please verify."},
        {"type":"button","title":"Login","click":{"actions":[{"type":"link","uri":"${url}","target":"blank"}]}}]}`,
    },
  ],
  [
    'a structured question',
    {
      ...shared,
      type: 'structured',
      tiles: [{ title: 'Please verify.', buttons: [{ label: 'Login', type: 'link', callback: url }] }],
    },
  ],
];

let stage: RuntimeStage;
beforeAll(async () => {
  stage = await setRuntimeStage({ credential: { mode: 'recipe' } });
  await stage.runtime.start();
});
afterAll(() => stage.close());

/** The seed's dialog with its Login button in a content. */
function botWith(login: Interaction): BotDocument {
  const bot = recipeBot(stage.brand.url);
  const dialogs = bot.dialogs.map((dialog) => ({
    ...dialog,
    interactions: dialog.interactions.map((one) => (one.id === 'login' ? login : one)),
  }));
  return { ...bot, dialogs };
}

test.each(kinds)(
  'the seed’s Login button in %s: one link for its consumer alone, and the answer by itself',
  async (_, login) => {
    const chat = await stage.chat(await stage.publish(botWith(login)));
    stage.brand.misbehave('unauthorized', { times: 1 });
    await chat.say('where is my order?');
    const shown = await chat.hears('Please verify.');
    expect(JSON.stringify(shown['content'])).toMatch(/"uri":"http[^"]*\/sign-in\/[^"]+","target":"blank"/);
    const stored = await stage.db.all('SELECT body FROM event WHERE conversation_id = ?', chat.conversation_id);
    expect(JSON.stringify(stored)).toContain('errand:sign-in:');
    expect(JSON.stringify([stored, await chat.trace()])).not.toContain('/sign-in/');
    await chat.signIn();
    await chat.hears('It is a Lantern.');
  },
);

test.each(kinds)('an outage of the brand shows its sentence in place of %s', async (_, login) => {
  stage.brand.misbehave('status_503');
  const chat = await stage.chat(await stage.publish(botWith(login)));
  await chat.say('where is my order?');
  await chat.hears(sentence('en', 'outcome.brand_unavailable'));
  await chat.quiet();
  stage.brand.misbehave();
  expect(JSON.stringify(await chat.events())).not.toContain('Please verify.');
});
