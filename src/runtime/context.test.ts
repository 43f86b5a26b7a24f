import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { BotDocument, Interaction } from '../bot/document.ts';
import { createSandbox } from '../sandbox/create-sandbox.ts';
import type { Sandbox } from '../sandbox/sandbox.ts';
import { contextNamespaces } from '../store/context.ts';
import { createEnvironment } from '../store/environment.ts';
import { dialog, starter } from './order-bot.test-parts.ts';
import { type Chat, type RuntimeStage, setRuntimeStage } from './stage.test-parts.ts';

let stage: RuntimeStage;
beforeAll(async () => {
  stage = await setRuntimeStage();
  await stage.runtime.start();
});
afterAll(() => stage.close());

/** `say <name>` runs the code of that name; its message comes after what the code says. */
function scripted(codes: Record<string, string>, more: Partial<BotDocument> = {}): BotDocument {
  const dialogs = Object.entries(codes).map(([name, code]) =>
    dialog(
      name,
      starter(`${name}-s`, `say ${name}`),
      { id: `${name}-1`, name: `${name}-1`, type: 'text', text: 'BLANK_MESSAGE', pre_process: code },
      { id: `${name}-2`, name: `${name}-2`, type: 'text', text: `${name} done` },
    ),
  );
  return { format: 'errand.bot/1', name: 'Scripted', dialogs, integrations: [], ...more };
}

async function chatWith(codes: Record<string, string>, more?: Partial<BotDocument>): Promise<Chat> {
  return stage.chat(await stage.publish(scripted(codes, more)));
}

async function run(chat: Chat, name: string): Promise<string[]> {
  const before = (await chat.texts()).length;
  await chat.say(`say ${name}`);
  await chat.until(async () => (await chat.texts()).slice(before).includes(`${name} done`) || undefined);
  await chat.quiet();
  return (await chat.texts()).slice(before, -1);
}

const saying = (...expressions: string[]) =>
  `with (botContext) sendMessage(JSON.stringify([${expressions.join(', ')}]));`;
const keeps = saying(
  "registerContextNamespace('shop')",
  "setGlobalContextData('shop', 'open', true)",
  "setContextDataForUser('shop', 'name', 'Ada')",
  "setContextDataForConversation('shop', 'cart', ['lamp'])",
);
const tells = saying(
  "getGlobalContextData('shop', 'open')",
  "getContextDataForUser('shop', 'name')",
  "getContextDataForConversation('shop')",
);

