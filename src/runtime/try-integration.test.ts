import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Integration } from '../bot/document.ts';
import { integration } from './order-bot.test-parts.ts';
import { recipeBot } from './recipe-bot.test-parts.ts';
import { type RuntimeStage, setRuntimeStage } from './stage.test-parts.ts';
import type { Trial } from './trial.ts';

let stage: RuntimeStage;
beforeAll(async () => {
  stage = await setRuntimeStage({ credential: { mode: 'recipe' } });
});
afterAll(() => stage.close());

const attempt = (more: Partial<Integration>, trial: Partial<Trial> = {}) =>
  stage.runtime.tryIntegration({
    account_id: 'acc',
    integration: integration('Look', { url: `${stage.brand.url}/look`, ...more }),
    variables: {},
    environment: {},
    ...trial,
  });

describe('a test of an integration', () => {
  test('runs the transform in the sandbox, then the fields, as a conversation does', async () => {
    const transform = `var answer = botContext.getBotVariable('api_Look');
      var data = JSON.parse(answer.jsonData);
      botContext.printDebugMessage('saw ' + data.api_Look.item);
      data.api_Look.item = data.api_Look.item + ' for ' + botContext.getBotVariable('who');
      answer.jsonData = JSON.stringify(data);
      botContext.setBotVariable('api_Look', answer, true, false);`;
    const tried = await attempt({ transform }, { variables: { who: 'Ann' } });
    expect(tried).toMatchObject({
      outcome: 'success',
      fields: { item: 'Lantern for Ann' },
      variables: { api_LookStatus: '200' },
    });
    expect(tried.log.join()).toContain('saw Lantern');
  });

  test("a script's fault is told with its place, and the call's result stands", async () => {
    const tried = await attempt({ transform: 'var a = 1;\n nothing.there();' });
    expect(tried.outcome).toBe('success');
    expect(tried.log.join()).toMatch(/line 2/);
  });

  test('a script gets no token and no sign-in link by asking for them', async () => {
    const transform = `botContext.setBotVariable('cidp_accessToken', 'errand:token:aaaaaaaaaaaaaaaaaaaaaa', true, false);
      botContext.setBotVariable('external_auth_url', 'https://evil.example', true, false);`;
    const { variables } = await attempt({ transform });
    expect(variables).not.toHaveProperty('cidp_accessToken');
    expect(variables).not.toHaveProperty('external_auth_url');
  });

  test('a recipe goes out with the literal placeholder; refused, it says that a consumer must sign in', async () => {
    const document = recipeBot(stage.brand.url);
    const [recipe] = document.integrations;
    if (!recipe) throw new Error('no integration');
    stage.brand.misbehave('unauthorized', { times: 1 });
    const tried = await stage.runtime.tryIntegration({
      account_id: 'acc',
      integration: recipe,
      variables: {},
      environment: {},
      bot: { id: 'bot', document },
    });
    expect(tried).toMatchObject({ outcome: 'needs_sign_in', status: 401 });
    expect(stage.brand.requests().at(-1)?.headers['authorization']).toBe('Bearer {$botContext.cidp_accessToken}');
  });

  test("another conversation's token handle is worth nothing here", async () => {
    const handle = `errand:token:${'a'.repeat(22)}`;
    const headers = [{ key: 'Authorization', value: 'Bearer {$botContext.stolen}' }];
    const before = stage.brand.requests().length;
    await attempt({ headers, credential: 'orders' }, { variables: { stolen: handle } });
    await attempt({ headers }, { variables: { stolen: handle } });
    expect(JSON.stringify(stage.brand.requests().slice(before))).not.toContain('errand:token');
  });

  test('what is too long to send is not sent', async () => {
    const long = await attempt({ body: '{$botContext.x}', method: 'POST' }, { variables: { x: 'x'.repeat(300_000) } });
    expect(long).toMatchObject({
      outcome: 'misconfigured',
      request: null,
      detail: expect.stringContaining('too long'),
    });
  });
});