describe('the Conversation Context Service', () => {
  test('LP-122 what one hook keeps, later hooks read; another consumer reads what is everybody’s, and no more', async () => {
    const bot = await stage.publish(scripted({ keep: keeps, tell: tells }));
    const [one, other] = [await stage.chat(bot), await stage.chat(bot)];
    expect(await run(one, 'keep')).toEqual(['[true,true,true,true]']);
    expect(await run(one, 'tell')).toEqual(['[true,"Ada",{"cart":["lamp"]}]']);
    expect(await run(other, 'tell')).toEqual(['[true,null,{}]']);
  });

  test('hooks of one turn see each other’s changes, which are not committed yet', async () => {
    const document = scripted({
      a: saying("registerContextNamespace('turn', 60)", "setContextDataForUser('turn', 'n', 1)"),
    });
    document.dialogs[0]?.interactions.splice(
      2,
      0,
      {
        id: 'x',
        name: 'x',
        type: 'text',
        text: 'BLANK_MESSAGE',
        pre_process: saying("getContextDataForUser('turn', 'n')"),
      },
      {
        id: 'y',
        name: 'y',
        type: 'text',
        text: 'BLANK_MESSAGE',
        pre_process: saying(
          "deleteAllContextDataForUser('turn')",
          "deleteContextNamespace('turn')",
          "setContextDataForUser('turn', 'm', 2)",
        ),
      },
      { id: 'z', name: 'z', type: 'text', text: 'BLANK_MESSAGE', pre_process: saying("getContextDataForUser('turn')") },
    );
    const own = await stage.chat(await stage.publish(document));
    expect(await run(own, 'a')).toEqual(['[true,true]', '[1]', '[true,true,true]', '[{"m":2}]']);
  });

  test('LP-122 a value expires its time to live after it was set', async () => {
    const chat = await chatWith({
      keep: saying("registerContextNamespace('brief', 1)", "setContextDataForUser('brief', 'n', 1)"),
      tell: saying("getContextDataForUser('brief', 'n')"),
    });
    await run(chat, 'keep');
    expect(await run(chat, 'tell')).toEqual(['[1]']);
    await stage.db.write((tx) =>
      tx.run("UPDATE context_value SET expires_at = expires_at - 1000 WHERE namespace = 'brief'"),
    );
    expect(await run(chat, 'tell')).toEqual(['[null]']);
  });

  test('what belongs to the conversation and its consumer is erased with the conversation’s end', async () => {
    const chat = await chatWith({ keep: keeps });
    await run(chat, 'keep');
    const kept = () =>
      stage.db.all<{ owner_kind: string }>(
        'SELECT owner_kind FROM context_value WHERE owner_id IN (?, ?) ORDER BY owner_kind',
        chat.conversation_id,
        chat.consumer_id,
      );
    expect((await kept()).map(({ owner_kind }) => owner_kind)).toEqual(['conversation', 'user']);
    await stage.runtime.close(chat.session);
    expect(await kept()).toEqual([]);
    expect(await contextNamespaces(stage.db, 'acc')).toContain('shop');
  });

  test('TK-10 handles are taken out of what is kept, and of the trace', async () => {
    const handle = 'errand:token:0123456789012345678901';
    const chat = await chatWith({
      keep: saying("registerContextNamespace('safe')", `setContextDataForUser('safe', 'n', { t: '${handle}' })`),
      tell: saying("getContextDataForUser('safe', 'n').t"),
    });
    await run(chat, 'keep');
    expect(await run(chat, 'tell')).toEqual(['["•••"]']);
    const rows = await stage.db.all("SELECT value FROM context_value WHERE namespace = 'safe'");
    expect(JSON.stringify([rows, await chat.trace()])).not.toContain('errand:token');
  });

  test('SB-08 a turn changes so many things there, and the author sees that there were more', async () => {
    const many =
      "botContext.registerContextNamespace('many'); for (var i = 0; i < 600; i++) botContext.setContextDataForUser('many', 'v' + i % 7, i);";
    const document = scripted({ many });
    const again: Interaction = { id: 'm', name: 'm', type: 'text', text: 'BLANK_MESSAGE', pre_process: many };
    document.dialogs[0]?.interactions.splice(2, 0, again);
    const chat = await stage.chat(await stage.publish(document));
    await run(chat, 'many');
    const trace = await chat.trace();
    expect(trace.filter(({ kind }) => kind === 'context')).toHaveLength(1_000);
    expect(JSON.stringify(trace)).toContain('no more than 1000 things in the context service');
  });

  test('LP-131 another account’s data is not there, whatever it is called', async () => {
    const bot = await stage.publish(scripted({ tell: saying("getGlobalContextData('theirs', 'a')") }));
    await stage.db.write(async (tx) => {
      const at = stage.world.clock.now();
      await tx.run("INSERT INTO context_namespace (account_id, name, created_at) VALUES ('other', 'theirs', ?)", at);
      await tx.run(
        `INSERT INTO context_value (account_id, namespace, owner_kind, owner_id, name, value, updated_at)
         VALUES ('other', 'theirs', 'global', 'other', 'a', '"secret"', ?)`,
        at,
      );
    });
    expect(await run(await stage.chat(bot), 'tell')).toEqual(['[null]']);
  });

  test('LP-131 whoever asks, and whatever for, is answered of his own conversation', async () => {
    const keep = saying("registerContextNamespace('shared')", "setContextDataForUser('shared', 'secret', 'of-ada')");
    const bot = await stage.publish(scripted({ keep, tell: saying("getContextDataForUser('shared')") }));
    const ada = await stage.chat(bot);
    await run(ada, 'keep');
    const { account_id } = await ada.row();
    const owners = [
      ada.consumer_id,
      `user:${ada.consumer_id}`,
      ada.conversation_id,
      account_id,
      'user',
      'conversation',
    ];
    const answers: unknown[] = [];
    // As a jail that has been taken over would ask, beside what the script does.
    const sandbox = createSandbox({ clock: stage.world.clock, log: stage.world.log });
    const asking: Sandbox = {
      ...sandbox,
      async run(given) {
        if (given.api === 'bot')
          for (const of of owners) answers.push(await given.answer?.({ ask: 'context', args: [of, 'shared'] }));
        return sandbox.run(given);
      },
    };
    const thief = await stage.chat(bot, { on: stage.node({ sandbox: asking }) });
    expect(await run(thief, 'tell')).toEqual(['[{}]']);
    expect(answers.slice(0, owners.length)).toEqual([null, null, null, null, {}, {}]);
    expect(JSON.stringify(answers)).not.toContain('of-ada');
    await sandbox.close();
  });

  /** Each letter is one character for the jail, and three bytes in the store. */
  const wide = (count: number) =>
    `botContext.registerContextNamespace('wide'); for (var i = 0; i < ${count}; i++) botContext.setContextDataForUser('wide', 'v' + i, new Array(60001).join('€'));`;

  test('SB-08 what the store has no room for is dropped, and the author sees it', async () => {
    const chat = await chatWith({
      keep: wide(4),
      tell: saying("Object.keys(getContextDataForUser('wide')).length"),
    });
    await run(chat, 'keep');
    expect(await run(chat, 'tell')).toEqual(['[2]']);
    expect(JSON.stringify(await chat.trace())).toContain(
      'did not keep 2 of the values set, since there is no such namespace or no room left: \\"v2\\" in \\"wide\\"',
    );
  });

  test('SB-08 what is too large is not read, and can be deleted', async () => {
    const chat = await chatWith({
      tell: saying("getContextDataForUser('large', 'a')", "setContextDataForUser('large', 'b', 1)"),
      free: saying("deleteAllContextDataForUser('large')"),
    });
    await stage.db.write(async (tx) => {
      await tx.run("INSERT INTO context_namespace (account_id, name, created_at) VALUES ('acc', 'large', 0)");
      await tx.run(
        `INSERT INTO context_value (account_id, namespace, owner_kind, owner_id, name, value, updated_at)
         VALUES ('acc', 'large', 'user', ?, 'a', ?, 0)`,
        chat.consumer_id,
        JSON.stringify('x'.repeat(600 * 1024)),
      );
    });
    expect(await run(chat, 'tell')).toEqual(['[null,true]']);
    const trace = JSON.stringify(await chat.trace());
    expect(trace).toContain('(user) is larger than 524288 bytes and was not read');
    expect(trace).toContain('did not keep 1 of the values set');
    expect(await run(chat, 'free')).toEqual(['[true]']);
    expect(await run(chat, 'tell')).toEqual(['[null,true]']);
    expect(await run(chat, 'tell')).toEqual(['[null,true]']);
    // By the first hook that told, and the one that deleted.
    expect(JSON.stringify(await chat.trace()).split('was not read')).toHaveLength(3);
  });

  test('SB-08 the changes of a turn are so long in all', async () => {
    const again =
      "for (var i = 0; i < 20; i++) botContext.setContextDataForUser('long', 'a', new Array(60001).join('x'));";
    const document = scripted({ long: `botContext.registerContextNamespace('long'); ${again}` });
    const more = [1, 2].map(
      (count): Interaction => ({
        id: `m${count}`,
        name: `m${count}`,
        type: 'text',
        text: 'BLANK_MESSAGE',
        pre_process: again,
      }),
    );
    document.dialogs[0]?.interactions.splice(2, 0, ...more);
    const chat = await stage.chat(await stage.publish(document));
    await run(chat, 'long');
    expect(JSON.stringify(await chat.trace())).toContain('are no longer than 2097152 characters');
  });

  test('LP-125 __initConversation registers once a session, before the first interaction', async () => {
    const global_functions = `function __initConversation() {
      botContext.registerContextNamespace('session');
      botContext.setContextDataForConversation('session', 'starts', (botContext.getContextDataForConversation('session', 'starts') || 0) + 1);
    }`;
    const chat = await chatWith(
      { tell: saying("getContextDataForConversation('session', 'starts')") },
      { global_functions },
    );
    expect(await run(chat, 'tell')).toEqual(['[1]']);
    expect(await run(chat, 'tell')).toEqual(['[1]']);
  });
});

describe('what else a script reads', () => {
  test('LP-122 getHoursType, getNlpResponse and getSentiment answer in a conversation', async () => {
    const chat = await chatWith({
      now: saying(
        "getHoursType(['DAY~0:00~12:00', 'NIGHT~12:00~0:00'], 'Asia/Tokyo').length > 2",
        'getNlpResponse().tokens',
        'getSentiment()',
      ),
    });
    expect(await run(chat, 'now')).toEqual(['[true,["say","now"],"Neutral"]']);
  });

  test('LP-122 getMetadata gives what the tapped content carried along; too much of it is left out', async () => {
    const chat = await chatWith({ meta: saying("getMetadata('ExternalId')") });
    const tap = async (id: string, metadata: Record<string, unknown>[]) => {
      await stage.runtime.accept(chat.session, { id, postback: 'say meta', metadata });
      await chat.quiet();
      return (await chat.texts()).at(-2);
    };
    const tapped = { type: 'ExternalId', id: 'e1' };
    expect(await tap('t1', [tapped, { type: 'Other' }])).toBe(JSON.stringify([[tapped]]));
    expect(await tap('t2', [{ ...tapped, id: 'x'.repeat(6_000) }])).toBe('[null]');
    expect(await run(chat, 'meta')).toEqual(['[null]']);
  });

  test('LP-126 a hook’s error is in the trace with its place, and the flow goes on', async () => {
    const chat = await chatWith({ fail: "botContext.getContextDataForUser('n');\n\nmissing.thing();" });
    expect(await run(chat, 'fail')).toEqual([]);
    const logged = (await chat.trace()).find(({ kind, level }) => kind === 'log' && level === 'error');
    expect(logged).toMatchObject({ hook: 'pre_process', line: 3, text: expect.stringContaining('missing') });
  });

  test('LP-129 getEnvVariable and {$env.x} agree', async () => {
    const set = { id: 'env', account_id: 'acc', name: 'scripted', variables: { host: 'shop.example' } };
    await stage.db.write((tx) => createEnvironment(tx, { ...set, at: stage.world.clock.now() }));
    const read = "botContext.sendMessage(botContext.getEnvVariable('host') + botContext.getEnvVariable('none'));";
    const document = scripted({ env: read }, { environment: 'scripted' });
    const shown: Interaction = { id: 'e', name: 'e', type: 'text', text: '{$env.host}{$env.none}' };
    document.dialogs[0]?.interactions.splice(2, 0, shown);
    const chat = await stage.chat(await stage.publish(document));
    expect(await run(chat, 'env')).toEqual(['shop.examplenull', 'shop.example{$env.none}']);
  });
});
